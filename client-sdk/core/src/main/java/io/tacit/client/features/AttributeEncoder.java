package io.tacit.client.features;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.TabularExamples;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Attributes of events to rows of numbers. A missing attribute leaves its numbers 0. */
final class AttributeEncoder {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final FeatureSchema.Attributes schema;
  private final Loss loss;
  private final int outputs;

  private AttributeEncoder(FeatureSchema.Attributes schema, Loss loss, int outputs) {
    this.schema = schema;
    this.loss = loss;
    this.outputs = outputs;
  }

  /** The encoder of a plan over attributes, whose model is tabular by the plan's own rules. */
  static AttributeEncoder of(TrainingPlan plan) {
    ModelSpecification.Tabular model = (ModelSpecification.Tabular) plan.model();
    return new AttributeEncoder(
        (FeatureSchema.Attributes) plan.features(), model.loss(), model.outputs());
  }

  ExampleOutcome encode(List<BehaviourEvent> events, int examplesMax) {
    if (loss != Loss.CATEGORICAL_CROSS_ENTROPY && outputs != 1) {
      return new ExampleOutcome.Unfit(
          "the model has " + outputs + " outputs but the plan names one label");
    }
    List<BehaviourEvent> labelled =
        events.stream().filter(this::hasLabel).collect(Collectors.toList());
    labelled = labelled.subList(Math.max(0, labelled.size() - examplesMax), labelled.size());
    float[] features = new float[labelled.size() * schema.width()];
    float[] labels = new float[labelled.size()];
    for (int i = 0; i < labels.length; i++) {
      Optional<String> problem = encode(labelled.get(i), features, i * schema.width(), labels, i);
      if (problem.isPresent()) {
        return new ExampleOutcome.Unfit(problem.get());
      }
    }
    return new ExampleOutcome.Examples(TabularExamples.of(labels.length, features, labels));
  }

  private boolean hasLabel(BehaviourEvent event) {
    return event.number(schema.label()).isPresent() || event.text(schema.label()).isPresent();
  }

  private Optional<String> encode(
      BehaviourEvent event, float[] features, int offset, float[] labels, int row) {
    OptionalDouble label = event.number(schema.label());
    if (!label.isPresent() || !isLabel(label.getAsDouble())) {
      return Optional.of("label " + schema.label() + " must be " + labelRange());
    }
    labels[row] = (float) label.getAsDouble();
    int from = offset;
    for (Feature feature : schema.features()) {
      Optional<String> problem = encode(feature, event, features, from);
      if (problem.isPresent()) {
        return problem;
      }
      from += feature.width();
    }
    return Optional.empty();
  }

  private boolean isLabel(double value) {
    return switch (loss) {
      case BINARY_CROSS_ENTROPY -> value >= 0 && value <= 1;
      case CATEGORICAL_CROSS_ENTROPY -> value >= 0 && value < outputs && value == Math.rint(value);
      case MEAN_SQUARED_ERROR -> Math.abs(value) <= Float.MAX_VALUE;
    };
  }

  private String labelRange() {
    return switch (loss) {
      case BINARY_CROSS_ENTROPY -> "a number from 0 to 1";
      case CATEGORICAL_CROSS_ENTROPY -> "a whole number from 0 to " + (outputs - 1);
      case MEAN_SQUARED_ERROR -> "a number in float range";
    };
  }

  /** Fills the numbers of one feature; says what does not fit, without the value. */
  private static Optional<String> encode(
      Feature feature, BehaviourEvent event, float[] target, int from) {
    OptionalDouble number = event.number(feature.name());
    Optional<String> text = event.text(feature.name());
    if (feature instanceof Feature.Numeric numeric) {
      if (text.isPresent()) {
        return Optional.of("feature " + feature.name() + " is a text, must be a number");
      }
      if (number.isPresent()) {
        double scaled = (number.getAsDouble() - numeric.mean()) / numeric.standardDeviation();
        if (!(Math.abs(scaled) <= Float.MAX_VALUE)) {
          return Optional.of("feature " + feature.name() + " leaves the range of float");
        }
        target[from] = (float) scaled;
      }
      return Optional.empty();
    }
    if (number.isPresent()) {
      return Optional.of("feature " + feature.name() + " is a number, must be a text");
    }
    if (text.isPresent()) {
      if (feature instanceof Feature.Categorical categorical) {
        encode(categorical, text.get(), target, from);
      } else {
        encode((Feature.HashedText) feature, text.get(), target, from);
      }
    }
    return Optional.empty();
  }

  /** One-hot; a value outside the list by the first four bytes of its SHA-256, as item ids are. */
  private static void encode(Feature.Categorical feature, String value, float[] target, int from) {
    int index = feature.values().indexOf(value);
    if (index >= 0) {
      target[from + index] = 1;
    } else if (feature.unknownBuckets() > 0) {
      byte[] digest = ContentHash.of(value.getBytes(StandardCharsets.UTF_8)).toBytes();
      long hash = ByteBuffer.wrap(digest).getInt() & 0xffffffffL;
      target[from + feature.values().size() + (int) (hash % feature.unknownBuckets())] = 1;
    }
  }

  /**
   * Counts of n-grams of code points, each hashed by 64-bit FNV-1a over its code points as 32-bit
   * words, scaled to L2 norm 1. A text shorter than an n-gram is one itself.
   */
  private static void encode(Feature.HashedText feature, String text, float[] target, int from) {
    int[] points = text.codePoints().toArray();
    if (points.length == 0) {
      return;
    }
    int length = Math.min(feature.ngramLength(), points.length);
    for (int start = 0; start + length <= points.length; start++) {
      long hash = FNV_OFFSET;
      for (int i = start; i < start + length; i++) {
        hash = (hash ^ points[i]) * FNV_PRIME;
      }
      // The low bits of FNV-1a depend on the low bits of its input only: fold the high ones in.
      target[from + (int) Long.remainderUnsigned(hash ^ hash >>> 32, feature.buckets())]++;
    }
    double sum = 0;
    for (int i = from; i < from + feature.buckets(); i++) {
      sum += target[i] * target[i];
    }
    for (int i = from; i < from + feature.buckets(); i++) {
      target[i] = (float) (target[i] / Math.sqrt(sum));
    }
  }
}
