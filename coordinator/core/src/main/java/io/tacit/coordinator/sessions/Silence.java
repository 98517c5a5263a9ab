package io.tacit.coordinator.sessions;

import io.tacit.protocol.Stage;
import io.tacit.protocol.plan.DeadlineSettings;
import java.time.Duration;

/**
 * When a stage goes on without devices that vanished without a word: enough have answered, and then
 * nothing was heard of the others for a part of the stage's time (ADR 0038). All of it is within
 * what a coordinator may do: which devices are in the sum is its choice as long as it has as many
 * as the plan asks for.
 */
final class Silence {

  /** Shorter ones say nothing: a device may be between two calls. */
  static final Duration SHORTEST = Duration.ofSeconds(2);

  /** Keys and updates take a slow device several times as long as a fast one. */
  private static final int PART_OF_LONG_STAGES = 4;

  /** A signature, and shares that are at hand, take any device a moment. */
  private static final int PART_OF_SHORT_STAGES = 10;

  /** Of the devices that a session can lose, one in so many must be left for what comes later. */
  private static final int RESERVE_PART = 4;

  private Silence() {}

  /** After which silence those who have not answered a stage count as gone. */
  static Duration within(Stage stage, DeadlineSettings deadlines) {
    Duration part =
        switch (stage) {
          case SHARE_KEYS -> deadlines.shareKeys().dividedBy(PART_OF_LONG_STAGES);
          case INPUT -> deadlines.input().dividedBy(PART_OF_LONG_STAGES);
          case CONSISTENCY -> deadlines.consistency().dividedBy(PART_OF_SHORT_STAGES);
          case UNMASK -> deadlines.unmask().dividedBy(PART_OF_SHORT_STAGES);
          case ADVERTISE, COMPLETED, ABORTED -> throw notAnswered(stage);
        };
    return part.compareTo(SHORTEST) < 0 ? SHORTEST : part;
  }

  /**
   * How many answers a stage needs to go on before its time is over. While others may still vanish
   * later, more than those later stages need.
   *
   * @param rosterSize n
   * @param threshold t, needed in the stages after INPUT
   * @param needed in this stage, or the session ends; at least t
   */
  static int answersNeeded(Stage stage, int rosterSize, int threshold, int needed) {
    return switch (stage) {
      case SHARE_KEYS -> withReserve(rosterSize, needed);
      // Who is in the sum is settled then: the reserve is for stages that t are enough for.
      case INPUT -> Math.max(needed, withReserve(rosterSize, threshold));
      case CONSISTENCY, UNMASK -> needed;
      case ADVERTISE, COMPLETED, ABORTED -> throw notAnswered(stage);
    };
  }

  /** So many, and a part of those that the session could lose then. */
  private static int withReserve(int rosterSize, int needed) {
    return needed + (rosterSize - needed + RESERVE_PART - 1) / RESERVE_PART;
  }

  private static IllegalArgumentException notAnswered(Stage stage) {
    return new IllegalArgumentException("nobody is waited for in stage " + stage);
  }
}
