package io.tacit.client.deeplearning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TabularExamples;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The two engines take the same steps: same start, same batches, parameters equal within 1e-5 after
 * each of 20 batches, for SGD and dense Adam.
 */
class ParityTest {

  private static final int SEEDS = 8;
  private static final double TOLERANCE = 1e-5;
  private static final double LOSS_TOLERANCE = 1e-5;

  static Stream<Arguments> seeds() {
    return Stream.of(OptimiserKind.SGD, OptimiserKind.ADAM)
        .flatMap(kind -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(kind, seed)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("seeds")
  void random_perceptrons_agree_after_each_of_20_steps(OptimiserKind optimiser, long seed)
      throws TrainingDivergedException {
    SideBySide.run(new RandomTasks(seed).tabular(optimiser), TOLERANCE, LOSS_TOLERANCE);
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("seeds")
  void random_two_tower_models_agree_after_each_of_20_steps(OptimiserKind optimiser, long seed)
      throws TrainingDivergedException {
    SideBySide.run(new RandomTasks(seed).twoTower(optimiser), TOLERANCE, LOSS_TOLERANCE);
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("seeds")
  void random_matrix_factorisations_agree_after_each_of_20_steps(OptimiserKind optimiser, long seed)
      throws TrainingDivergedException {
    SideBySide.run(new RandomTasks(seed).matrixFactorisation(optimiser), TOLERANCE, LOSS_TOLERANCE);
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("seeds")
  void random_neural_cf_models_agree_after_each_of_20_steps(OptimiserKind optimiser, long seed)
      throws TrainingDivergedException {
    SideBySide.run(new RandomTasks(seed).neuralCf(optimiser), TOLERANCE, LOSS_TOLERANCE);
  }

  /** The gradient is what one step of rate 1 moves. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
  void gradients_agree(long seed) throws TrainingDivergedException {
    for (TrainingTask random :
        List.of(
            new RandomTasks(seed).tabular(OptimiserKind.SGD),
            new RandomTasks(seed).twoTower(OptimiserKind.SGD),
            new RandomTasks(seed).matrixFactorisation(OptimiserKind.SGD),
            new RandomTasks(seed).neuralCf(OptimiserKind.SGD))) {
      TrainingTask task =
          withSettings(random, new TrainingSettings(OptimiserKind.SGD, 1, 1, 0, 2, true, 0));
      float[] expected = new PortableEngine().train(task).delta().toArray();
      float[] gradient = new Deeplearning4jEngine().train(task).delta().toArray();
      for (int i = 0; i < expected.length; i++) {
        assertThat(gradient[i])
            .as("%s, parameter %d", task.specification().kind(), i)
            .isCloseTo(expected[i], within((float) TOLERANCE * (1 + Math.abs(expected[i]))));
      }
    }
  }

  /** Where the sigmoid is 0 or 1 in float, Deeplearning4j's own loss has no gradient left. */
  @ParameterizedTest
  @ValueSource(floats = {-40, -14, 14, 40})
  void certain_and_wrong_predictions_are_corrected(float bias) throws TrainingDivergedException {
    ModelSpecification.Tabular model =
        new ModelSpecification.Tabular(
            1, List.of(new DenseLayer(1, Activation.SIGMOID)), Loss.BINARY_CROSS_ENTROPY, 1);
    TrainingTask task =
        new TrainingTask(
            model,
            ModelParameters.copyOf(new float[] {0.5f, bias}),
            TabularExamples.of(1, new float[] {0.25f}, new float[] {bias < 0 ? 1 : 0}),
            new TrainingSettings(OptimiserKind.SGD, 0.1, 20, 0, 0, true, 0),
            1);

    SideBySide.run(task, TOLERANCE, LOSS_TOLERANCE);

    assertThat(Math.abs(new Deeplearning4jEngine().train(task).delta().toArray()[1]))
        .isGreaterThan(1);
  }

  private static TrainingTask withSettings(TrainingTask task, TrainingSettings settings) {
    return new TrainingTask(
        task.specification(), task.start(), task.examples(), settings, task.seed());
  }
}
