package io.tacit.coordinator.plans;

import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.ReleaseWindow;
import java.util.ArrayList;
import java.util.List;

/** The evaluation of a plan file. */
final class EvaluationReader {

  /** Enough of a cohort to compare versions by, and few enough to train the rest. */
  private static final double HELD_BACK_SHARE = 0.1;

  private static final int GROUP_MINIMUM = 10;

  private static final double WORSE_BY_MAX = 0.01;

  /** As the guard of releases asks for where plans say nothing, if the plan can have so many. */
  private static final int DEVICES_MINIMUM = 200;

  private EvaluationReader() {}

  static EvaluationSettings evaluation(
      Section evaluation, CohortSettings cohort, PrivacySettings privacy) {
    evaluation.allowing("validation-share", "metrics");
    double validationShare = evaluation.number("validation-share", 0);
    return evaluation.has("metrics")
        ? new EvaluationSettings(
            validationShare, metrics(evaluation.section("metrics"), cohort, privacy))
        : new EvaluationSettings(validationShare);
  }

  private static MetricSettings metrics(
      Section metrics, CohortSettings cohort, PrivacySettings privacy) {
    metrics.allowing(
        "held-back-share",
        "segments",
        "group-minimum",
        "noise-multiplier",
        "epsilon-models-max",
        "epsilon-coordinator-max",
        "release");
    double heldBackShare = metrics.number("held-back-share", HELD_BACK_SHARE);
    return new MetricSettings(
        heldBackShare,
        segments(metrics),
        metrics.integer("group-minimum", GROUP_MINIMUM),
        privacy instanceof PrivacySettings.Noise
            ? metrics.number("noise-multiplier")
            : metrics.number("noise-multiplier", 0),
        PrivacyReader.budget(metrics),
        release(metrics.section("release"), heldBackShare, cohort, privacy));
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

  private static MetricSettings.ReleaseBound release(
      Section release, double heldBackShare, CohortSettings cohort, PrivacySettings privacy) {
    release.allowing("worse-by-max", "devices-minimum", "versions");
    int versions = release.integer("versions", 1);
    return new MetricSettings.ReleaseBound(
        release.number("worse-by-max", WORSE_BY_MAX),
        release.integer(
            "devices-minimum", devicesMinimum(heldBackShare, versions, cohort, privacy)),
        versions);
  }

  /** Out of range as the others may be, they are refused by themselves later. */
  private static int devicesMinimum(
      double heldBackShare, int versions, CohortSettings cohort, PrivacySettings privacy) {
    return heldBackShare > 0 && versions > 0
        ? Math.min(
            DEVICES_MINIMUM,
            ReleaseWindow.of(heldBackShare, versions, cohort, privacy).devicesMinimumMax())
        : DEVICES_MINIMUM;
  }
}
