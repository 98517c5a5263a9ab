package io.tacit.coordinator.release;

import io.tacit.coordinator.metrics.MetricLedger;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.ReleaseWindow;
import io.tacit.protocol.plan.TrainingPlan;

/**
 * When a version of one plan is good enough to be proposed.
 *
 * @param bound how much lower its mean value may be than that of the released version, 0 to 1
 * @param devicesMinimum that must have measured each of the two, 1 or more
 * @param versions so many versions up to each of the two are taken together, 1 or more
 * @param repeats reports on so many versions that one device may bring, 1 to versions
 * @param source whose sums count
 * @param holdsBack whether there are devices that measure and train nothing
 */
record GuardRule(
    double bound,
    int devicesMinimum,
    int versions,
    int repeats,
    MetricLedger.Source source,
    boolean holdsBack) {

  /** Where devices report nothing by themselves: whom operators ask is theirs to know. */
  static GuardRule of(GuardSettings settings) {
    return new GuardRule(
        settings.bound(), settings.devicesMin(), 1, 1, MetricLedger.Source.REPORTS, true);
  }

  /**
   * Where devices report in rounds: what operators bring beside that does not count, as it is
   * exact, and theirs.
   */
  static GuardRule of(TrainingPlan plan, MetricSettings metrics) {
    MetricSettings.ReleaseBound release = metrics.release();
    return new GuardRule(
        release.worseByMax(),
        release.devicesMinimum(),
        release.versions(),
        ReleaseWindow.of(plan, metrics).repeats(),
        MetricLedger.Source.ROUNDS,
        metrics.heldBackShare() > 0);
  }
}
