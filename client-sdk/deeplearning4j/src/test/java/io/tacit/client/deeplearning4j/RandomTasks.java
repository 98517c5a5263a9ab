package io.tacit.client.deeplearning4j;

import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.LocalModel;
import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.TabularExamples;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import io.tacit.protocol.model.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Small trainings of random models on random examples; a seed gives the same again. */
final class RandomTasks {

  private static final List<Activation> ELEMENTWISE =
      List.of(Activation.IDENTITY, Activation.RELU, Activation.SIGMOID, Activation.TANH);

  private final SplitMix64 random;
  private final long seed;

  RandomTasks(long seed) {
    this.seed = seed;
    this.random = new SplitMix64(seed);
  }

  /** A perceptron of up to three hidden layers with any loss. */
  TrainingTask tabular(OptimiserKind optimiser) {
    int inputs = 1 + random.nextInt(9);
    Loss loss = Loss.values()[random.nextInt(3)];
    Activation last =
        switch (loss) {
          case BINARY_CROSS_ENTROPY -> Activation.SIGMOID;
          case CATEGORICAL_CROSS_ENTROPY -> Activation.SOFTMAX;
          case MEAN_SQUARED_ERROR -> ELEMENTWISE.get(random.nextInt(4));
        };
    List<DenseLayer> layers = hidden(random.nextInt(4));
    int outputs =
        loss == Loss.CATEGORICAL_CROSS_ENTROPY ? 2 + random.nextInt(4) : 1 + random.nextInt(3);
    layers.add(new DenseLayer(outputs, last));
    return tabular(
        new ModelSpecification.Tabular(inputs, layers, loss, seed), 33, settings(optimiser));
  }

  /** Random features, one row of them all 0. */
  TrainingTask tabular(ModelSpecification.Tabular model, int size, TrainingSettings settings) {
    float[] features = new float[size * model.inputs()];
    for (int i = model.inputs(); i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    boolean classes = model.loss() == Loss.CATEGORICAL_CROSS_ENTROPY;
    float[] labels = new float[classes ? size : size * model.outputs()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = classes ? random.nextInt(model.outputs()) : (float) random.nextDouble();
    }
    return new TrainingTask(
        model, parameters(model), TabularExamples.of(size, features, labels), settings, seed);
  }

  TrainingTask twoTower(OptimiserKind optimiser) {
    ModelSpecification model =
        new ModelSpecification.TwoTower(
            40,
            1 + random.nextInt(8),
            random.nextInt(2) == 0,
            0,
            0,
            random.nextInt(2) == 0 ? Recency.NONE : new Recency(random.nextDouble(), 2),
            seed);
    return items(model, settings(optimiser));
  }

  TrainingTask matrixFactorisation(OptimiserKind optimiser) {
    ModelSpecification model =
        new ModelSpecification.NeuralCf(
            40, 1 + random.nextInt(8), random.nextInt(2) == 0, List.of(), seed);
    return items(model, settings(optimiser));
  }

  TrainingTask neuralCf(OptimiserKind optimiser) {
    ModelSpecification model =
        new ModelSpecification.NeuralCf(
            40, 1 + random.nextInt(8), random.nextInt(2) == 0, hidden(1 + random.nextInt(2)), seed);
    return items(model, settings(optimiser));
  }

  /** Up to seven own items. */
  TrainingTask items(ModelSpecification model, TrainingSettings settings) {
    int[] own = new int[1 + random.nextInt(7)];
    for (int i = 0; i < own.length; i++) {
      own[i] = 5 * i + random.nextInt(5);
    }
    return new TrainingTask(model, parameters(model), InteractionExamples.of(own), settings, seed);
  }

  private List<DenseLayer> hidden(int count) {
    List<DenseLayer> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      layers.add(new DenseLayer(1 + random.nextInt(9), ELEMENTWISE.get(random.nextInt(4))));
    }
    return layers;
  }

  /** At least 20 steps, most of them in more than one per epoch, the last of an epoch smaller. */
  private TrainingSettings settings(OptimiserKind optimiser) {
    boolean sumLoss = random.nextInt(2) == 0;
    double rate = optimiser == OptimiserKind.SGD ? (sumLoss ? 0.01 : 0.1) : 0.001;
    double proximal = random.nextInt(2) == 0 ? 0 : 0.1;
    int batchSize = random.nextInt(3) == 0 ? 0 : 4 + random.nextInt(5);
    return new TrainingSettings(optimiser, rate, 20, batchSize, 2, sumLoss, proximal);
  }

  private ModelParameters parameters(ModelSpecification model) {
    float[] values = new float[model.layout().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.4 * random.nextGaussian());
    }
    return ModelParameters.copyOf(values);
  }

  /** The rows that a training changes, and the private vector behind them; a copy. */
  static float[] values(LocalModel model) {
    List<float[]> rows = rows(model);
    float[] values = new float[rows.stream().mapToInt(row -> row.length).sum()];
    int filled = 0;
    for (float[] row : rows) {
      System.arraycopy(row, 0, values, filled, row.length);
      filled += row.length;
    }
    return values;
  }

  /** Overwrites all that {@link #values} returns. */
  static void fill(LocalModel model, float value) {
    rows(model).forEach(row -> Arrays.fill(row, value));
  }

  private static List<float[]> rows(LocalModel model) {
    if (model instanceof LocalModel.Tabular tabular) {
      return List.of(tabular.rows());
    }
    if (model instanceof LocalModel.TwoTower twoTower) {
      return List.of(twoTower.rows());
    }
    LocalModel.NeuralCf neuralCf = (LocalModel.NeuralCf) model;
    return Stream.concat(Arrays.stream(neuralCf.rows()), Stream.of(neuralCf.user())).toList();
  }
}
