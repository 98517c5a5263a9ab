package io.tacit.coordinator.plans;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.MetricSettings.ReleaseBound;
import io.tacit.protocol.plan.MetricSettings.Segment;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.PrivacySettings.Budget;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.HonestShare;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** One plan of each kind, with no setting at its default and every text that YAML is fond of. */
final class PlanSamples {

  private PlanSamples() {}

  static List<TrainingPlan> all(Catalogue catalogue) {
    FeatureSchema.Items items =
        new FeatureSchema.Items(
            catalogue.contentHash(), catalogue.size(), 7, Set.of("add-to-cart", "like"));
    FeatureSchema.Items known =
        new FeatureSchema.Items(
            2,
            catalogue.contentHash(),
            catalogue.size(),
            7,
            Set.of("like"),
            List.of(
                new Feature.Categorical("genre", List.of("a: b"), 1),
                new Feature.DenseVector("cover", 3, true)),
            List.of(new Feature.Numeric("age", 40, 12), new Feature.HashedText("about", 9, 3)));
    Feature query = new Feature.HashedText("query", 5, 2);
    FeatureSchema.Attributes attributes =
        new FeatureSchema.Attributes(
            List.of(
                new Feature.Numeric("age", -40.5, 1e-9),
                new Feature.Categorical(
                    "gender", List.of("no", "true", "null", "1998", "a: b", "", "*x", "1e3"), 3),
                query,
                new Feature.PrivateNumeric("price", 12.5, 0.25, 3, 4.5),
                new Feature.ItemId("item", List.of("007", "y"), 9),
                new Feature.DenseVector("image", 3, false),
                new Feature.Pooled("queries", query, 7, 2.5, Set.of("like", "click"))),
            "bought");
    return List.of(
        plan(new ModelSpecification.TwoTower(items.rows(), 3, false, -9), items),
        plan(
            new ModelSpecification.NeuralCf(
                items.rows(), 3, true, List.of(new DenseLayer(4, Activation.TANH)), 1L << 40),
            items),
        plan(new ModelSpecification.NeuralCf(items.rows(), 3, true, List.of(), 2), items),
        plan(
            new ModelSpecification.TwoTower(
                known.rows(), 3, true, 5, 10, new Recency(0.75, 2.5), 3),
            known),
        plan(
            new ModelSpecification.NeuralCf(
                known.rows(), 3, true, List.of(new DenseLayer(4, Activation.TANH)), 5, 10, 4),
            known),
        plan(
            new ModelSpecification.Tabular(
                attributes.width(),
                List.of(new DenseLayer(6, Activation.RELU), new DenseLayer(3, Activation.SOFTMAX)),
                Loss.CATEGORICAL_CROSS_ENTROPY,
                5),
            attributes),
        noisy(new ModelSpecification.TwoTower(items.rows(), 3, true, 1), items));
  }

  private static TrainingPlan plan(ModelSpecification model, FeatureSchema features) {
    return plan(
        model,
        features,
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.EXAMPLES, 12),
        PrivacySettings.NONE,
        new EvaluationSettings(
            0.25,
            new MetricSettings(
                0, List.of(), 11, 0, Budget.UNLIMITED, new ReleaseBound(0.5, 1, 1000))));
  }

  /** With noise in updates and in metrics, and budgets for both. */
  private static TrainingPlan noisy(ModelSpecification model, FeatureSchema features) {
    return plan(
        model,
        features,
        AggregationSettings.secure(
            new ShardSettings(20, 11, ShardSettings.SuiteChoice.CLASSIC, 95)),
        new PrivacySettings.Noise(
            PrivacySettings.Mechanism.DISTRIBUTED,
            1.5,
            1e-5,
            5000,
            7,
            1,
            HonestShare.Dishonest.THRESHOLD,
            new Budget(8, 80)),
        new EvaluationSettings(
            0.25,
            new MetricSettings(
                0.125,
                List.of(new Segment("few", 2), new Segment("1998", 30)),
                12,
                2.5,
                new Budget(4, 40),
                new ReleaseBound(0.02, 3, 5))));
  }

  private static TrainingPlan plan(
      ModelSpecification model,
      FeatureSchema features,
      AggregationSettings aggregation,
      PrivacySettings privacy,
      EvaluationSettings evaluation) {
    return new TrainingPlan(
        new PlanId("0.sample"),
        77,
        "1234",
        model,
        features,
        new ClientSettings(
            ClientSettings.Optimiser.SPARSE_ADAM, 0.03, 3, 17, 9, 2.5, 4, 44, false, 0.125),
        new CohortSettings(33, 22, 1.75),
        new DeadlineSettings(Duration.ofHours(2), Duration.ofMillis(1500), Duration.ofSeconds(90)),
        new ServerOptimiserSettings(
            ServerOptimiserSettings.Kind.FED_ADAGRAD, 0.3, 0.25, 0.75, 1e-5),
        aggregation,
        privacy,
        evaluation,
        123,
        null);
  }
}
