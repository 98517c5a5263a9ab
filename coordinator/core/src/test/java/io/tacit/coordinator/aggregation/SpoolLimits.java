package io.tacit.coordinator.aggregation;

/** Settings for tests that are not about limits; uploads are staged in files unless said. */
final class SpoolLimits {

  private SpoolLimits() {}

  static SpoolSettings generous(long payloadBytesMax) {
    return stagingInMemory(payloadBytesMax, 0);
  }

  static SpoolSettings stagingInMemory(long payloadBytesMax, long memoryBytesMax) {
    long bytes = 512L * 1024 * 1024;
    return new SpoolSettings(
        payloadBytesMax, 100_000, 100, 100_000, bytes, bytes, 1_000, bytes, memoryBytesMax, 3);
  }
}
