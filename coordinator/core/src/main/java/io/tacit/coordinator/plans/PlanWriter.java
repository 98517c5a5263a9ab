package io.tacit.coordinator.plans;

import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A plan in the keys of plan files; the mirror of {@link PlanReader}. */
final class PlanWriter {

  private PlanWriter() {}

  static Map<String, Object> plan(TrainingPlan plan) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("id", plan.id().value());
    file.put("version", plan.version());
    file.put("population", plan.population());
    file.put("rounds", plan.rounds());
    if (plan.notAfter() != null) {
      file.put("not-after", plan.notAfter().toString());
    }
    file.put("model", model(plan.model()));
    file.put("features", features(plan.features()));
    file.put("client", client(plan.client()));
    file.put(
        "cohort",
        ordered(
            "size", plan.cohort().size(),
            "minimum", plan.cohort().minimum(),
            "over-selection", plan.cohort().overSelection()));
    file.put(
        "deadlines",
        ordered(
            "train", duration(plan.deadlines().train()),
            "advertise", duration(plan.deadlines().advertise()),
            "input", duration(plan.deadlines().input()),
            "share-keys", duration(plan.deadlines().shareKeys()),
            "consistency", duration(plan.deadlines().consistency()),
            "unmask", duration(plan.deadlines().unmask())));
    file.put("server-optimiser", serverOptimiser(plan.serverOptimiser()));
    file.put("aggregation", aggregation(plan.aggregation()));
    file.put("privacy", privacy(plan.privacy()));
    file.put("evaluation", evaluation(plan.evaluation()));
    return file;
  }

  private static Map<String, Object> model(ModelSpecification model) {
    Map<String, Object> keys = ordered("kind", model.kind());
    if (model instanceof ModelSpecification.Tabular tabular) {
      keys.put("inputs", tabular.inputs());
      keys.put("layers", layers(tabular.layers()));
      keys.put("loss", Spelling.ofEnum(tabular.loss()));
    } else if (model instanceof ModelSpecification.NeuralCf neuralCf) {
      keys.put("items", neuralCf.items());
      keys.put("dimension", neuralCf.dimension());
      keys.put("item-bias", neuralCf.itemBias());
      keys.put("tower", layers(neuralCf.tower()));
      widths(keys, neuralCf);
    } else if (model instanceof ModelSpecification.TwoTower twoTower) {
      keys.put("items", twoTower.items());
      keys.put("dimension", twoTower.dimension());
      keys.put("item-bias", twoTower.itemBias());
      widths(keys, twoTower);
      if (!twoTower.recency().isNone()) {
        keys.put(
            "recency",
            ordered(
                "share", twoTower.recency().share(), "half-life", twoTower.recency().halfLife()));
      }
    }
    keys.put("initial-seed", model.initialSeed());
    return keys;
  }

  /** Left out where there are none, as most plans have none. */
  private static void widths(Map<String, Object> keys, ModelSpecification.OfItems model) {
    if (model.itemFeatures() > 0) {
      keys.put("item-features", model.itemFeatures());
    }
    if (model.userFeatures() > 0) {
      keys.put("user-features", model.userFeatures());
    }
  }

  private static List<Object> layers(List<DenseLayer> layers) {
    List<Object> list = new ArrayList<>();
    for (DenseLayer layer : layers) {
      list.add(ordered("units", layer.units(), "activation", Spelling.ofEnum(layer.activation())));
    }
    return list;
  }

  private static Map<String, Object> features(FeatureSchema schema) {
    if (schema instanceof FeatureSchema.Items items) {
      Map<String, Object> keys =
          ordered(
              "mapping-version", items.mappingVersion(),
              "catalogue", items.catalogueHash().toHex(),
              "catalogue-items", items.catalogueItems(),
              "unknown-item-buckets", items.unknownItemBuckets(),
              "positive-events", new ArrayList<>(new TreeSet<>(items.positiveEvents())));
      if (!items.itemFeatures().isEmpty()) {
        keys.put("item-features", list(items.itemFeatures()));
      }
      if (!items.userFeatures().isEmpty()) {
        keys.put("user-features", list(items.userFeatures()));
      }
      return keys;
    }
    FeatureSchema.Attributes attributes = (FeatureSchema.Attributes) schema;
    return ordered(
        "mapping-version", attributes.mappingVersion(),
        "label", attributes.label(),
        "list", list(attributes.features()));
  }

  private static List<Object> list(List<Feature> features) {
    List<Object> list = new ArrayList<>();
    for (Feature feature : features) {
      list.add(feature(feature));
    }
    return list;
  }

  private static Map<String, Object> feature(Feature feature) {
    Map<String, Object> keys = ordered("name", feature.name());
    if (feature instanceof Feature.Numeric numeric) {
      keys.put(
          "numeric",
          ordered("mean", numeric.mean(), "standard-deviation", numeric.standardDeviation()));
    } else if (feature instanceof Feature.PrivateNumeric numeric) {
      keys.put(
          "private-numeric",
          ordered(
              "prior-mean", numeric.priorMean(),
              "prior-standard-deviation", numeric.priorStandardDeviation(),
              "prior-count", numeric.priorCount(),
              "bound", numeric.bound()));
    } else if (feature instanceof Feature.Categorical categorical) {
      keys.put(
          "categorical",
          ordered("values", categorical.values(), "unknown-buckets", categorical.unknownBuckets()));
    } else if (feature instanceof Feature.ItemId item) {
      keys.put(
          "item-id", ordered("values", item.values(), "unknown-buckets", item.unknownBuckets()));
    } else if (feature instanceof Feature.HashedText text) {
      keys.put(
          "hashed-text", ordered("buckets", text.buckets(), "ngram-length", text.ngramLength()));
    } else if (feature instanceof Feature.DenseVector vector) {
      keys.put(
          "dense-vector",
          ordered("dimension", vector.dimension(), "normalised", vector.normalised()));
    } else if (feature instanceof Feature.Pooled pooled) {
      keys.put(
          "pooled",
          ordered(
              "of", pooled.of().name(),
              "last", pooled.last(),
              "half-life", pooled.halfLife(),
              "events", new ArrayList<>(new TreeSet<>(pooled.events()))));
    }
    return keys;
  }

  private static Map<String, Object> client(ClientSettings client) {
    return ordered(
        "optimiser", Spelling.ofEnum(client.optimiser()),
        "learning-rate", client.learningRate(),
        "epochs", client.epochs(),
        "batch-size", client.batchSize(),
        "negatives-per-positive", client.negativesPerPositive(),
        "clip-norm", client.clipNorm(),
        "examples-min", client.examplesMin(),
        "examples-max", client.examplesMax(),
        "sum-loss", client.sumLoss(),
        "proximal", client.proximal());
  }

  private static Map<String, Object> serverOptimiser(ServerOptimiserSettings optimiser) {
    return ordered(
        "kind", Spelling.ofEnum(optimiser.kind()),
        "learning-rate", optimiser.learningRate(),
        "beta1", optimiser.beta1(),
        "beta2", optimiser.beta2(),
        "tau", optimiser.tau());
  }

  private static Map<String, Object> aggregation(AggregationSettings aggregation) {
    return ordered(
        "mode", Spelling.ofEnum(aggregation.mode()),
        "development", aggregation.development(),
        "weighting", Spelling.ofEnum(aggregation.weighting()),
        "weight-examples-max", aggregation.weightExamplesMax(),
        "shards", shards(aggregation.shards()));
  }

  /** The share that must be in a sum is left out where it is that of every plan. */
  private static Map<String, Object> shards(ShardSettings shards) {
    Map<String, Object> keys =
        ordered(
            "size", shards.size(),
            "minimum", shards.minimum(),
            "suite", Spelling.ofEnum(shards.suite()));
    if (shards.survivorsPercent() > 0) {
      keys.put("survivors-percent", shards.survivorsPercent());
    }
    return keys;
  }

  private static Map<String, Object> privacy(PrivacySettings privacy) {
    if (!(privacy instanceof PrivacySettings.Noise noise)) {
      return ordered("mechanism", "none");
    }
    Map<String, Object> keys =
        ordered(
            "mechanism", Spelling.ofEnum(noise.mechanism()),
            "noise-multiplier", noise.noiseMultiplier(),
            "users", noise.users(),
            "delta", noise.delta(),
            "participations-max", noise.participationsMax(),
            "shards-minimum", noise.shardsMinimum(),
            "dishonest", Spelling.ofEnum(noise.dishonest()));
    putBudget(keys, noise.budget());
    return keys;
  }

  private static Map<String, Object> evaluation(EvaluationSettings evaluation) {
    Map<String, Object> keys = ordered("validation-share", evaluation.validationShare());
    MetricSettings metrics = evaluation.metrics();
    if (metrics != null) {
      keys.put("metrics", metrics(metrics));
    }
    return keys;
  }

  private static Map<String, Object> metrics(MetricSettings metrics) {
    List<Object> segments = new ArrayList<>();
    for (MetricSettings.Segment segment : metrics.segments()) {
      segments.add(ordered("name", segment.name(), "examples-minimum", segment.examplesMinimum()));
    }
    Map<String, Object> keys =
        ordered(
            "held-back-share", metrics.heldBackShare(),
            "segments", segments,
            "group-minimum", metrics.groupMinimum(),
            "noise-multiplier", metrics.noiseMultiplier());
    putBudget(keys, metrics.budget());
    keys.put(
        "release",
        ordered(
            "worse-by-max", metrics.release().worseByMax(),
            "devices-minimum", metrics.release().devicesMinimum(),
            "versions", metrics.release().versions()));
    return keys;
  }

  private static void putBudget(Map<String, Object> keys, PrivacySettings.Budget budget) {
    putLimit(keys, "epsilon-models-max", budget.models());
    putLimit(keys, "epsilon-coordinator-max", budget.coordinator());
  }

  private static void putLimit(Map<String, Object> keys, String key, double epsilon) {
    if (!Double.isInfinite(epsilon)) {
      keys.put(key, epsilon);
    }
  }

  /** The largest unit that divides it. */
  private static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
