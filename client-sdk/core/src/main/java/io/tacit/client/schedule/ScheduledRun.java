package io.tacit.client.schedule;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What a {@link Schedule} runs. */
public interface ScheduledRun {

  /** The state in which the device must be, from the beginning of a run to its end. */
  Conditions conditions();

  /**
   * Does it once, on a thread of its own.
   *
   * @return completes at the end, with the time to wait before the next run; never exceptionally
   */
  CompletableFuture<Duration> run();

  /** The device's state does not allow the run any more: it ends soon, at a safe point. */
  void interrupt();
}
