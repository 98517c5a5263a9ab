package io.tacit.protocol.plan;

import org.jspecify.annotations.Nullable;

/**
 * What devices measure.
 *
 * @param validationShare share of its examples that a device holds back from training to measure
 *     on, 0 to 0.5; above 0 with metrics; 0 reports the training loss
 * @param metrics what they report of it; null for nothing but the loss
 */
public record EvaluationSettings(double validationShare, @Nullable MetricSettings metrics) {

  public EvaluationSettings {
    Fields.within("evaluation.validation-share", validationShare, 0, 0.5, "0.2 is usual");
    if (metrics != null && validationShare == 0) {
      throw new InvalidPlanException(
          "evaluation.validation-share",
          validationShare,
          "above 0 with evaluation.metrics",
          "devices measure on the examples that they hold back; 0.2 is usual");
    }
  }

  /** Without metrics. */
  public EvaluationSettings(double validationShare) {
    this(validationShare, null);
  }
}
