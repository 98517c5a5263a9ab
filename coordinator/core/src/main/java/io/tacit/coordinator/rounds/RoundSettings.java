package io.tacit.coordinator.rounds;

import java.time.Duration;

/**
 * Limits and pace of a coordinator.
 *
 * @param comeBackMin shortest time that a device is sent away for, 10 ms to 1 h
 * @param awaitCallsMax calls of Await held at a time, 1 to 1 000 000
 * @param restartGrace time that a stage is given at least after a restart, because devices back off
 * @param checkpointBytes how much of the log may be folded again after a crash
 */
public record RoundSettings(
    Duration comeBackMin, int awaitCallsMax, Duration restartGrace, long checkpointBytes) {

  /** What a service starts with. */
  public static final RoundSettings DEFAULTS =
      new RoundSettings(Duration.ofSeconds(1), 50_000, Duration.ofSeconds(25), 256L << 20);

  public RoundSettings {
    if (comeBackMin.toMillis() < 10 || comeBackMin.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "come-back-min is " + comeBackMin + ", must be PT0.01S to PT1H");
    }
    if (awaitCallsMax < 1 || awaitCallsMax > 1_000_000) {
      throw new IllegalArgumentException(
          "await-calls-max is " + awaitCallsMax + ", must be 1 to 1000000");
    }
    if (restartGrace.isNegative() || restartGrace.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "restart-grace is " + restartGrace + ", must be PT0S to PT1H");
    }
    if (checkpointBytes < 1) {
      throw new IllegalArgumentException(
          "checkpoint-bytes is " + checkpointBytes + ", must be at least 1");
    }
  }
}
