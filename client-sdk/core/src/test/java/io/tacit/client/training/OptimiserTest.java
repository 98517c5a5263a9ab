package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OptimiserTest {

  private static final ModelSpecification.NeuralCf FACTORISATION =
      new ModelSpecification.NeuralCf(30, 4, true, List.of(), 1);

  /**
   * By hand, for rate 0.1, gradients 1, 0.5, -2, start 1 (beta 0.9 and 0.999):
   *
   * <pre>
   * t = 1: m = 0.1                          v = 0.001
   *        rate = 0.1 sqrt(1 - 0.999) / (1 - 0.9)             = 0.0316227766
   *        w = 1 - 0.0316227766 * 0.1 / sqrt(0.001)           = 0.9
   * t = 2: m = 0.9 * 0.1 + 0.1 * 0.5 = 0.14
   *        v = 0.999 * 0.001 + 0.001 * 0.25 = 0.001249
   *        rate = 0.1 sqrt(1 - 0.998001) / (1 - 0.81)         = 0.0235316725
   *        w = 0.9 - 0.0235316725 * 0.14 / 0.0353412             = 0.8067821
   * t = 3: m = 0.9 * 0.14 - 0.1 * 2 = -0.074
   *        v = 0.999 * 0.001249 + 0.001 * 4 = 0.005247751
   *        rate = 0.1 sqrt(1 - 0.997002999) / (1 - 0.729)     = 0.0202010597
   *        w = 0.8067821 + 0.0202010597 * 0.074 / 0.0724414      = 0.8274178
   * </pre>
   */
  @Test
  void adam_takes_three_steps_as_computed_by_hand() {
    float[][] rows = {{1}};
    Adam adam = new Adam(rows, 0.1f, true);

    adam.beginStep();
    adam.move(0, new float[] {1});
    assertThat(rows[0][0]).isCloseTo(0.9f, within(1e-6f));
    adam.beginStep();
    adam.move(0, new float[] {0.5f});
    assertThat(rows[0][0]).isCloseTo(0.8067821f, within(1e-6f));
    adam.beginStep();
    adam.move(0, new float[] {-2});
    assertThat(rows[0][0]).isCloseTo(0.8274178f, within(1e-6f));
  }

  @Test
  void gradient_descent_takes_a_step_against_the_gradient() {
    float[][] rows = {{1, 2}};
    new GradientDescent(rows, 0.5f).move(0, new float[] {1, -1});
    assertThat(rows[0]).containsExactly(0.5f, 2.5f);
  }

  @Test
  void a_first_moment_far_below_any_gradient_becomes_zero_and_not_denormal() {
    float[][] rows = {{1}};
    Adam adam = new Adam(rows, 0.1f, true);
    adam.beginStep();
    adam.move(0, new float[] {1});
    for (int i = 0; i < 700; i++) {
      adam.beginStep();
      adam.move(0, new float[] {0});
    }
    float before = rows[0][0];
    adam.beginStep();
    adam.move(0, new float[] {0});
    assertThat(rows[0][0]).isEqualTo(before);
  }

  @Test
  void sparse_adam_leaves_rows_alone_in_steps_that_do_not_touch_them_and_adam_does_not() {
    float[][] sparse = firstItemAfterOneStepWithAndOneWithout(OptimiserKind.SPARSE_ADAM);
    float[][] dense = firstItemAfterOneStepWithAndOneWithout(OptimiserKind.ADAM);

    assertThat(sparse[1]).as("not touched: stays").isEqualTo(sparse[0]);
    assertThat(dense[1]).as("not touched: goes on by momentum").isNotEqualTo(dense[0]);
    assertThat(dense[0]).as("both start alike").isEqualTo(sparse[0]);
  }

  /** The row of the first example's item after a step with it, and after one with the next. */
  private static float[][] firstItemAfterOneStepWithAndOneWithout(OptimiserKind kind) {
    TrainingSettings settings = new TrainingSettings(kind, 0.1, 1, 1, 0, true, 0);
    LocalTraining training = LocalTraining.of(Tasks.items(FACTORISATION, settings, 3, 9));
    Learner learner = PortableLearners.TRAINING.create(training.model());
    float[][] rows = Tasks.rows(training.model());
    float[][] start = {rows[0].clone(), rows[1].clone()};
    int[] examples = training.order().epoch(0);
    learner.step(examples, 0, 1, 1);
    int first = Arrays.equals(rows[0], start[0]) ? 1 : 0;
    float[] after = rows[first].clone();
    learner.step(examples, 1, 2, 1);
    return new float[][] {after, rows[first].clone()};
  }

  @ParameterizedTest
  @EnumSource(OptimiserKind.class)
  void only_rows_of_own_items_and_negatives_change(OptimiserKind kind)
      throws TrainingDivergedException {
    TrainingSettings settings = new TrainingSettings(kind, 0.1, 3, 2, 0, false, 0);
    TrainingResult result = new PortableEngine().train(Tasks.items(FACTORISATION, settings, 3, 9));

    float[] delta = result.delta().toArray();
    for (int item = 0; item < 30; item++) {
      boolean own = item == 3 || item == 9;
      assertThat(delta[4 * item] != 0).as("embedding of item %d", item).isEqualTo(own);
      assertThat(delta[120 + item] != 0).as("bias of item %d", item).isEqualTo(own);
    }
    assertThat(result.delta().touched()).isEqualTo(2 * 5);
  }

  @ParameterizedTest
  @EnumSource(OptimiserKind.class)
  void the_proximal_term_keeps_the_model_nearer_to_its_start(OptimiserKind kind)
      throws TrainingDivergedException {
    double free = lengthOfDelta(kind, 0);
    double pulled = lengthOfDelta(kind, 1);
    double held = lengthOfDelta(kind, 5);

    assertThat(pulled).isLessThan(0.95 * free);
    assertThat(held).isLessThan(0.8 * pulled);
  }

  @Test
  void a_proximal_weight_of_zero_is_off() {
    assertThat(Optimiser.of(Tasks.oneStep(0.1, 0), new float[][] {{1}}, 0))
        .isInstanceOf(GradientDescent.class);
  }

  /** By hand: w = start + 1, g = 3, mu = 0.5, rate 0.1: w - 0.1 * (3 + 0.5 * 1). */
  @Test
  void the_proximal_term_adds_mu_times_the_distance_to_the_gradient() {
    float[][] rows = {{2}};
    Optimiser optimiser = Optimiser.of(Tasks.oneStep(0.1, 0), rows, 0.5);
    rows[0][0] = 3;
    optimiser.move(0, new float[] {3});
    assertThat(rows[0][0]).isCloseTo(3 - 0.1f * 3.5f, within(1e-6f));
  }

  private static double lengthOfDelta(OptimiserKind kind, double proximal)
      throws TrainingDivergedException {
    List<DenseLayer> layers =
        List.of(new DenseLayer(8, Activation.TANH), new DenseLayer(1, Activation.SIGMOID));
    TrainingSettings settings = new TrainingSettings(kind, 0.05, 20, 4, 0, false, proximal);
    TrainingTask task = Tasks.tabular(3, layers, Loss.BINARY_CROSS_ENTROPY, 12, settings);
    double squares = 0;
    for (float element : new PortableEngine().train(task).delta().toArray()) {
      squares += (double) element * element;
    }
    return Math.sqrt(squares);
  }
}
