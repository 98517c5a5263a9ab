package io.tacit.client.training;

import io.tacit.client.model.SparseVector;
import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Small training tasks that tests share. */
final class Tasks {

  private Tasks() {}

  /** One full step of gradient descent on the sum of the losses. */
  static TrainingSettings oneStep(double rate, int negatives) {
    return new TrainingSettings(OptimiserKind.SGD, rate, 1, 0, negatives, true, 0);
  }

  /** Random parameters, none of them at the 0 where biases start. */
  static ModelParameters randomParameters(ModelSpecification model, long seed, double deviation) {
    SplitMix64 random = new SplitMix64(seed);
    float[] values = new float[model.layout().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return ModelParameters.copyOf(values);
  }

  static TrainingTask tabular(
      int inputs, List<DenseLayer> layers, Loss loss, int size, TrainingSettings settings) {
    ModelSpecification.Tabular model = new ModelSpecification.Tabular(inputs, layers, loss, 1);
    SplitMix64 random = new SplitMix64(7);
    float[] features = new float[size * inputs];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    boolean classes = loss == Loss.CATEGORICAL_CROSS_ENTROPY;
    float[] labels = new float[classes ? size : size * model.outputs()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = classes ? random.nextInt(model.outputs()) : (float) random.nextDouble();
    }
    return new TrainingTask(
        model,
        randomParameters(model, 3, 0.5),
        TabularExamples.of(size, features, labels),
        settings,
        11);
  }

  static TrainingTask items(ModelSpecification model, TrainingSettings settings, int... ownItems) {
    return new TrainingTask(
        model, randomParameters(model, 5, 0.5), InteractionExamples.of(ownItems), settings, 13);
  }

  /**
   * The same task, in which item i has features i and i + 1 (modulo their number), the first twice
   * as heavy, item 3 has none, and the user has the first and the last.
   */
  static TrainingTask withFeatures(TrainingTask task, int itemFeatures, int userFeatures) {
    ModelSpecification.OfItems model = (ModelSpecification.OfItems) task.specification();
    InteractionExamples examples =
        ((InteractionExamples) task.examples())
            .withFeatures(
                item ->
                    item == 3 || model.itemFeatures() == 0
                        ? SparseVector.ZERO
                        : sparse(item % itemFeatures, 1f, (item + 1) % itemFeatures, 0.5f),
                model.userFeatures() == 0
                    ? SparseVector.ZERO
                    : sparse(0, -0.75f, userFeatures - 1, 1.25f));
    return new TrainingTask(
        task.specification(), task.start(), examples, task.settings(), task.seed());
  }

  static SparseVector sparse(int place, float value, int otherPlace, float otherValue) {
    SparseVector.Builder builder = new SparseVector.Builder();
    builder.add(place, value);
    builder.add(otherPlace, otherValue);
    return builder.build();
  }

  static TrainingTask withSeed(TrainingTask task, long seed) {
    return new TrainingTask(
        task.specification(), task.start(), task.examples(), task.settings(), seed);
  }

  static TrainingTask withUser(TrainingTask task, @Nullable UserVector user) {
    return new TrainingTask(
        task.specification(), task.start(), task.examples(), task.settings(), task.seed(), user);
  }

  static TrainingTask withSettings(TrainingTask task, TrainingSettings settings) {
    return new TrainingTask(
        task.specification(), task.start(), task.examples(), settings, task.seed());
  }

  /** The rows that a training changes. */
  static float[][] rows(LocalModel model) {
    if (model instanceof LocalModel.Tabular tabular) {
      return tabular.rows();
    }
    return model instanceof LocalModel.TwoTower twoTower
        ? twoTower.rows()
        : ((LocalModel.NeuralCf) model).rows();
  }
}
