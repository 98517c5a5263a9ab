package io.tacit.client.rounds;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The passing of time on a device, and waiting for it. Not a wall clock: people and networks set
 * those.
 */
public interface DeviceTimer {

  /** Nanoseconds since some moment; only differences mean something. */
  long nanoTime();

  /** Waits. */
  void sleep(Duration duration) throws InterruptedException;

  /** The system's. */
  static DeviceTimer system() {
    return new DeviceTimer() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void sleep(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
      }
    };
  }
}
