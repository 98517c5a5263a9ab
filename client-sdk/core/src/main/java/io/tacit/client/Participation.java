package io.tacit.client;

import java.time.Duration;
import java.util.Optional;

/** How one participation ended. Holds no data of the person. Immutable. */
public final class Participation {

  /** What came of it. */
  public enum Result {
    /** This device's update is part of a new model. */
    CONTRIBUTED,
    /** The coordinator has no work for this device now. */
    NOTHING_TO_DO,
    /** This device has not the data, or the engine, that the plan asks for; nothing was sent. */
    NOT_ELIGIBLE,
    /** The app's policy does not allow the work; nothing was sent. */
    DECLINED,
    /**
     * This device has taken part as often as the plan asks, or has revealed as much as the app
     * allows; nothing was sent.
     */
    EXHAUSTED,
    /** The round went on, or ended, without this device. */
    ROUND_LOST,
    /** The coordinator could not be reached or understood. */
    NO_CONNECTION,
    /**
     * The device has no certificate that both the coordinator and the app take: it is not enrolled,
     * was revoked, or the coordinator answers with that of an authority which the app does not pin.
     */
    NOT_ADMITTED,
    /** The storage of the device failed. */
    STORAGE_FAILED,
    /** There was not enough memory. */
    OUT_OF_MEMORY,
    /** It is paused; nothing was done. */
    PAUSED,
    /** It was stopped: by pause, by the schedule, by close. */
    STOPPED
  }

  private final Result result;
  private final String message;
  private final Duration nextAfter;
  private final boolean wantsHelp;

  private Participation(Result result, String message, Duration nextAfter, boolean wantsHelp) {
    this.result = result;
    this.message = message;
    this.nextAfter = nextAfter;
    this.wantsHelp = wantsHelp;
  }

  static Participation of(Result result, String message, Duration nextAfter) {
    return new Participation(result, message, nextAfter, false);
  }

  /** One that will end the same way until somebody does something. */
  static Participation stuck(Result result, String message, Duration nextAfter) {
    return new Participation(result, message, nextAfter, true);
  }

  /** What came of it. */
  public Result result() {
    return result;
  }

  /** What happened, for people. */
  public String message() {
    return message;
  }

  /** How long to wait before the next one; a schedule does. */
  public Duration nextAfter() {
    return nextAfter;
  }

  /** Whether an update of this device is part of a new model now. */
  public boolean hasContributed() {
    return result == Result.CONTRIBUTED;
  }

  /** The message, if it will end the same way until somebody does something. */
  Optional<String> problem() {
    return wantsHelp ? Optional.of(message) : Optional.empty();
  }

  @Override
  public String toString() {
    return result + ": " + message;
  }
}
