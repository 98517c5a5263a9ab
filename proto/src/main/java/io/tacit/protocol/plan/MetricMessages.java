package io.tacit.protocol.plan;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wire form of a plan's evaluation, both ways, as {@link PlanMessages} does the rest. */
final class MetricMessages {

  private MetricMessages() {}

  static io.tacit.protocol.v1.EvaluationSettings encode(EvaluationSettings evaluation) {
    io.tacit.protocol.v1.EvaluationSettings.Builder message =
        io.tacit.protocol.v1.EvaluationSettings.newBuilder()
            .setValidationShare(evaluation.validationShare());
    MetricSettings metrics = evaluation.metrics();
    // Not written where there are none: plans from before keep their bytes.
    return metrics == null ? message.build() : message.setMetrics(encode(metrics)).build();
  }

  private static io.tacit.protocol.v1.MetricSettings encode(MetricSettings metrics) {
    io.tacit.protocol.v1.MetricSettings.Builder message =
        io.tacit.protocol.v1.MetricSettings.newBuilder()
            .setHeldBackShare(metrics.heldBackShare())
            .setGroupMinimum(metrics.groupMinimum())
            .setNoiseMultiplier(metrics.noiseMultiplier())
            .setEpsilonModelsMax(PrivacyMessages.limit(metrics.budget().models()))
            .setEpsilonCoordinatorMax(PrivacyMessages.limit(metrics.budget().coordinator()))
            .setRelease(
                io.tacit.protocol.v1.ReleaseBound.newBuilder()
                    .setWorseByMax(metrics.release().worseByMax())
                    .setDevicesMinimum(metrics.release().devicesMinimum())
                    .setVersions(metrics.release().versions()));
    for (MetricSettings.Segment segment : metrics.segments()) {
      message.addSegments(
          io.tacit.protocol.v1.MetricSegment.newBuilder()
              .setName(segment.name())
              .setExamplesMinimum(segment.examplesMinimum()));
    }
    return message.build();
  }

  static EvaluationSettings decode(WireMessage message) {
    return new EvaluationSettings(
        message.float64(io.tacit.protocol.v1.EvaluationSettings.VALIDATION_SHARE_FIELD_NUMBER),
        metrics(message));
  }

  private static @Nullable MetricSettings metrics(WireMessage evaluation) {
    if (!evaluation.has(io.tacit.protocol.v1.EvaluationSettings.METRICS_FIELD_NUMBER)) {
      return null;
    }
    WireMessage message =
        evaluation.message(io.tacit.protocol.v1.EvaluationSettings.METRICS_FIELD_NUMBER);
    return new MetricSettings(
        message.float64(io.tacit.protocol.v1.MetricSettings.HELD_BACK_SHARE_FIELD_NUMBER),
        segments(message),
        message.uint32(io.tacit.protocol.v1.MetricSettings.GROUP_MINIMUM_FIELD_NUMBER),
        message.float64(io.tacit.protocol.v1.MetricSettings.NOISE_MULTIPLIER_FIELD_NUMBER),
        new PrivacySettings.Budget(
            PrivacyMessages.limit(
                message, io.tacit.protocol.v1.MetricSettings.EPSILON_MODELS_MAX_FIELD_NUMBER),
            PrivacyMessages.limit(
                message, io.tacit.protocol.v1.MetricSettings.EPSILON_COORDINATOR_MAX_FIELD_NUMBER)),
        release(message.message(io.tacit.protocol.v1.MetricSettings.RELEASE_FIELD_NUMBER)));
  }

  private static List<MetricSettings.Segment> segments(WireMessage metrics) {
    List<MetricSettings.Segment> segments = new ArrayList<>();
    for (WireMessage segment :
        metrics.messages(io.tacit.protocol.v1.MetricSettings.SEGMENTS_FIELD_NUMBER)) {
      segments.add(
          new MetricSettings.Segment(
              segment.string(io.tacit.protocol.v1.MetricSegment.NAME_FIELD_NUMBER),
              segment.uint32(io.tacit.protocol.v1.MetricSegment.EXAMPLES_MINIMUM_FIELD_NUMBER)));
    }
    return segments;
  }

  private static MetricSettings.ReleaseBound release(WireMessage message) {
    return new MetricSettings.ReleaseBound(
        message.float64(io.tacit.protocol.v1.ReleaseBound.WORSE_BY_MAX_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.ReleaseBound.DEVICES_MINIMUM_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.ReleaseBound.VERSIONS_FIELD_NUMBER));
  }
}
