package io.tacit.coordinator.plans;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.ServerOptimiserSettings.Kind;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The keys of a plan file and their defaults. Some defaults depend on the kind of model: what suits
 * a recommender over items does not suit a network over attributes.
 */
final class PlanReader {

  /** Kinds of model, by the words of plan files. */
  private enum ModelKind {
    TABULAR,
    NEURAL_CF,
    TWO_TOWER
  }

  private final CatalogueLookup catalogues;

  PlanReader(CatalogueLookup catalogues) {
    this.catalogues = catalogues;
  }

  TrainingPlan plan(Section file) {
    file.allowing(
        "id",
        "version",
        "population",
        "rounds",
        "not-after",
        "model",
        "features",
        "client",
        "cohort",
        "deadlines",
        "server-optimiser",
        "aggregation",
        "privacy",
        "evaluation");
    String name = file.text("id");
    PlanId id = checked("id", () -> new PlanId(name));
    int version = file.integer("version");
    String population = file.text("population");
    FeatureSchema features = new FeatureReader(catalogues).schema(file.section("features"));
    ModelSpecification model = model(file.section("model"), features);
    boolean overItems = !(model instanceof ModelSpecification.Tabular);
    CohortSettings cohort = cohort(file.section("cohort"));
    AggregationSettings aggregation = aggregation(file.section("aggregation"));
    PrivacySettings privacy =
        file.has("privacy")
            ? PrivacyReader.privacy(file.section("privacy"), cohort, aggregation)
            : PrivacySettings.NONE;
    return new TrainingPlan(
        id,
        version,
        population,
        model,
        features,
        client(file.section("client"), overItems),
        cohort,
        deadlines(file.section("deadlines")),
        serverOptimiser(file.section("server-optimiser"), overItems),
        aggregation,
        privacy,
        EvaluationReader.evaluation(file.section("evaluation"), cohort, privacy),
        file.integer("rounds", 60),
        file.has("not-after") ? notAfter(file.text("not-after")) : null);
  }

  /** A day is meant to its end. */
  private static Instant notAfter(String text) {
    try {
      return text.length() <= 10
          ? LocalDate.parse(text)
              .plusDays(1)
              .atStartOfDay(ZoneOffset.UTC)
              .toInstant()
              .minusSeconds(1)
          : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new InvalidPlanException(
          "not-after",
          "\"" + text + "\"",
          "a day such as 2027-06-30, or a time such as 2027-06-30T12:00:00Z",
          "say until when devices may follow this version");
    }
  }

  private static ModelSpecification model(Section model, FeatureSchema features) {
    long seed = model.longInteger("initial-seed", 1);
    // With features of the wrong kind any size will do here: the plan's own check refuses it.
    int rows = features instanceof FeatureSchema.Items items ? items.rows() : 1;
    int itemWidth = features instanceof FeatureSchema.Items items ? items.itemFeatureWidth() : 0;
    int userWidth = features instanceof FeatureSchema.Items items ? items.userFeatureWidth() : 0;
    return switch (model.choice("kind", ModelKind.class, null)) {
      case TABULAR -> {
        model.allowing("kind", "inputs", "layers", "loss", "initial-seed");
        int width =
            features instanceof FeatureSchema.Attributes attributes ? attributes.width() : 1;
        int inputs = model.integer("inputs", width);
        List<DenseLayer> layers = layers(model, "layers");
        Loss loss = model.choice("loss", Loss.class, usualLoss(layers));
        yield checked("model", () -> new ModelSpecification.Tabular(inputs, layers, loss, seed));
      }
      case NEURAL_CF -> {
        model.allowing(
            "kind",
            "items",
            "dimension",
            "item-bias",
            "tower",
            "item-features",
            "user-features",
            "initial-seed");
        int items = model.integer("items", rows);
        int dimension = model.integer("dimension", 16);
        boolean itemBias = model.truth("item-bias", true);
        List<DenseLayer> tower = layers(model, "tower");
        int ofItems = model.integer("item-features", itemWidth);
        int ofUsers = model.integer("user-features", userWidth);
        yield checked(
            "model",
            () ->
                new ModelSpecification.NeuralCf(
                    items, dimension, itemBias, tower, ofItems, ofUsers, seed));
      }
      case TWO_TOWER -> {
        model.allowing(
            "kind",
            "items",
            "dimension",
            "item-bias",
            "item-features",
            "user-features",
            "recency",
            "initial-seed");
        int items = model.integer("items", rows);
        int dimension = model.integer("dimension", 16);
        boolean itemBias = model.truth("item-bias", true);
        Recency recency = recency(model);
        int ofItems = model.integer("item-features", itemWidth);
        int ofUsers = model.integer("user-features", userWidth);
        yield checked(
            "model",
            () ->
                new ModelSpecification.TwoTower(
                    items, dimension, itemBias, ofItems, ofUsers, recency, seed));
      }
    };
  }

  private static Recency recency(Section model) {
    if (!model.has("recency")) {
      return Recency.NONE;
    }
    Section recency = model.section("recency").allowing("share", "half-life");
    double share = recency.number("share");
    double halfLife = recency.number("half-life", Recency.USUAL_HALF_LIFE);
    return share == 0 ? Recency.NONE : checked(recency.path(), () -> new Recency(share, halfLife));
  }

  private static List<DenseLayer> layers(Section model, String key) {
    List<DenseLayer> layers = new ArrayList<>();
    for (Section layer : model.sections(key)) {
      layer.allowing("units", "activation");
      int units = layer.integer("units");
      Activation activation = layer.choice("activation", Activation.class, null);
      layers.add(checked(layer.path(), () -> new DenseLayer(units, activation)));
    }
    return layers;
  }

  /** The loss that fits the last layer. */
  private static Loss usualLoss(List<DenseLayer> layers) {
    if (layers.isEmpty()) {
      return Loss.MEAN_SQUARED_ERROR;
    }
    return switch (layers.get(layers.size() - 1).activation()) {
      case SIGMOID -> Loss.BINARY_CROSS_ENTROPY;
      case SOFTMAX -> Loss.CATEGORICAL_CROSS_ENTROPY;
      case IDENTITY, RELU, TANH -> Loss.MEAN_SQUARED_ERROR;
    };
  }

  private static ClientSettings client(Section client, boolean overItems) {
    client.allowing(
        "optimiser",
        "learning-rate",
        "epochs",
        "batch-size",
        "negatives-per-positive",
        "clip-norm",
        "examples-min",
        "examples-max",
        "sum-loss",
        "proximal");
    ClientSettings.Optimiser optimiser =
        client.choice(
            "optimiser",
            ClientSettings.Optimiser.class,
            overItems ? ClientSettings.Optimiser.SGD : ClientSettings.Optimiser.ADAM);
    return new ClientSettings(
        optimiser,
        client.number("learning-rate", optimiser == ClientSettings.Optimiser.SGD ? 0.1 : 0.001),
        client.integer("epochs", 1),
        client.integer("batch-size", overItems ? 0 : 32),
        client.integer("negatives-per-positive", overItems ? 4 : 0),
        client.number("clip-norm", 1),
        client.integer("examples-min", 2),
        client.integer("examples-max", 1000),
        client.truth("sum-loss", overItems),
        client.number("proximal", 0));
  }

  private static CohortSettings cohort(Section cohort) {
    cohort.allowing("size", "minimum", "over-selection");
    int size = cohort.integer("size", 128);
    return new CohortSettings(
        size,
        cohort.integer("minimum", Math.max(1, size / 2)),
        cohort.number("over-selection", 1.3));
  }

  private static DeadlineSettings deadlines(Section deadlines) {
    deadlines.allowing("train", "advertise", "input", "share-keys", "consistency", "unmask");
    return new DeadlineSettings(
        deadlines.duration("train", Duration.ofMinutes(5)),
        deadlines.duration("advertise", Duration.ofSeconds(30)),
        deadlines.duration("input", Duration.ofSeconds(60)),
        deadlines.duration("share-keys", DeadlineSettings.SECURE_STAGE_DEFAULT),
        deadlines.duration("consistency", DeadlineSettings.SECURE_STAGE_DEFAULT),
        deadlines.duration("unmask", DeadlineSettings.SECURE_STAGE_DEFAULT));
  }

  private static ServerOptimiserSettings serverOptimiser(Section optimiser, boolean overItems) {
    optimiser.allowing("kind", "learning-rate", "beta1", "beta2", "tau");
    Kind kind = optimiser.choice("kind", Kind.class, overItems ? Kind.FED_ADAM : Kind.MEAN);
    boolean adaptive = kind == Kind.FED_ADAM || kind == Kind.FED_ADAGRAD;
    return new ServerOptimiserSettings(
        kind,
        optimiser.number("learning-rate", adaptive ? 0.1 : 1),
        // Reddi et al. 2021 run FedAdagrad without momentum.
        optimiser.number("beta1", kind == Kind.FED_ADAGRAD ? 0 : 0.9),
        optimiser.number("beta2", 0.99),
        optimiser.number("tau", 0.001));
  }

  private static AggregationSettings aggregation(Section aggregation) {
    aggregation.allowing("mode", "development", "weighting", "weight-examples-max", "shards");
    return new AggregationSettings(
        aggregation.choice("mode", AggregationSettings.Mode.class, AggregationSettings.Mode.SECURE),
        aggregation.truth("development", false),
        aggregation.choice(
            "weighting",
            AggregationSettings.Weighting.class,
            AggregationSettings.Weighting.UNIFORM),
        aggregation.integer("weight-examples-max", 100),
        shards(aggregation.section("shards")));
  }

  private static ShardSettings shards(Section shards) {
    shards.allowing("size", "minimum", "suite", "survivors-percent");
    int size = shards.integer("size", ShardSettings.DEFAULT.size());
    return new ShardSettings(
        size,
        shards.integer("minimum", Math.max(ShardSettings.MINIMUM_FLOOR, size / 2)),
        shards.choice("suite", ShardSettings.SuiteChoice.class, ShardSettings.SuiteChoice.AUTO),
        shards.integer("survivors-percent", 0));
  }

  /** Gives a refusal of the contract that knows no field the field of the file. */
  static <T> T checked(String field, Supplier<T> value) {
    try {
      return value.get();
    } catch (InvalidPlanException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw InvalidPlanException.because(field, e);
    }
  }
}
