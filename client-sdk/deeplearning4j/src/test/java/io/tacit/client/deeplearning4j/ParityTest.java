package io.tacit.client.deeplearning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.training.Learner;
import io.tacit.client.training.LocalModel;
import io.tacit.client.training.LocalTraining;
import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingResult;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
  void random_matrix_factorisations_agree_after_each_of_20_steps(
      OptimiserKind optimiser, long seed) throws TrainingDivergedException {
    SideBySide.run(new RandomTasks(seed).matrixFactorisation(optimiser), TOLERANCE, LOSS_TOLERANCE);
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("seeds")
  void random_neural_cf_models_agree_after_each_of_20_steps(OptimiserKind optimiser, long seed)
      throws TrainingDivergedException {
    SideBySide.run(new RandomTasks(seed).neuralCf(optimiser), TOLERANCE, LOSS_TOLERANCE);
  }
}
