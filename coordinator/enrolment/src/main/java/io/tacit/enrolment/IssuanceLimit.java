package io.tacit.enrolment;

import java.time.Duration;
import java.time.Instant;

/**
 * How many certificates somebody may get in a window of time. Windows follow each other without
 * overlap, so around the turn of one, twice as many are possible within its length.
 *
 * @param certificatesMax in a window, 1 to 1,000,000
 * @param window its length, 1 second to 366 days
 */
public record IssuanceLimit(int certificatesMax, Duration window) {

  private static final Duration WINDOW_MAX = Duration.ofDays(366);

  public IssuanceLimit {
    if (certificatesMax < 1 || certificatesMax > 1_000_000) {
      throw new IllegalArgumentException(
          "certificatesMax is " + certificatesMax + ", must be 1 to 1000000");
    }
    if (window.getSeconds() < 1 || window.compareTo(WINDOW_MAX) > 0) {
      throw new IllegalArgumentException("window is " + window + ", must be PT1S to " + WINDOW_MAX);
    }
  }

  /** When the window began that contains this instant. */
  Instant windowStart(Instant now) {
    return Instant.ofEpochSecond(
        now.getEpochSecond() - Math.floorMod(now.getEpochSecond(), window.getSeconds()));
  }

  /** How long the window goes on that contains this instant. */
  Duration untilNext(Instant now) {
    return Duration.between(now, windowStart(now).plusSeconds(window.getSeconds()));
  }
}
