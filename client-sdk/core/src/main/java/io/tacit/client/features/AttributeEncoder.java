package io.tacit.client.features;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.TabularExamples;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Attributes of events to rows of numbers, with labels to train on or without to predict them. */
final class AttributeEncoder {

  /** Numbers of all rows together, 64 MiB; of more examples, the latest are used. */
  static final int NUMBERS_MAX = 16 * 1024 * 1024;

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

  /** The events that carry the label, the latest of them, each by what was before it. */
  ExampleOutcome examples(List<BehaviourEvent> events, int examplesMax) {
    if (loss != Loss.CATEGORICAL_CROSS_ENTROPY && outputs != 1) {
      return new ExampleOutcome.Unfit(
          "the model has " + outputs + " outputs but the plan names one label");
    }
    int[] labelled = labelled(events, Math.min(examplesMax, NUMBERS_MAX / schema.width()));
    float[] features = new float[labelled.length * schema.width()];
    float[] labels = new float[labelled.length];
    AttributeRows rows = new AttributeRows(schema);
    int remembered = 0;
    for (int i = 0; i < labelled.length; i++) {
      if (rows.hasMemory()) {
        remember(rows, events.subList(remembered, labelled[i]));
      }
      BehaviourEvent event = events.get(labelled[i]);
      OptionalDouble label = event.number(schema.label());
      if (!label.isPresent() || !isLabel(label.getAsDouble())) {
        return new ExampleOutcome.Unfit("label " + schema.label() + " must be " + labelRange());
      }
      labels[i] = (float) label.getAsDouble();
      rows.read(event);
      Optional<String> problem = rows.write(features, i * schema.width());
      if (problem.isPresent()) {
        return new ExampleOutcome.Unfit(problem.get());
      }
      rows.remember();
      remembered = labelled[i] + 1;
    }
    return new ExampleOutcome.Examples(TabularExamples.of(labels.length, features, labels));
  }

  /** Each event as if it came right after those before. */
  InputOutcome inputs(List<BehaviourEvent> before, List<BehaviourEvent> events) {
    int max = NUMBERS_MAX / schema.width();
    if (events.size() > max) {
      return new InputOutcome.Unfit(
          "there are "
              + events.size()
              + " events of "
              + schema.width()
              + " numbers each, must be at most "
              + max
              + "; ask in parts");
    }
    AttributeRows rows = new AttributeRows(schema);
    if (rows.hasMemory()) {
      remember(rows, before);
    }
    float[][] inputs = new float[events.size()][schema.width()];
    for (int i = 0; i < inputs.length; i++) {
      rows.read(events.get(i));
      Optional<String> problem = rows.write(inputs[i], 0);
      if (problem.isPresent()) {
        return new InputOutcome.Unfit(problem.get());
      }
    }
    return new InputOutcome.Inputs(inputs);
  }

  private static void remember(AttributeRows rows, List<BehaviourEvent> events) {
    for (BehaviourEvent event : events) {
      rows.read(event);
      rows.remember();
    }
  }

  /** Where the latest events with the label are. */
  private int[] labelled(List<BehaviourEvent> events, int max) {
    int[] labelled = new int[Math.min(max, events.size())];
    int from = labelled.length;
    for (int i = events.size() - 1; i >= 0 && from > 0; i--) {
      if (hasLabel(events.get(i))) {
        labelled[--from] = i;
      }
    }
    return Arrays.copyOfRange(labelled, from, labelled.length);
  }

  private boolean hasLabel(BehaviourEvent event) {
    return event.numbers().containsKey(schema.label())
        || event.texts().containsKey(schema.label())
        || event.vectors().containsKey(schema.label());
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
}
