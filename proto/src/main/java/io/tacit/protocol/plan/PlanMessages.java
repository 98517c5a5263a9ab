package io.tacit.protocol.plan;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.v1.NeuralCfModel;
import io.tacit.protocol.v1.TabularModel;
import io.tacit.protocol.v1.TwoTowerModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wire form of a plan: {@code tacit.v1.TrainingPlan} both ways. */
final class PlanMessages {

  private PlanMessages() {}

  static io.tacit.protocol.v1.TrainingPlan encode(TrainingPlan plan) {
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
        .setDeadlines(
            io.tacit.protocol.v1.DeadlineSettings.newBuilder()
                .setTrainMillis(plan.deadlines().train().toMillis())
                .setAdvertiseMillis(plan.deadlines().advertise().toMillis())
                .setInputMillis(plan.deadlines().input().toMillis()))
        .setServerOptimiser(
            io.tacit.protocol.v1.ServerOptimiserSettings.newBuilder()
                .setKindValue(plan.serverOptimiser().kind().ordinal() + 1)
                .setLearningRate(plan.serverOptimiser().learningRate())
                .setBeta1(plan.serverOptimiser().beta1())
                .setBeta2(plan.serverOptimiser().beta2())
                .setTau(plan.serverOptimiser().tau()))
        .setAggregation(
            io.tacit.protocol.v1.AggregationSettings.newBuilder()
                .setModeValue(plan.aggregation().mode().ordinal() + 1)
                .setDevelopment(plan.aggregation().development())
                .setWeightingValue(plan.aggregation().weighting().ordinal() + 1)
                .setWeightExamplesMax(plan.aggregation().weightExamplesMax()))
        .setEvaluation(
            io.tacit.protocol.v1.EvaluationSettings.newBuilder()
                .setValidationShare(plan.evaluation().validationShare()))
        .setRounds(plan.rounds())
        .setNotAfterSeconds(plan.notAfter() == null ? 0 : plan.notAfter().getEpochSecond())
        .build();
  }

  static io.tacit.protocol.v1.TrainingPlan parse(byte[] bytes) {
    if (bytes.length > WireLimits.PLAN_BYTES_MAX) {
      throw new IllegalArgumentException(
          "plan has " + bytes.length + " bytes, must be at most " + WireLimits.PLAN_BYTES_MAX);
    }
    try {
      return io.tacit.protocol.v1.TrainingPlan.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("plan is not a tacit.v1.TrainingPlan message", e);
    }
  }

  static TrainingPlan decode(io.tacit.protocol.v1.TrainingPlan message) {
    return new TrainingPlan(
        new PlanId(message.getId()),
        message.getVersion(),
        message.getPopulation(),
        decode(message.getModel()),
        FeatureMessages.decode(message.getFeatures()),
        decode(message.getClient()),
        new CohortSettings(
            message.getCohort().getSize(),
            message.getCohort().getMinimum(),
            message.getCohort().getOverSelection()),
        new DeadlineSettings(
            Duration.ofMillis(message.getDeadlines().getTrainMillis()),
            Duration.ofMillis(message.getDeadlines().getAdvertiseMillis()),
            Duration.ofMillis(message.getDeadlines().getInputMillis())),
        new ServerOptimiserSettings(
            value(
                "server-optimiser.kind",
                ServerOptimiserSettings.Kind.values(),
                message.getServerOptimiser().getKindValue()),
            message.getServerOptimiser().getLearningRate(),
            message.getServerOptimiser().getBeta1(),
            message.getServerOptimiser().getBeta2(),
            message.getServerOptimiser().getTau()),
        new AggregationSettings(
            value(
                "aggregation.mode",
                AggregationSettings.Mode.values(),
                message.getAggregation().getModeValue()),
            message.getAggregation().getDevelopment(),
            value(
                "aggregation.weighting",
                AggregationSettings.Weighting.values(),
                message.getAggregation().getWeightingValue()),
            message.getAggregation().getWeightExamplesMax()),
        new EvaluationSettings(message.getEvaluation().getValidationShare()),
        message.getRounds(),
        notAfter(message.getNotAfterSeconds()));
  }

  /** 0 is a plan without an end. */
  private static @Nullable Instant notAfter(long seconds) {
    if (seconds < 0 || seconds > TrainingPlan.NOT_AFTER_MAX.getEpochSecond()) {
      throw TrainingPlan.notAfterOutOfRange(seconds + " seconds since 1970");
    }
    return seconds == 0 ? null : Instant.ofEpochSecond(seconds);
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
              .addAllTower(encodeLayers(neuralCf.tower())));
    } else if (model instanceof ModelSpecification.TwoTower twoTower) {
      message.setTwoTower(
          TwoTowerModel.newBuilder()
              .setItems(twoTower.items())
              .setDimension(twoTower.dimension())
              .setItemBias(twoTower.itemBias()));
    }
    return message.build();
  }

  private static ModelSpecification decode(io.tacit.protocol.v1.ModelSpecification message) {
    long seed = message.getInitialSeed();
    try {
      return switch (message.getKindCase()) {
        case TABULAR -> {
          TabularModel tabular = message.getTabular();
          yield new ModelSpecification.Tabular(
              tabular.getInputs(),
              decodeLayers(tabular.getLayersList()),
              value("model.loss", Loss.values(), tabular.getLossValue()),
              seed);
        }
        case NEURAL_CF -> {
          NeuralCfModel neuralCf = message.getNeuralCf();
          yield new ModelSpecification.NeuralCf(
              neuralCf.getItems(),
              neuralCf.getDimension(),
              neuralCf.getItemBias(),
              decodeLayers(neuralCf.getTowerList()),
              seed);
        }
        case TWO_TOWER -> {
          TwoTowerModel twoTower = message.getTwoTower();
          yield new ModelSpecification.TwoTower(
              twoTower.getItems(), twoTower.getDimension(), twoTower.getItemBias(), seed);
        }
        case KIND_NOT_SET ->
            throw new InvalidPlanException(
                "model.kind",
                "missing or of a newer version",
                "tabular, neural-cf or two-tower",
                "update this software");
      };
    } catch (InvalidPlanException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw InvalidPlanException.because("model", e);
    }
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

  private static List<DenseLayer> decodeLayers(List<io.tacit.protocol.v1.DenseLayer> messages) {
    List<DenseLayer> layers = new ArrayList<>();
    for (io.tacit.protocol.v1.DenseLayer message : messages) {
      layers.add(
          new DenseLayer(
              message.getUnits(),
              value("model.activation", Activation.values(), message.getActivationValue())));
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

  private static ClientSettings decode(io.tacit.protocol.v1.ClientSettings message) {
    return new ClientSettings(
        value("client.optimiser", ClientSettings.Optimiser.values(), message.getOptimiserValue()),
        message.getLearningRate(),
        message.getEpochs(),
        message.getBatchSize(),
        message.getNegativesPerPositive(),
        message.getClipNorm(),
        message.getExamplesMin(),
        message.getExamplesMax(),
        message.getSumLoss(),
        message.getProximal());
  }

  /**
   * Wire enums number the values of ours from 1, in order; 0 is what an old or broken peer sends.
   */
  private static <E extends Enum<E>> E value(String field, E[] values, int number) {
    if (number < 1 || number > values.length) {
      throw new InvalidPlanException(
          field, "number " + number, "1 to " + values.length, "update this software");
    }
    return values[number - 1];
  }
}
