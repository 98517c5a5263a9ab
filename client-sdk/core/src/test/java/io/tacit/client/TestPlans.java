package io.tacit.client;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.HonestShare;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Small plans to test with. */
public final class TestPlans {

  /** Population of all of them. */
  public static final String POPULATION = "readers";

  /** Id of all of them that are not renamed. */
  public static final PlanId ID = new PlanId("news");

  private TestPlans() {}

  /** Five items, a to e. */
  public static Catalogue catalogue() {
    return Catalogue.of(
        List.of(
            new Catalogue.Item("a", "Apple"),
            new Catalogue.Item("b", "Banana"),
            new Catalogue.Item("c", "Cherry"),
            new Catalogue.Item("d", "Date"),
            new Catalogue.Item("e", "Elder")));
  }

  /** Items of {@link #catalogue()}, clicks and purchases are positive, one unknown bucket. */
  public static FeatureSchema.Items itemSchema(int buckets) {
    return new FeatureSchema.Items(
        catalogue().contentHash(), 5, buckets, Set.of("click", "purchase"));
  }

  /** A two-tower model over the catalogue, 2 examples at least, 4 at most. */
  public static TrainingPlan twoTower() {
    return twoTower(1, 1.0, 1);
  }

  /** The same in another version, with another clip norm and minimum cohort. */
  public static TrainingPlan twoTower(int version, double clipNorm, int cohortMinimum) {
    return plan(
        version,
        new ModelSpecification.TwoTower(6, 2, true, 7),
        itemSchema(1),
        clipNorm,
        cohortMinimum,
        0);
  }

  /** The same over what is known of items and users, with the catalogue's hash all the same. */
  public static TrainingPlan twoTowerKnowing(
      List<Feature> itemFeatures, List<Feature> userFeatures) {
    FeatureSchema.Items schema =
        new FeatureSchema.Items(
            2,
            catalogue().contentHash(),
            5,
            1,
            Set.of("click", "purchase"),
            itemFeatures,
            userFeatures);
    return plan(
        1,
        new ModelSpecification.TwoTower(
            6, 2, true, schema.itemFeatureWidth(), schema.userFeatureWidth(), 7),
        schema,
        1,
        1,
        0);
  }

  /** The same over masked updates, in one session of ten devices. */
  public static TrainingPlan secure() {
    TrainingPlan plain = twoTower();
    return new TrainingPlan(
        plain.id(),
        plain.version(),
        plain.population(),
        plain.model(),
        plain.features(),
        plain.client(),
        new CohortSettings(10, 10, 1.3),
        plain.deadlines(),
        plain.serverOptimiser(),
        new AggregationSettings(
            AggregationSettings.Mode.SECURE,
            true,
            AggregationSettings.Weighting.UNIFORM,
            100,
            new ShardSettings(10, 10, ShardSettings.SuiteChoice.CLASSIC)),
        plain.evaluation(),
        plain.rounds());
  }

  /** The same with noise of the devices, three participations at the most. */
  public static TrainingPlan noisy() {
    return secure().withPrivacy(noise(PrivacySettings.Mechanism.DISTRIBUTED, 4, 3));
  }

  /** Noise of the devices in the clear, over a cohort of 10, of which 3 are enough. */
  public static TrainingPlan noisyInTheClear(int participationsMax) {
    TrainingPlan plain = twoTower();
    return new TrainingPlan(
            plain.id(),
            plain.version(),
            plain.population(),
            plain.model(),
            plain.features(),
            plain.client(),
            new CohortSettings(10, 3, 1.3),
            plain.deadlines(),
            plain.serverOptimiser(),
            new AggregationSettings(
                AggregationSettings.Mode.PLAIN,
                true,
                AggregationSettings.Weighting.UNIFORM,
                100,
                new ShardSettings(10, 10, ShardSettings.SuiteChoice.CLASSIC)),
            plain.evaluation(),
            plain.rounds())
        .withPrivacy(noise(PrivacySettings.Mechanism.DISTRIBUTED, 4, participationsMax));
  }

  /** Noise, at delta 10^-6. */
  public static PrivacySettings.Noise noise(
      PrivacySettings.Mechanism mechanism, double noiseMultiplier, int participationsMax) {
    return new PrivacySettings.Noise(
        mechanism,
        noiseMultiplier,
        1e-6,
        100_000,
        participationsMax,
        1,
        HonestShare.Dishonest.TENTH,
        PrivacySettings.Budget.UNLIMITED);
  }

  /**
   * The same plan whose devices measure on half of their examples.
   *
   * @param heldBackShare of devices that only measure
   * @param noiseMultiplier of what they measure, 0 without noise
   * @param segments of those that train
   */
  public static TrainingPlan measuring(
      TrainingPlan plan,
      double heldBackShare,
      double noiseMultiplier,
      MetricSettings.Segment... segments) {
    return new TrainingPlan(
        plan.id(),
        plan.version(),
        plan.population(),
        plan.model(),
        plan.features(),
        plan.client(),
        plan.cohort(),
        plan.deadlines(),
        plan.serverOptimiser(),
        plan.aggregation(),
        plan.privacy(),
        new EvaluationSettings(
            0.5,
            new MetricSettings(
                heldBackShare,
                List.of(segments),
                10,
                noiseMultiplier,
                PrivacySettings.Budget.UNLIMITED,
                new MetricSettings.ReleaseBound(0.02, 1, 5))),
        plan.rounds(),
        plan.notAfter());
  }

  /** A plan under another name and version. */
  public static TrainingPlan renamed(TrainingPlan plan, String id, int version) {
    return new TrainingPlan(
        new PlanId(id),
        version,
        plan.population(),
        plan.model(),
        plan.features(),
        plan.client(),
        plan.cohort(),
        plan.deadlines(),
        plan.serverOptimiser(),
        plan.aggregation(),
        plan.privacy(),
        plan.evaluation(),
        plan.rounds(),
        plan.notAfter());
  }

  /** A neural-cf model (matrix factorisation) over the catalogue. */
  public static TrainingPlan neuralCf(double validationShare) {
    return plan(
        1,
        new ModelSpecification.NeuralCf(6, 2, true, List.of(), 7),
        itemSchema(1),
        1,
        1,
        validationShare);
  }

  /** A tabular model over these features, label "bought". */
  public static TrainingPlan tabular(
      Loss loss, DenseLayer output, double validationShare, Feature... features) {
    return tabular(loss, output, validationShare, 4, List.of(features));
  }

  private static TrainingPlan tabular(
      Loss loss,
      DenseLayer output,
      double validationShare,
      int examplesMax,
      List<Feature> features) {
    FeatureSchema.Attributes schema = new FeatureSchema.Attributes(features, "bought");
    return plan(
        1,
        new ModelSpecification.Tabular(schema.width(), List.of(output), loss, 7),
        schema,
        1,
        1,
        validationShare,
        examplesMax);
  }

  /** A tabular model with one sigmoid output. */
  public static TrainingPlan binary(Feature... features) {
    return tabular(Loss.BINARY_CROSS_ENTROPY, new DenseLayer(1, Activation.SIGMOID), 0, features);
  }

  /** The same, that takes so many examples. */
  public static TrainingPlan binary(int examplesMax, List<Feature> features) {
    return tabular(
        Loss.BINARY_CROSS_ENTROPY,
        new DenseLayer(1, Activation.SIGMOID),
        0,
        Math.max(2, examplesMax),
        features);
  }

  private static TrainingPlan plan(
      int version,
      ModelSpecification model,
      FeatureSchema schema,
      double clipNorm,
      int cohortMinimum,
      double validationShare) {
    return plan(version, model, schema, clipNorm, cohortMinimum, validationShare, 4);
  }

  private static TrainingPlan plan(
      int version,
      ModelSpecification model,
      FeatureSchema schema,
      double clipNorm,
      int cohortMinimum,
      double validationShare,
      int examplesMax) {
    return new TrainingPlan(
        ID,
        version,
        POPULATION,
        model,
        schema,
        new ClientSettings(
            ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, clipNorm, 2, examplesMax, true, 0),
        new CohortSettings(8, cohortMinimum, 1.3),
        new DeadlineSettings(Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofSeconds(60)),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 0.001),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.UNIFORM, 100),
        new EvaluationSettings(validationShare),
        3);
  }
}
