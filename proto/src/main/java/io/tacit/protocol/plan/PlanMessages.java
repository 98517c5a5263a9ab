package io.tacit.protocol.plan;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import io.tacit.protocol.v1.NeuralCfModel;
import io.tacit.protocol.v1.TabularModel;
import io.tacit.protocol.v1.TwoTowerModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wire form of a plan: {@code tacit.v1.TrainingPlan} both ways, written with the generated
 * messages and read by their numbers, see {@link WireMessage}.
 */
final class PlanMessages {

  private PlanMessages() {}

  static io.tacit.protocol.v1.TrainingPlan encode(TrainingPlan plan) {
    io.tacit.protocol.v1.TrainingPlan.Builder message = withoutPrivacy(plan);
    // Not written where there is none: plans from before keep their bytes.
    if (plan.privacy() instanceof PrivacySettings.Noise noise) {
      message.setPrivacy(PrivacyMessages.encode(noise));
    }
    return message.build();
  }

  private static io.tacit.protocol.v1.TrainingPlan.Builder withoutPrivacy(TrainingPlan plan) {
    return io.tacit.protocol.v1.TrainingPlan.newBuilder()
        .setId(plan.id().value())
        .setVersion(plan.version())
        .setPopulation(plan.population())
        .setModel(encode(plan.model()))
        .setFeatures(FeatureMessages.encode(plan.features()))
        .setClient(encode(plan.client()))
        .setCohort(
            io.tacit.protocol.v1.CohortSettings.newBuilder()
                .setSize(plan.cohort().size())
                .setMinimum(plan.cohort().minimum())
                .setOverSelection(plan.cohort().overSelection()))
        .setDeadlines(encode(plan.deadlines()))
        .setServerOptimiser(
            io.tacit.protocol.v1.ServerOptimiserSettings.newBuilder()
                .setKindValue(plan.serverOptimiser().kind().ordinal() + 1)
                .setLearningRate(plan.serverOptimiser().learningRate())
                .setBeta1(plan.serverOptimiser().beta1())
                .setBeta2(plan.serverOptimiser().beta2())
                .setTau(plan.serverOptimiser().tau()))
        .setAggregation(encode(plan.aggregation()))
        .setEvaluation(MetricMessages.encode(plan.evaluation()))
        .setRounds(plan.rounds())
        .setNotAfterSeconds(plan.notAfter() == null ? 0 : plan.notAfter().getEpochSecond());
  }

  static WireMessage parse(byte[] bytes) {
    if (bytes.length > WireLimits.PLAN_BYTES_MAX) {
      throw new IllegalArgumentException(
          "plan has " + bytes.length + " bytes, must be at most " + WireLimits.PLAN_BYTES_MAX);
    }
    return WireMessage.parse(bytes);
  }

  static TrainingPlan decode(WireMessage message) {
    return new TrainingPlan(
        new PlanId(message.string(io.tacit.protocol.v1.TrainingPlan.ID_FIELD_NUMBER)),
        message.uint32(io.tacit.protocol.v1.TrainingPlan.VERSION_FIELD_NUMBER),
        message.string(io.tacit.protocol.v1.TrainingPlan.POPULATION_FIELD_NUMBER),
        model(message.message(io.tacit.protocol.v1.TrainingPlan.MODEL_FIELD_NUMBER)),
        FeatureMessages.decode(
            message.message(io.tacit.protocol.v1.TrainingPlan.FEATURES_FIELD_NUMBER)),
        client(message.message(io.tacit.protocol.v1.TrainingPlan.CLIENT_FIELD_NUMBER)),
        cohort(message.message(io.tacit.protocol.v1.TrainingPlan.COHORT_FIELD_NUMBER)),
        deadlines(message.message(io.tacit.protocol.v1.TrainingPlan.DEADLINES_FIELD_NUMBER)),
        serverOptimiser(
            message.message(io.tacit.protocol.v1.TrainingPlan.SERVER_OPTIMISER_FIELD_NUMBER)),
        aggregation(message.message(io.tacit.protocol.v1.TrainingPlan.AGGREGATION_FIELD_NUMBER)),
        message.has(io.tacit.protocol.v1.TrainingPlan.PRIVACY_FIELD_NUMBER)
            ? PrivacyMessages.decode(
                message.message(io.tacit.protocol.v1.TrainingPlan.PRIVACY_FIELD_NUMBER))
            : PrivacySettings.NONE,
        MetricMessages.decode(
            message.message(io.tacit.protocol.v1.TrainingPlan.EVALUATION_FIELD_NUMBER)),
        message.uint32(io.tacit.protocol.v1.TrainingPlan.ROUNDS_FIELD_NUMBER),
        notAfter(message.uint64(io.tacit.protocol.v1.TrainingPlan.NOT_AFTER_SECONDS_FIELD_NUMBER)));
  }

  /** 0 is a plan without an end. */
  private static @Nullable Instant notAfter(long seconds) {
    if (seconds < 0 || seconds > TrainingPlan.NOT_AFTER_MAX.getEpochSecond()) {
      throw TrainingPlan.notAfterOutOfRange(seconds + " seconds since 1970");
    }
    return seconds == 0 ? null : Instant.ofEpochSecond(seconds);
  }

  private static CohortSettings cohort(WireMessage message) {
    return new CohortSettings(
        message.uint32(io.tacit.protocol.v1.CohortSettings.SIZE_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.CohortSettings.MINIMUM_FIELD_NUMBER),
        message.float64(io.tacit.protocol.v1.CohortSettings.OVER_SELECTION_FIELD_NUMBER));
  }

  private static io.tacit.protocol.v1.DeadlineSettings encode(DeadlineSettings deadlines) {
    return io.tacit.protocol.v1.DeadlineSettings.newBuilder()
        .setTrainMillis(deadlines.train().toMillis())
        .setAdvertiseMillis(deadlines.advertise().toMillis())
        .setInputMillis(deadlines.input().toMillis())
        .setShareKeysMillis(secureStage(deadlines.shareKeys()))
        .setConsistencyMillis(secureStage(deadlines.consistency()))
        .setUnmaskMillis(secureStage(deadlines.unmask()))
        .build();
  }

  /** The default is not written: plans from before secure aggregation keep their bytes. */
  private static long secureStage(Duration duration) {
    return duration.equals(DeadlineSettings.SECURE_STAGE_DEFAULT) ? 0 : duration.toMillis();
  }

  private static io.tacit.protocol.v1.AggregationSettings encode(AggregationSettings aggregation) {
    io.tacit.protocol.v1.AggregationSettings.Builder message =
        io.tacit.protocol.v1.AggregationSettings.newBuilder()
            .setModeValue(aggregation.mode().ordinal() + 1)
            .setDevelopment(aggregation.development())
            .setWeightingValue(aggregation.weighting().ordinal() + 1)
            .setWeightExamplesMax(aggregation.weightExamplesMax());
    if (!aggregation.shards().equals(ShardSettings.DEFAULT)) {
      message.setShards(encode(aggregation.shards()));
    }
    return message.build();
  }

  private static io.tacit.protocol.v1.ShardSettings encode(ShardSettings shards) {
    return io.tacit.protocol.v1.ShardSettings.newBuilder()
        .setSize(shards.size())
        .setMinimum(shards.minimum())
        .setSuiteValue(shards.suite().ordinal() + 1)
        .setSurvivorsPercent(shards.survivorsPercent())
        .build();
  }

  private static DeadlineSettings deadlines(WireMessage message) {
    return new DeadlineSettings(
        millis(message, io.tacit.protocol.v1.DeadlineSettings.TRAIN_MILLIS_FIELD_NUMBER),
        millis(message, io.tacit.protocol.v1.DeadlineSettings.ADVERTISE_MILLIS_FIELD_NUMBER),
        millis(message, io.tacit.protocol.v1.DeadlineSettings.INPUT_MILLIS_FIELD_NUMBER),
        secureStage(message, io.tacit.protocol.v1.DeadlineSettings.SHARE_KEYS_MILLIS_FIELD_NUMBER),
        secureStage(message, io.tacit.protocol.v1.DeadlineSettings.CONSISTENCY_MILLIS_FIELD_NUMBER),
        secureStage(message, io.tacit.protocol.v1.DeadlineSettings.UNMASK_MILLIS_FIELD_NUMBER));
  }

  private static Duration millis(WireMessage message, int field) {
    return Duration.ofMillis(message.uint64(field));
  }

  private static Duration secureStage(WireMessage message, int field) {
    Duration written = millis(message, field);
    return written.isZero() ? DeadlineSettings.SECURE_STAGE_DEFAULT : written;
  }

  private static ServerOptimiserSettings serverOptimiser(WireMessage message) {
    return new ServerOptimiserSettings(
        value(
            "server-optimiser.kind",
            ServerOptimiserSettings.Kind.values(),
            message.uint32(io.tacit.protocol.v1.ServerOptimiserSettings.KIND_FIELD_NUMBER)),
        message.float64(io.tacit.protocol.v1.ServerOptimiserSettings.LEARNING_RATE_FIELD_NUMBER),
        message.float64(io.tacit.protocol.v1.ServerOptimiserSettings.BETA1_FIELD_NUMBER),
        message.float64(io.tacit.protocol.v1.ServerOptimiserSettings.BETA2_FIELD_NUMBER),
        message.float64(io.tacit.protocol.v1.ServerOptimiserSettings.TAU_FIELD_NUMBER));
  }

  private static AggregationSettings aggregation(WireMessage message) {
    return new AggregationSettings(
        value(
            "aggregation.mode",
            AggregationSettings.Mode.values(),
            message.uint32(io.tacit.protocol.v1.AggregationSettings.MODE_FIELD_NUMBER)),
        message.bool(io.tacit.protocol.v1.AggregationSettings.DEVELOPMENT_FIELD_NUMBER),
        value(
            "aggregation.weighting",
            AggregationSettings.Weighting.values(),
            message.uint32(io.tacit.protocol.v1.AggregationSettings.WEIGHTING_FIELD_NUMBER)),
        message.uint32(io.tacit.protocol.v1.AggregationSettings.WEIGHT_EXAMPLES_MAX_FIELD_NUMBER),
        message.has(io.tacit.protocol.v1.AggregationSettings.SHARDS_FIELD_NUMBER)
            ? shards(message.message(io.tacit.protocol.v1.AggregationSettings.SHARDS_FIELD_NUMBER))
            : ShardSettings.DEFAULT);
  }

  private static ShardSettings shards(WireMessage message) {
    return new ShardSettings(
        message.uint32(io.tacit.protocol.v1.ShardSettings.SIZE_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.ShardSettings.MINIMUM_FIELD_NUMBER),
        value(
            "aggregation.shards.suite",
            ShardSettings.SuiteChoice.values(),
            message.uint32(io.tacit.protocol.v1.ShardSettings.SUITE_FIELD_NUMBER)),
        message.uint32(io.tacit.protocol.v1.ShardSettings.SURVIVORS_PERCENT_FIELD_NUMBER));
  }

  private static io.tacit.protocol.v1.ModelSpecification encode(ModelSpecification model) {
    io.tacit.protocol.v1.ModelSpecification.Builder message =
        io.tacit.protocol.v1.ModelSpecification.newBuilder().setInitialSeed(model.initialSeed());
    if (model instanceof ModelSpecification.Tabular tabular) {
      message.setTabular(
          TabularModel.newBuilder()
              .setInputs(tabular.inputs())
              .addAllLayers(encodeLayers(tabular.layers()))
              .setLossValue(tabular.loss().ordinal() + 1));
    } else if (model instanceof ModelSpecification.NeuralCf neuralCf) {
      message.setNeuralCf(
          NeuralCfModel.newBuilder()
              .setItems(neuralCf.items())
              .setDimension(neuralCf.dimension())
              .setItemBias(neuralCf.itemBias())
              .addAllTower(encodeLayers(neuralCf.tower()))
              .setItemFeatures(neuralCf.itemFeatures())
              .setUserFeatures(neuralCf.userFeatures()));
    } else if (model instanceof ModelSpecification.TwoTower twoTower) {
      message.setTwoTower(encode(twoTower));
    }
    return message.build();
  }

  private static TwoTowerModel encode(ModelSpecification.TwoTower model) {
    TwoTowerModel.Builder message =
        TwoTowerModel.newBuilder()
            .setItems(model.items())
            .setDimension(model.dimension())
            .setItemBias(model.itemBias())
            .setItemFeatures(model.itemFeatures())
            .setUserFeatures(model.userFeatures());
    // Not written where there is none: plans from before keep their bytes.
    if (!model.recency().isNone()) {
      message.setRecency(
          io.tacit.protocol.v1.Recency.newBuilder()
              .setShare(model.recency().share())
              .setHalfLife(model.recency().halfLife()));
    }
    return message.build();
  }

  private static ModelSpecification model(WireMessage message) {
    long seed = message.uint64(io.tacit.protocol.v1.ModelSpecification.INITIAL_SEED_FIELD_NUMBER);
    try {
      if (message.has(io.tacit.protocol.v1.ModelSpecification.TABULAR_FIELD_NUMBER)) {
        return tabular(
            message.message(io.tacit.protocol.v1.ModelSpecification.TABULAR_FIELD_NUMBER), seed);
      }
      if (message.has(io.tacit.protocol.v1.ModelSpecification.NEURAL_CF_FIELD_NUMBER)) {
        return neuralCf(
            message.message(io.tacit.protocol.v1.ModelSpecification.NEURAL_CF_FIELD_NUMBER), seed);
      }
      if (message.has(io.tacit.protocol.v1.ModelSpecification.TWO_TOWER_FIELD_NUMBER)) {
        return twoTower(
            message.message(io.tacit.protocol.v1.ModelSpecification.TWO_TOWER_FIELD_NUMBER), seed);
      }
    } catch (InvalidPlanException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw InvalidPlanException.because("model", e);
    }
    throw InvalidPlanException.newer(
        "model.kind", "missing or of a newer version", "tabular, neural-cf or two-tower");
  }

  private static ModelSpecification tabular(WireMessage message, long seed) {
    return new ModelSpecification.Tabular(
        message.uint32(TabularModel.INPUTS_FIELD_NUMBER),
        layers(message.messages(TabularModel.LAYERS_FIELD_NUMBER)),
        value("model.loss", Loss.values(), message.uint32(TabularModel.LOSS_FIELD_NUMBER)),
        seed);
  }

  private static ModelSpecification neuralCf(WireMessage message, long seed) {
    return new ModelSpecification.NeuralCf(
        message.uint32(NeuralCfModel.ITEMS_FIELD_NUMBER),
        message.uint32(NeuralCfModel.DIMENSION_FIELD_NUMBER),
        message.bool(NeuralCfModel.ITEM_BIAS_FIELD_NUMBER),
        layers(message.messages(NeuralCfModel.TOWER_FIELD_NUMBER)),
        message.uint32(NeuralCfModel.ITEM_FEATURES_FIELD_NUMBER),
        message.uint32(NeuralCfModel.USER_FEATURES_FIELD_NUMBER),
        seed);
  }

  private static ModelSpecification twoTower(WireMessage message, long seed) {
    return new ModelSpecification.TwoTower(
        message.uint32(TwoTowerModel.ITEMS_FIELD_NUMBER),
        message.uint32(TwoTowerModel.DIMENSION_FIELD_NUMBER),
        message.bool(TwoTowerModel.ITEM_BIAS_FIELD_NUMBER),
        message.uint32(TwoTowerModel.ITEM_FEATURES_FIELD_NUMBER),
        message.uint32(TwoTowerModel.USER_FEATURES_FIELD_NUMBER),
        message.has(TwoTowerModel.RECENCY_FIELD_NUMBER)
            ? recency(message.message(TwoTowerModel.RECENCY_FIELD_NUMBER))
            : Recency.NONE,
        seed);
  }

  private static Recency recency(WireMessage message) {
    return new Recency(
        message.float64(io.tacit.protocol.v1.Recency.SHARE_FIELD_NUMBER),
        message.float64(io.tacit.protocol.v1.Recency.HALF_LIFE_FIELD_NUMBER));
  }

  private static List<io.tacit.protocol.v1.DenseLayer> encodeLayers(List<DenseLayer> layers) {
    List<io.tacit.protocol.v1.DenseLayer> messages = new ArrayList<>();
    for (DenseLayer layer : layers) {
      messages.add(
          io.tacit.protocol.v1.DenseLayer.newBuilder()
              .setUnits(layer.units())
              .setActivationValue(layer.activation().ordinal() + 1)
              .build());
    }
    return messages;
  }

  private static List<DenseLayer> layers(List<WireMessage> messages) {
    List<DenseLayer> layers = new ArrayList<>();
    for (WireMessage message : messages) {
      layers.add(
          new DenseLayer(
              message.uint32(io.tacit.protocol.v1.DenseLayer.UNITS_FIELD_NUMBER),
              value(
                  "model.activation",
                  Activation.values(),
                  message.uint32(io.tacit.protocol.v1.DenseLayer.ACTIVATION_FIELD_NUMBER))));
    }
    return layers;
  }

  private static io.tacit.protocol.v1.ClientSettings encode(ClientSettings settings) {
    return io.tacit.protocol.v1.ClientSettings.newBuilder()
        .setOptimiserValue(settings.optimiser().ordinal() + 1)
        .setLearningRate(settings.learningRate())
        .setEpochs(settings.epochs())
        .setBatchSize(settings.batchSize())
        .setNegativesPerPositive(settings.negativesPerPositive())
        .setClipNorm(settings.clipNorm())
        .setExamplesMin(settings.examplesMin())
        .setExamplesMax(settings.examplesMax())
        .setSumLoss(settings.sumLoss())
        .setProximal(settings.proximal())
        .build();
  }

  private static ClientSettings client(WireMessage message) {
    return new ClientSettings(
        value(
            "client.optimiser",
            ClientSettings.Optimiser.values(),
            message.uint32(io.tacit.protocol.v1.ClientSettings.OPTIMISER_FIELD_NUMBER)),
        message.float64(io.tacit.protocol.v1.ClientSettings.LEARNING_RATE_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.ClientSettings.EPOCHS_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.ClientSettings.BATCH_SIZE_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.ClientSettings.NEGATIVES_PER_POSITIVE_FIELD_NUMBER),
        message.float64(io.tacit.protocol.v1.ClientSettings.CLIP_NORM_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.ClientSettings.EXAMPLES_MIN_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.ClientSettings.EXAMPLES_MAX_FIELD_NUMBER),
        message.bool(io.tacit.protocol.v1.ClientSettings.SUM_LOSS_FIELD_NUMBER),
        message.float64(io.tacit.protocol.v1.ClientSettings.PROXIMAL_FIELD_NUMBER));
  }

  /**
   * Wire enums number the values of ours from 1, in order; 0 is what an old or broken peer sends.
   */
  static <E extends Enum<E>> E value(String field, E[] values, int number) {
    if (number < 1 || number > values.length) {
      throw InvalidPlanException.newer(field, "number " + number, "1 to " + values.length);
    }
    return values[number - 1];
  }
}
