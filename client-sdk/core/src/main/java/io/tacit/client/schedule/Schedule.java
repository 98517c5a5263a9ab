package io.tacit.client.schedule;

/**
 * Runs something again and again while the device's state allows it. An app gives one to the
 * client; on platforms with a scheduler of their own it is a thin adapter of that.
 *
 * <p>Implementations are safe for use by threads, never run twice at the same time, and never run
 * after {@link #stop} has returned.
 */
public interface Schedule {

  /**
   * Begins.
   *
   * @param run what to do, and under which conditions
   * @throws IllegalStateException if it has begun already
   */
  void start(ScheduledRun run);

  /** Ends; asks a run that is under way to stop. Does nothing if it has not begun. */
  void stop();
}
