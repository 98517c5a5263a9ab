package io.tacit.e2e.bench;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.encoding.FixedPointCodec;
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
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Tabular models of the sizes that figures are given for. */
enum ModelSize {
  /** 5-64-32-1. */
  SMALL(
      2_497,
      5,
      new DenseLayer(64, Activation.RELU),
      new DenseLayer(32, Activation.RELU),
      new DenseLayer(1, Activation.IDENTITY)),
  MEDIUM(
      100_000, 2_437, new DenseLayer(41, Activation.RELU), new DenseLayer(1, Activation.IDENTITY)),
  LARGE(
      1_000_000,
      9_007,
      new DenseLayer(111, Activation.RELU),
      new DenseLayer(1, Activation.IDENTITY));

  private static final long SEED = 1;

  /** Long enough for all updates of a round to arrive on two cores. */
  private static final Duration VANISHED_AFTER = Duration.ofSeconds(40);

  private final int parameters;
  private final int inputs;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
  private final List<DenseLayer> layers;

  ModelSize(int parameters, int inputs, DenseLayer... layers) {
    this.parameters = parameters;
    this.inputs = inputs;
    this.layers = List.of(layers);
  }

  /** The size that is meant by a number of parameters. */
  static ModelSize of(int parameters) {
    for (ModelSize size : values()) {
      if (size.parameters == parameters) {
        return size;
      }
    }
    throw new IllegalArgumentException(
        "parameters are " + parameters + ", must be 2497, 100000 or 1000000");
  }

  /** d. */
  int parameters() {
    return parameters;
  }

  /** A plan for rounds in which every one of the cohort brings its update. */
  TrainingPlan plan(int cohort) {
    return plan(
        new CohortSettings(cohort, cohort, 1),
        new DeadlineSettings(Duration.ofMinutes(30), Duration.ofMinutes(5), Duration.ofMinutes(30)),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.UNIFORM, 100));
  }

  /**
   * A plan for rounds of secure aggregation with one shard.
   *
   * @param vanishing how many may be gone when their update should leave; then a stage waits for
   *     them for a quarter of its time
   */
  TrainingPlan securePlan(int cohort, int vanishing, Suite suite) {
    ShardSettings.SuiteChoice choice =
        suite == Suite.HYBRID
            ? ShardSettings.SuiteChoice.HYBRID
            : ShardSettings.SuiteChoice.CLASSIC;
    Duration stage = vanishing == 0 ? Duration.ofMinutes(5) : VANISHED_AFTER;
    return plan(
        new CohortSettings(cohort, cohort - vanishing, 1),
        new DeadlineSettings(
            Duration.ofMinutes(30),
            Duration.ofMinutes(5),
            stage,
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5)),
        new AggregationSettings(
            AggregationSettings.Mode.SECURE,
            true,
            AggregationSettings.Weighting.UNIFORM,
            100,
            new ShardSettings(cohort, cohort, choice)));
  }

  private TrainingPlan plan(
      CohortSettings cohort, DeadlineSettings deadlines, AggregationSettings aggregation) {
    String name = "bench-" + parameters;
    TrainingPlan plan =
        new TrainingPlan(
            new PlanId(name),
            1,
            name,
            new ModelSpecification.Tabular(inputs, layers, Loss.MEAN_SQUARED_ERROR, SEED),
            new FeatureSchema.Attributes(
                List.of(new Feature.HashedText("text", inputs, 3)), "label"),
            new ClientSettings(
                ClientSettings.Optimiser.ADAM, 1e-3, 1, 32, 0, 1, 2, 1_000, false, 0),
            cohort,
            deadlines,
            new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 1e-3),
            aggregation,
            new EvaluationSettings(0),
            1_000);
    if (plan.parameters() != parameters) {
      throw new IllegalStateException(
          "the plan has " + plan.parameters() + " parameters, not " + parameters);
    }
    return plan;
  }

  /** What a device would send: a dense update within the plan's clip bound, in wire form. */
  byte[] update(TrainingPlan plan) {
    Random random = new Random(SEED);
    float[] values = new float[parameters];
    for (int i = 0; i < parameters; i++) {
      values[i] = (float) random.nextGaussian();
    }
    float factor = (float) (0.5 * plan.client().clipNorm() / FixedPointCodec.l2Norm(values));
    for (int i = 0; i < parameters; i++) {
      values[i] *= factor;
    }
    return plan.updateFormat().encode(values, 100, 0.5, RandomBits.seeded(SEED)).toBytes();
  }
}
