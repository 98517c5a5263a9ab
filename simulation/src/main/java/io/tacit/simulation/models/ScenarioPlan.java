package io.tacit.simulation.models;

import io.tacit.coordinator.plans.PlanFile;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.AttributeTable;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.Item;
import io.tacit.simulation.population.Population;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A plan with settings that are known to work on a data set, and the catalogue that it names.
 *
 * @param plan to be applied
 * @param catalogue of the data set's items, in their order: row = index of the item
 */
public record ScenarioPlan(TrainingPlan plan, Catalogue catalogue) {

  /** Rows for items that a data set does not have; apps need them, simulations do not use them. */
  private static final int UNKNOWN_ITEM_BUCKETS = 16;

  private static final int DIMENSION = 16;

  /** Two shards at least where the cohort allows it: what is shown is a sum of sums. */
  private static final int SHARD_SIZE_MAX = 64;

  /** Devices of a simulation are awake: one that is silent for longer is gone. */
  private static final Duration SECURE_STAGE = Duration.ofSeconds(20);

  /**
   * What a person may choose.
   *
   * @param rounds how many
   * @param cohort devices in a round
   * @param overSelection times cohort devices are assigned
   * @param seed of the initial parameters
   * @param mode how updates are protected on their way
   */
  public record Choice(
      int rounds, int cohort, double overSelection, long seed, AggregationSettings.Mode mode) {

    /** Updates in the clear: what rounds learn is the same, bit for bit, and they cost less. */
    public Choice(int rounds, int cohort, double overSelection, long seed) {
      this(rounds, cohort, overSelection, seed, AggregationSettings.Mode.PLAIN);
    }
  }

  /**
   * A two-tower model with a server Adam: a device's own history makes its vector, so that a few
   * events are enough.
   */
  public static ScenarioPlan twoTower(InteractionDataSet data, Choice choice) {
    Catalogue catalogue = catalogueOf(data);
    FeatureSchema.Items features = features(catalogue);
    return new ScenarioPlan(
        plan(
            data,
            choice,
            new ModelSpecification.TwoTower(features.rows(), DIMENSION, true, choice.seed()),
            features,
            new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1.0, 2, 1_000, true, 0),
            fedAdam(0.1)),
        catalogue);
  }

  /**
   * A model with private user vectors: strong where users have long histories and take part often.
   *
   * @param tower units of its hidden layers; empty for matrix factorisation
   */
  public static ScenarioPlan neuralCf(InteractionDataSet data, Choice choice, List<Integer> tower) {
    Catalogue catalogue = catalogueOf(data);
    FeatureSchema.Items features = features(catalogue);
    return new ScenarioPlan(
        plan(
            data,
            choice,
            new ModelSpecification.NeuralCf(
                features.rows(), DIMENSION, true, layers(tower), choice.seed()),
            features,
            new ClientSettings(
                ClientSettings.Optimiser.SGD, 0.1, 1, 10, 4, 4.0, 2, 10_000, true, 0),
            fedAdam(0.05)),
        catalogue);
  }

  /**
   * The plan of a recipe, with updates in the clear: what rounds learn is the same, bit for bit.
   *
   * @param devices how many there are
   * @param seed of the initial parameters
   */
  public static ScenarioPlan of(
      InteractionDataSet data, TrainingRecipe recipe, int devices, long seed) {
    return of(data, recipe, devices, seed, AggregationSettings.Mode.PLAIN);
  }

  /**
   * The same with updates that are protected in one way or the other.
   *
   * @throws IllegalArgumentException if the cohort is too small for that
   */
  public static ScenarioPlan of(
      InteractionDataSet data,
      TrainingRecipe recipe,
      int devices,
      long seed,
      AggregationSettings.Mode mode) {
    Catalogue catalogue = recipe.attributes() ? knowingCatalogueOf(data) : catalogueOf(data);
    FeatureSchema.Items features =
        recipe.attributes() ? knowingFeatures(data, catalogue) : features(catalogue);
    ModelSpecification model =
        switch (recipe.kind()) {
          case TWO_TOWER ->
              new ModelSpecification.TwoTower(
                  features.rows(),
                  recipe.dimension(),
                  true,
                  features.itemFeatureWidth(),
                  features.userFeatureWidth(),
                  recipe.recency(),
                  seed);
          case MATRIX_FACTORISATION, NEURAL_CF ->
              new ModelSpecification.NeuralCf(
                  features.rows(),
                  recipe.dimension(),
                  true,
                  layers(recipe.tower()),
                  features.itemFeatureWidth(),
                  features.userFeatureWidth(),
                  seed);
        };
    return new ScenarioPlan(
        plan(
            data,
            new Choice(recipe.rounds(), recipe.cohortOf(devices), 1, seed, mode),
            model,
            features,
            recipe.client(),
            recipe.server()),
        catalogue);
  }

  private static List<DenseLayer> layers(List<Integer> tower) {
    return tower.stream().map(units -> new DenseLayer(units, Activation.RELU)).toList();
  }

  /** The plan as a file for the coordinator's API, {@code application/yaml}. */
  public byte[] planFile() {
    return PlanFile.toYaml(plan).getBytes(StandardCharsets.UTF_8);
  }

  private static TrainingPlan plan(
      InteractionDataSet data,
      Choice choice,
      ModelSpecification model,
      FeatureSchema features,
      ClientSettings client,
      ServerOptimiserSettings server) {
    return new TrainingPlan(
        new PlanId(nameOf(data)),
        1,
        nameOf(data),
        model,
        features,
        client,
        new CohortSettings(choice.cohort(), (choice.cohort() + 1) / 2, choice.overSelection()),
        new DeadlineSettings(
            Duration.ofMinutes(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            SECURE_STAGE,
            SECURE_STAGE,
            SECURE_STAGE),
        server,
        new AggregationSettings(
            choice.mode(), true, AggregationSettings.Weighting.UNIFORM, 100, shards(choice)),
        new EvaluationSettings(0),
        choice.rounds());
  }

  private static ServerOptimiserSettings fedAdam(double learningRate) {
    return new ServerOptimiserSettings(
        ServerOptimiserSettings.Kind.FED_ADAM, learningRate, 0.9, 0.99, 1e-3);
  }

  private static ShardSettings shards(Choice choice) {
    if (choice.mode() == AggregationSettings.Mode.PLAIN) {
      return ShardSettings.DEFAULT;
    }
    if (choice.cohort() < ShardSettings.MINIMUM_FLOOR) {
      throw new IllegalArgumentException(
          "--cohort is "
              + choice.cohort()
              + ", must be at least "
              + ShardSettings.MINIMUM_FLOOR
              + " with secure aggregation: a sum over fewer says too much of each; raise it, or"
              + " send updates unmasked");
    }
    int half = (choice.cohort() + 1) / 2;
    int size =
        half >= ShardSettings.MINIMUM_FLOOR ? Math.min(half, SHARD_SIZE_MAX) : choice.cohort();
    // Where shards can not be even, the smallest has one seat less.
    int minimum = Math.max(ShardSettings.MINIMUM_FLOOR, size / 2);
    return new ShardSettings(size, minimum, ShardSettings.SuiteChoice.AUTO);
  }

  private static FeatureSchema.Items features(Catalogue catalogue) {
    return new FeatureSchema.Items(
        catalogue.contentHash(), catalogue.size(), UNKNOWN_ITEM_BUCKETS, Set.of(Population.EVENT));
  }

  /** With what the data says of items and users, if it says anything. */
  private static FeatureSchema.Items knowingFeatures(InteractionDataSet data, Catalogue catalogue) {
    List<Feature> ofItems = categories(AttributeTable.ofItems(data));
    List<Feature> ofUsers = categories(AttributeTable.ofUsers(data));
    return new FeatureSchema.Items(
        FeatureSchema.Items.mappingFor(ofItems, ofUsers),
        catalogue.contentHash(),
        catalogue.size(),
        UNKNOWN_ITEM_BUCKETS,
        Set.of(Population.EVENT),
        ofItems,
        ofUsers);
  }

  private static List<Feature> categories(AttributeTable known) {
    return known.columns().stream()
        .<Feature>map(
            column ->
                new Feature.Categorical(column.name(), column.values(), column.hasOthers() ? 1 : 0))
        .toList();
  }

  private static Catalogue knowingCatalogueOf(InteractionDataSet data) {
    AttributeTable known = AttributeTable.ofItems(data);
    List<Catalogue.Item> items = new ArrayList<>();
    for (int i = 0; i < data.items().size(); i++) {
      Item item = data.items().get(i);
      items.add(new Catalogue.Item(item.externalId(), item.title(), known.cells().get(i)));
    }
    return Catalogue.of(known.names(), items);
  }

  private static Catalogue catalogueOf(InteractionDataSet data) {
    return Catalogue.of(
        data.items().stream()
            .map(ScenarioPlan::catalogueItem)
            .collect(Collectors.toUnmodifiableList()));
  }

  private static Catalogue.Item catalogueItem(Item item) {
    return new Catalogue.Item(item.externalId(), item.title());
  }

  /** Data sets are named for people; plans and populations by the alphabet of the wire. */
  private static String nameOf(InteractionDataSet data) {
    return data.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
  }
}
