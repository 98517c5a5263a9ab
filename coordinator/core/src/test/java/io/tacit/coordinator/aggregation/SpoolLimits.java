package io.tacit.coordinator.aggregation;

/** Settings for tests that are not about limits. */
final class SpoolLimits {

  private SpoolLimits() {}

  static SpoolSettings generous(long payloadBytesMax) {
    long bytes = 512L * 1024 * 1024;
    return new SpoolSettings(payloadBytesMax, 100_000, 100, 100_000, bytes, bytes, 1_000, bytes, 3);
  }
}
