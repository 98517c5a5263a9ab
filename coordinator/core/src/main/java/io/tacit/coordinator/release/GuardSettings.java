package io.tacit.coordinator.release;

/**
 * When a version is good enough to be proposed.
 *
 * @param bound how much lower its mean value may be than that of the released version, 0 to 1
 * @param devicesMin that must have measured each of the two, 2 to 1 000 000
 */
public record GuardSettings(double bound, int devicesMin) {

  /** One in a hundred, told by two hundred devices at least. */
  public static final GuardSettings DEFAULTS = new GuardSettings(0.01, 200);

  public GuardSettings {
    if (!(bound >= 0 && bound <= 1)) {
      throw new IllegalArgumentException(
          "release-guard.bound is " + bound + ", must be 0 to 1; 0.01 is usual");
    }
    if (devicesMin < 2 || devicesMin > 1_000_000) {
      throw new IllegalArgumentException(
          "release-guard.devices-min is " + devicesMin + ", must be 2 to 1000000; 200 are usual");
    }
  }
}
