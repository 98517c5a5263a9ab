package io.tacit.coordinator.plans;

import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PrivacySettings;
import java.util.ArrayList;
import java.util.List;

/** The evaluation of a plan file. */
final class EvaluationReader {

  /** Enough of a cohort to compare versions by, and few enough to train the rest. */
  private static final double HELD_BACK_SHARE = 0.1;

  private static final int GROUP_MINIMUM = 10;

  /** As the guard of releases asks for where plans say nothing. */
  private static final MetricSettings.ReleaseBound RELEASE =
      new MetricSettings.ReleaseBound(0.01, 200, 1);

  private EvaluationReader() {}

  static EvaluationSettings evaluation(Section evaluation, PrivacySettings privacy) {
    evaluation.allowing("validation-share", "metrics");
    double validationShare = evaluation.number("validation-share", 0);
    return evaluation.has("metrics")
        ? new EvaluationSettings(validationShare, metrics(evaluation.section("metrics"), privacy))
        : new EvaluationSettings(validationShare);
  }

  private static MetricSettings metrics(Section metrics, PrivacySettings privacy) {
    metrics.allowing(
        "held-back-share",
        "segments",
        "group-minimum",
        "noise-multiplier",
        "epsilon-models-max",
        "epsilon-coordinator-max",
        "release");
    return new MetricSettings(
        metrics.number("held-back-share", HELD_BACK_SHARE),
        segments(metrics),
        metrics.integer("group-minimum", GROUP_MINIMUM),
        privacy instanceof PrivacySettings.Noise
            ? metrics.number("noise-multiplier")
            : metrics.number("noise-multiplier", 0),
        PrivacyReader.budget(metrics),
        release(metrics.section("release")));
  }

  private static List<MetricSettings.Segment> segments(Section metrics) {
    List<MetricSettings.Segment> segments = new ArrayList<>();
    for (Section segment : metrics.sections("segments")) {
      segment.allowing("name", "examples-minimum");
      segments.add(
          new MetricSettings.Segment(segment.text("name"), segment.integer("examples-minimum")));
    }
    return segments;
  }

  private static MetricSettings.ReleaseBound release(Section release) {
    release.allowing("worse-by-max", "devices-minimum", "versions");
    return new MetricSettings.ReleaseBound(
        release.number("worse-by-max", RELEASE.worseByMax()),
        release.integer("devices-minimum", RELEASE.devicesMinimum()),
        release.integer("versions", RELEASE.versions()));
  }
}
