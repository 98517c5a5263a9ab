package io.tacit.e2e;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Duration;
import java.util.List;

/** A plan of one round in which every device must take part. */
final class OneRoundPlan {

  private OneRoundPlan() {}

  /**
   * @param devices the cohort and its minimum
   * @param units of the hidden layer: the model has {@code 4 units + 1} parameters
   */
  static TrainingPlan of(int devices, int units) {
    return new TrainingPlan(
        new PlanId("one-round"),
        1,
        "one-round",
        new ModelSpecification.Tabular(
            2,
            List.of(new DenseLayer(units, Activation.RELU), new DenseLayer(1, Activation.SIGMOID)),
            Loss.BINARY_CROSS_ENTROPY,
            1),
        new FeatureSchema.Attributes(
            List.of(new Feature.Numeric("a", 0, 1), new Feature.Numeric("b", 0, 1)), "label"),
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 0, 1, 1, 100, false, 0),
        new CohortSettings(devices, devices, 1),
        new DeadlineSettings(Duration.ofMinutes(10), Duration.ofMinutes(5), Duration.ofMinutes(5)),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 1e-3),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.UNIFORM, 100),
        new EvaluationSettings(0),
        1);
  }
}
