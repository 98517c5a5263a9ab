package io.tacit.client.recommend;

import io.tacit.client.TestPlans;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.List;
import java.util.Set;

/** Plans over catalogues of a test's own. */
final class PlanWithCatalogue {

  private PlanWithCatalogue() {}

  /** A plan over another catalogue with as many items. */
  static TrainingPlan of(TrainingPlan plan, byte[] catalogue) {
    FeatureSchema.Items schema = (FeatureSchema.Items) plan.features();
    return with(
        plan,
        plan.model(),
        new FeatureSchema.Items(
            schema.mappingVersion(),
            ContentHash.of(catalogue),
            schema.catalogueItems(),
            schema.unknownItemBuckets(),
            schema.positiveEvents(),
            schema.itemFeatures(),
            schema.userFeatures()));
  }

  /** A plan for each kind of model over items, of dimension 8. */
  static List<TrainingPlan> ofEveryKind(byte[] catalogue, int items) {
    FeatureSchema schema =
        new FeatureSchema.Items(ContentHash.of(catalogue), items, 0, Set.of("click"));
    TrainingPlan plan = TestPlans.twoTower();
    return List.of(
        with(plan, new ModelSpecification.TwoTower(items, 8, true, 1), schema),
        with(plan, new ModelSpecification.NeuralCf(items, 8, true, List.of(), 1), schema),
        with(
            plan,
            new ModelSpecification.NeuralCf(
                items, 8, true, List.of(new DenseLayer(6, Activation.RELU)), 1),
            schema));
  }

  private static TrainingPlan with(
      TrainingPlan plan, ModelSpecification model, FeatureSchema schema) {
    return new TrainingPlan(
        plan.id(),
        plan.version(),
        plan.population(),
        model,
        schema,
        plan.client(),
        plan.cohort(),
        plan.deadlines(),
        plan.serverOptimiser(),
        plan.aggregation(),
        plan.evaluation(),
        plan.rounds());
  }
}
