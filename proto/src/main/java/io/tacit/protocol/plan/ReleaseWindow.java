package io.tacit.protocol.plan;

/**
 * How many held-back devices can tell of a model version, where a plan takes several versions up to
 * it together. Each version is measured by one round only, the one that starts from it, and devices
 * come again: what a window holds are reports, of which one device may have brought several.
 *
 * @param repeats reports in the window that one device may have brought, 1 to the versions in it
 * @param devices different ones that a window can be expected to have at the most, 0 or more
 */
public record ReleaseWindow(int repeats, double devices) {

  /**
   * Of a plan with these settings. Without noise nothing bounds how often a device comes, and a
   * window may be of the same devices throughout.
   *
   * @param heldBackShare share of devices that only measure, 0 to 0.5
   * @param versions that are taken together, 1 or more
   */
  public static ReleaseWindow of(
      double heldBackShare, int versions, CohortSettings cohort, PrivacySettings privacy) {
    int repeats =
        privacy instanceof PrivacySettings.Noise noise
            ? Math.min(versions, noise.participationsMax())
            : versions;
    return new ReleaseWindow(repeats, heldBackShare * cohort.size() * versions / repeats);
  }

  /** Of a plan that has metrics. */
  public static ReleaseWindow of(TrainingPlan plan, MetricSettings metrics) {
    return of(metrics, plan.cohort(), plan.privacy());
  }

  private static ReleaseWindow of(
      MetricSettings metrics, CohortSettings cohort, PrivacySettings privacy) {
    return of(metrics.heldBackShare(), metrics.release().versions(), cohort, privacy);
  }

  /** Whole devices that a rule may ask for, 1 or more. */
  public int devicesMinimumMax() {
    // A share such as 0.3 of 200 devices may come out a little below 60.
    return Math.max(1, (int) Math.floor(devices + 1e-6));
  }

  /** A rule that no version can ever meet would end all releases in silence. */
  static void requireEnough(
      MetricSettings metrics, CohortSettings cohort, PrivacySettings privacy) {
    ReleaseWindow window = of(metrics, cohort, privacy);
    int minimum = metrics.release().devicesMinimum();
    if (metrics.heldBackShare() > 0 && minimum > window.devicesMinimumMax()) {
      throw new InvalidPlanException(
          "evaluation.metrics.release.devices-minimum",
          minimum,
          "1 to "
              + window.devicesMinimumMax()
              + ", the different held-back devices that can be expected to measure a version",
          "lower it, hold back more, take a larger cohort, or take more versions together with a"
              + " cap on participations");
    }
  }
}
