package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.metrics.Measured;
import io.tacit.coordinator.metrics.MetricSums;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What devices measured of the versions of a plan's model.
 *
 * @param plan whose model
 * @param firstMetric what the first metric of a round is, which releases are compared by
 * @param secondMetric what the second is
 * @param measured by version, the newest first, group and source
 */
@Schema(name = "Metrics")
record MetricsView(String plan, String firstMetric, String secondMetric, List<GroupView> measured) {

  /**
   * One group of devices.
   *
   * @param modelVersion that it measured
   * @param group its name
   * @param source round, or report for what operators brought
   * @param round number of the round; missing in a report
   * @param suppressed whether it has too few devices, after noise, to be shown
   * @param devices that measured; with noise an estimate, and missing if suppressed, as all below
   * @param first mean of the first metric
   * @param firstError its standard error, with that of the noise
   * @param second mean of the second metric; missing in a report
   * @param secondError its standard error
   * @param noise standard deviation of the noise in each sum behind these figures; 0 in exact ones
   */
  @Schema(name = "MeasuredGroup")
  record GroupView(
      int modelVersion,
      String group,
      String source,
      @Nullable Long round,
      boolean suppressed,
      @Nullable Double devices,
      @Nullable Double first,
      @Nullable Double firstError,
      @Nullable Double second,
      @Nullable Double secondError,
      double noise) {

    private static GroupView of(Measured measured) {
      boolean isReport = measured.round() == 0;
      MetricSums first = measured.first();
      MetricSums second = measured.second();
      return new GroupView(
          measured.version(),
          measured.group(),
          isReport ? "report" : "round",
          isReport ? null : measured.round(),
          measured.isSuppressed(),
          first == null ? null : first.devices(),
          first == null ? null : first.mean(),
          first == null ? null : Math.sqrt(first.errorSquared()),
          second == null ? null : second.mean(),
          second == null ? null : Math.sqrt(second.errorSquared()),
          Math.sqrt(measured.noiseVariance()));
    }
  }

  static MetricsView of(TrainingPlan plan, List<Measured> measured) {
    boolean isTabular = plan.model() instanceof ModelSpecification.Tabular;
    return new MetricsView(
        plan.id().value(),
        isTabular ? "accuracy" : "HR@10",
        isTabular ? "likelihood" : "NDCG@10",
        measured.stream().map(GroupView::of).toList());
  }
}
