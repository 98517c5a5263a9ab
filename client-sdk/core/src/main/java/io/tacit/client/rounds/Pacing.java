package io.tacit.client.rounds;

import io.tacit.client.connection.ConnectionException;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When to try again. The wait doubles from 1 s to 20 s, and a random half of it is left out, so
 * that the devices that a coordinator lost do not come back as one; a wait that the coordinator
 * asks for is kept. Thread-safe if its parts are.
 */
public final class Pacing {

  static final Duration BACKOFF_MIN = Duration.ofSeconds(1);
  static final Duration BACKOFF_MAX = Duration.ofSeconds(20);

  /** A bug of the coordinator may be one of the moment; after so many tries it is not. */
  static final int SERVER_BUG_TRIES = 4;

  private final DeviceTimer timer;
  private final DoubleSupplier jitter;

  /**
   * @param timer for deadlines and waits
   * @param jitter uniform in [0, 1)
   */
  public Pacing(DeviceTimer timer, DoubleSupplier jitter) {
    this.timer = timer;
    this.jitter = jitter;
  }

  /** A call that may fail. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws ConnectionException;
  }

  /** A moment of the device's timer. */
  final class Deadline {

    private final long end;

    private Deadline(long end) {
      this.end = end;
    }

    /** What is left, not negative. */
    Duration remaining() {
      return Duration.ofNanos(Math.max(0, end - timer.nanoTime()));
    }

    boolean isOver() {
      return timer.nanoTime() - end >= 0;
    }
  }

  /** The moment so far from now. */
  Deadline within(Duration duration) {
    return new Deadline(timer.nanoTime() + duration.toNanos());
  }

  /**
   * Repeats a call until it succeeds or there is no time for another try.
   *
   * @throws ConnectionException the last failure, or one that no repetition can mend
   */
  <T> T call(Deadline deadline, Call<T> call) throws ConnectionException {
    for (int failures = 1; ; failures++) {
      try {
        return call.run();
      } catch (ConnectionException e) {
        if (!pauseAfter(e, failures, deadline)) {
          throw e;
        }
      }
    }
  }

  /**
   * Waits after a failed call.
   *
   * @param failures so far, from 1
   * @return false, at once, if another try is no use or the deadline would be over by then
   * @throws ConnectionException with reason INTERRUPTED
   */
  boolean pauseAfter(ConnectionException failure, int failures, Deadline deadline)
      throws ConnectionException {
    boolean isHopeless =
        !failure.isRetryable()
            || (failure.reason() == ConnectionException.Reason.SERVER_BUG
                && failures >= SERVER_BUG_TRIES);
    return !isHopeless && pause(failures, deadline, failure.retryAfter().orElse(Duration.ZERO));
  }

  /**
   * Waits before the next try.
   *
   * @param failures so far, from 1
   * @param atLeast what the coordinator asks for
   * @return false, at once, if the deadline would be over by then
   * @throws ConnectionException with reason INTERRUPTED
   */
  boolean pause(int failures, Deadline deadline, Duration atLeast) throws ConnectionException {
    Duration wait = backoff(failures);
    Duration asked = scaled(atLeast, 1 + jitter.getAsDouble() / 2);
    wait = wait.compareTo(asked) < 0 ? asked : wait;
    if (wait.compareTo(deadline.remaining()) >= 0) {
      return false;
    }
    try {
      timer.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException(
          ConnectionException.Reason.INTERRUPTED, "interrupted while waiting", null, e);
    }
    return true;
  }

  private Duration backoff(int failures) {
    Duration doubled = BACKOFF_MIN.multipliedBy(1L << Math.min(failures - 1, 10));
    Duration bounded = doubled.compareTo(BACKOFF_MAX) < 0 ? doubled : BACKOFF_MAX;
    return scaled(bounded, 1 - jitter.getAsDouble() / 2);
  }

  private static Duration scaled(Duration duration, double factor) {
    return Duration.ofNanos((long) (duration.toNanos() * factor));
  }
}
