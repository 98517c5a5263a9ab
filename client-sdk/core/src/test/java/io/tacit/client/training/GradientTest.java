package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients against central differences {@code (L(w + h) - L(w - h)) / 2h} with h = 1/1024, exact
 * in binary and small enough that no rectifier of these tasks changes sides. Losses here are below
 * 20 and computed from float activations, each right to about 1e-7 of its size; over 2h that gives
 * up to 1e-3, and the cubic term of the expansion far less. So gradients must agree within 2e-3
 * (plus as much of their own size), where a wrong sign or a missing factor or term is off by more
 * than 1e-2 somewhere.
 */
class GradientTest {

  private static final float H = 1f / 1024;
  private static final double TOLERANCE = 2e-3;

  static List<Arguments> perceptrons() {
    List<Arguments> all = new ArrayList<>();
    for (Activation hidden :
        List.of(Activation.IDENTITY, Activation.RELU, Activation.SIGMOID, Activation.TANH)) {
      all.add(Arguments.of(hidden, Activation.SIGMOID, Loss.BINARY_CROSS_ENTROPY, 1));
      all.add(Arguments.of(hidden, Activation.SIGMOID, Loss.BINARY_CROSS_ENTROPY, 3));
      all.add(Arguments.of(hidden, Activation.SOFTMAX, Loss.CATEGORICAL_CROSS_ENTROPY, 4));
      for (Activation last :
          List.of(Activation.IDENTITY, Activation.RELU, Activation.SIGMOID, Activation.TANH)) {
        all.add(Arguments.of(hidden, last, Loss.MEAN_SQUARED_ERROR, 3));
      }
    }
    return all;
  }

  @ParameterizedTest(name = "{0} then {1} with {2} over {3} outputs")
  @MethodSource("perceptrons")
  void agrees_with_finite_differences_for_every_layer_and_loss(
      Activation hidden, Activation last, Loss loss, int outputs) {
    List<DenseLayer> layers =
        List.of(
            new DenseLayer(6, hidden), new DenseLayer(5, hidden), new DenseLayer(outputs, last));
    double largest = assertGradientsAgree(Tasks.tabular(3, layers, loss, 7, Tasks.oneStep(0.1, 0)));
    assertThat(largest).as("a gradient worth comparing").isGreaterThan(0.02);
  }

  static List<ModelSpecification> itemModels() {
    List<DenseLayer> tower =
        List.of(new DenseLayer(5, Activation.TANH), new DenseLayer(3, Activation.SIGMOID));
    List<ModelSpecification> all = new ArrayList<>();
    for (boolean bias : new boolean[] {false, true}) {
      all.add(new ModelSpecification.TwoTower(9, 5, bias, 1));
      all.add(new ModelSpecification.TwoTower(9, 5, bias, 0, 0, new Recency(0.7, 2), 1));
      all.add(new ModelSpecification.NeuralCf(9, 5, bias, List.of(), 1));
      all.add(new ModelSpecification.NeuralCf(9, 5, bias, tower, 1));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("itemModels")
  void agrees_with_finite_differences_for_models_of_items(ModelSpecification model) {
    double largest = assertGradientsAgree(Tasks.items(model, Tasks.oneStep(0.1, 1), 4, 0, 7));
    assertThat(largest).as("a gradient worth comparing").isGreaterThan(0.02);
  }

  @ParameterizedTest
  @MethodSource("itemModels")
  void agrees_for_a_device_with_one_item_and_no_negatives(ModelSpecification model) {
    assertGradientsAgree(Tasks.items(model, Tasks.oneStep(0.1, 0), 4));
  }

  static List<ModelSpecification> itemModelsWithFeatures() {
    List<DenseLayer> tower = List.of(new DenseLayer(5, Activation.TANH));
    List<ModelSpecification> all = new ArrayList<>();
    for (boolean bias : new boolean[] {false, true}) {
      all.add(new ModelSpecification.TwoTower(9, 5, bias, 4, 3, 1));
      all.add(new ModelSpecification.TwoTower(9, 5, bias, 4, 3, new Recency(0.7, 2), 1));
      all.add(new ModelSpecification.NeuralCf(9, 5, bias, List.of(), 4, 3, 1));
      all.add(new ModelSpecification.NeuralCf(9, 5, bias, tower, 4, 3, 1));
      all.add(new ModelSpecification.TwoTower(9, 5, bias, 4, 0, 1));
      all.add(new ModelSpecification.TwoTower(9, 5, bias, 0, 3, 1));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("itemModelsWithFeatures")
  void agrees_with_finite_differences_for_features_of_items_and_users(ModelSpecification model) {
    TrainingTask task =
        Tasks.withFeatures(Tasks.items(model, Tasks.oneStep(0.1, 1), 4, 0, 7), 4, 3);

    double largest = assertGradientsAgree(task);

    assertThat(largest).as("a gradient worth comparing").isGreaterThan(0.02);
    assertGradientsAgree(task, 1, 4, 0.25f);
  }

  @Test
  void a_part_of_the_examples_and_a_scale_give_that_part_scaled() {
    TrainingTask task =
        Tasks.items(new ModelSpecification.TwoTower(9, 5, true, 1), Tasks.oneStep(0.1, 1), 4, 0, 7);
    assertGradientsAgree(task, 1, 4, 0.25f);
  }

  private static double assertGradientsAgree(TrainingTask task) {
    return assertGradientsAgree(task, 0, Integer.MAX_VALUE, 1);
  }

  /** Returns the largest gradient of a shared parameter. */
  private static double assertGradientsAgree(TrainingTask task, int from, int end, float scale) {
    RecordedGradients shared = new RecordedGradients();
    RecordedGradients ofUser = new RecordedGradients();
    LocalTraining training = LocalTraining.of(task);
    Learner learner = new PortableLearners(shared::over, ofUser::over).create(training.model());
    int[] order = training.order().epoch(0);
    int to = Math.min(end, order.length);
    Step step = () -> learner.step(order, from, to, scale);
    step.loss();
    double largest = assertAgree(step, scale, Tasks.rows(training.model()), shared.copy());
    if (training.model() instanceof LocalModel.NeuralCf neuralCf) {
      step.loss();
      assertAgree(step, scale, new float[][] {neuralCf.user()}, ofUser.copy());
    }
    return largest;
  }

  private static double assertAgree(Step step, float scale, float[][] rows, float[][] gradients) {
    double largest = 0;
    for (int row = 0; row < rows.length; row++) {
      for (int j = 0; j < rows[row].length; j++) {
        float w = rows[row][j];
        rows[row][j] = w + H;
        double above = step.loss();
        rows[row][j] = w - H;
        double below = step.loss();
        rows[row][j] = w;
        double expected = scale * (above - below) / (2 * H);
        assertThat((double) gradients[row][j])
            .as("row %d element %d", row, j)
            .isCloseTo(expected, within(TOLERANCE * (1 + Math.abs(expected))));
        largest = Math.max(largest, Math.abs(expected));
      }
    }
    return largest;
  }

  /** The same step again. */
  private interface Step {
    double loss();
  }

  /** Keeps gradients and moves nothing. */
  private static final class RecordedGradients implements Optimiser {

    private float[][] gradients = {};

    Optimiser over(TrainingSettings settings, float[][] rows, double proximal) {
      gradients = new float[rows.length][];
      for (int row = 0; row < rows.length; row++) {
        gradients[row] = new float[rows[row].length];
      }
      return this;
    }

    @Override
    public void beginStep() {
      for (float[] gradient : gradients) {
        Arrays.fill(gradient, 0);
      }
    }

    @Override
    public void move(int row, float[] gradient) {
      for (int j = 0; j < gradient.length; j++) {
        gradients[row][j] += gradient[j];
      }
    }

    @Override
    public boolean movesUntouched() {
      return true;
    }

    float[][] copy() {
      float[][] copy = gradients.clone();
      for (int row = 0; row < copy.length; row++) {
        copy[row] = copy[row].clone();
      }
      return copy;
    }
  }
}
