package io.tacit.coordinator.release;

import io.tacit.coordinator.metrics.Measured;
import io.tacit.coordinator.metrics.MetricSums;
import java.util.List;
import java.util.Optional;

/**
 * What held-back devices say of a model version and of those that are taken together with it.
 *
 * <p>Guarantee: a device that reported on several of the versions counts once, as far as the plan
 * bounds how often it reports; its reports agree with each other more than those of strangers, and
 * would make the error look smaller than it is.
 *
 * @param reports the sums of all reports
 * @param devices different ones that brought them, at the least; with noise an estimate
 */
public record Findings(MetricSums reports, double devices) {

  /**
   * Of the versions of a window that are shown.
   *
   * @param window what one group and source say, at most once for each version
   * @param repeats reports in the window that one device may have brought, 1 or more
   * @return empty if nothing is shown
   */
  static Optional<Findings> of(List<Measured> window, int repeats) {
    List<MetricSums> shown =
        window.stream()
            .flatMap(measured -> Optional.ofNullable(measured.first()).stream())
            .toList();
    // In one round a device reports once.
    int perDevice = Math.max(1, Math.min(repeats, shown.size()));
    double most = shown.stream().mapToDouble(MetricSums::devices).max().orElse(0);
    return shown.stream()
        .reduce(MetricSums::plus)
        .map(reports -> new Findings(reports, Math.max(most, reports.devices() / perDevice)));
  }

  /** Mean value of a report; with noise it may be a little below 0 or above 1. */
  public double mean() {
    return reports.mean();
  }

  /** Square of the standard error of the mean, of so many devices and of the noise of all sums. */
  public double errorSquared() {
    return reports.errorSquared(devices);
  }
}
