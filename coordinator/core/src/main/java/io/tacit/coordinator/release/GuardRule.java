package io.tacit.coordinator.release;

import io.tacit.coordinator.metrics.MetricLedger;
import io.tacit.protocol.plan.MetricSettings;

/**
 * When a version of one plan is good enough to be proposed.
 *
 * @param bound how much lower its mean value may be than that of the released version, 0 to 1
 * @param devicesMinimum that must have measured each of the two, 1 or more
 * @param versions so many versions up to each of the two are taken together, 1 or more
 * @param source whose sums count
 */
record GuardRule(double bound, int devicesMinimum, int versions, MetricLedger.Source source) {

  /** Where devices report nothing by themselves. */
  static GuardRule of(GuardSettings settings) {
    return new GuardRule(settings.bound(), settings.devicesMin(), 1, MetricLedger.Source.REPORTS);
  }

  /**
   * Where devices report in rounds: what operators bring beside that does not count, as it is
   * exact, and theirs.
   */
  static GuardRule of(MetricSettings.ReleaseBound release) {
    return new GuardRule(
        release.worseByMax(),
        release.devicesMinimum(),
        release.versions(),
        MetricLedger.Source.ROUNDS);
  }
}
