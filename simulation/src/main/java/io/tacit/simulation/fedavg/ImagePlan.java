package io.tacit.simulation.fedavg;

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
import io.tacit.simulation.data.LabelledImages;
import java.time.Duration;
import java.util.List;

/** The training plan of a run: "2NN" of McMahan et al. 2017 over pixels, and a weighted mean. */
final class ImagePlan {

  private static final String NAME = "fedavg";
  private static final int HIDDEN_UNITS = 200;

  /**
   * Far above what an update of these settings has, so that what is averaged is what was learnt.
   */
  private static final double CLIP_NORM = 100;

  /** Rounds are counted: none is given up, however few updates came. */
  private static final int COHORT_MINIMUM = 1;

  private static final int EXAMPLES_MAX = 1_000_000;

  /** Devices of one process that are silent for longer have closed their app. */
  static final DeadlineSettings DEADLINES =
      new DeadlineSettings(Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofSeconds(5));

  private ImagePlan() {}

  static ModelSpecification.Tabular model(int pixels, long seed) {
    return new ModelSpecification.Tabular(
        pixels,
        List.of(
            new DenseLayer(HIDDEN_UNITS, Activation.RELU),
            new DenseLayer(HIDDEN_UNITS, Activation.RELU),
            new DenseLayer(LabelledImages.CLASSES, Activation.SOFTMAX)),
        Loss.CATEGORICAL_CROSS_ENTROPY,
        seed);
  }

  /**
   * The plan.
   *
   * @param largest images of the device that has most: what the weights n_k / n are relative to
   */
  static TrainingPlan of(
      FedAvgSettings settings, Method method, int pixels, int largest, long seed) {
    boolean sgd = method == Method.FEDSGD;
    return new TrainingPlan(
        new PlanId(NAME),
        1,
        NAME,
        model(pixels, seed),
        new FeatureSchema.Attributes(
            List.of(new Feature.DenseVector("pixels", pixels, false)), "class"),
        new ClientSettings(
            ClientSettings.Optimiser.SGD,
            settings.rate(method),
            sgd ? 1 : settings.epochs(),
            sgd ? 0 : settings.batch(),
            0,
            CLIP_NORM,
            1,
            EXAMPLES_MAX,
            false,
            0),
        new CohortSettings(
            settings.cohort(),
            COHORT_MINIMUM,
            method == Method.FEDAVG_DROPOUT ? settings.overSelection() : 1),
        DEADLINES,
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 1e-3),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.EXAMPLES, largest),
        new EvaluationSettings(0),
        settings.rounds(method));
  }
}
