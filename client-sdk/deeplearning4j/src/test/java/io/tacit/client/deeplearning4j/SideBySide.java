package io.tacit.client.deeplearning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.training.Learner;
import io.tacit.client.training.LocalModel;
import io.tacit.client.training.LocalTraining;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingTask;

/** Takes every step of a training with both engines and compares what came of it. */
final class SideBySide implements Learner {

  private static final int STEPS_COMPARED = 20;

  private final Learner portable;
  private final LocalModel portableModel;
  private final Learner deeplearning4j;
  private final LocalModel deeplearning4jModel;
  private final double tolerance;
  private final double lossTolerance;
  private int steps;

  private SideBySide(
      LocalModel portableModel,
      LocalModel deeplearning4jModel,
      double tolerance,
      double lossTolerance) {
    this.portableModel = portableModel;
    this.portable = PortableEngine.learner(portableModel);
    this.deeplearning4jModel = deeplearning4jModel;
    this.deeplearning4j = NetworkLearner.of(deeplearning4jModel);
    this.tolerance = tolerance;
    this.lossTolerance = lossTolerance;
  }

  /**
   * Runs a task of at least 20 steps.
   *
   * @param tolerance largest difference of a parameter after each of the first 20 steps
   * @param lossTolerance largest difference of the sum of losses of a step, plus as much of its
   *     size
   */
  static void run(TrainingTask task, double tolerance, double lossTolerance)
      throws TrainingDivergedException {
    try (NativeThread thread = NativeThread.enter(1)) {
      LocalTraining.of(task)
          .run(
              model ->
                  new SideBySide(LocalTraining.of(task).model(), model, tolerance, lossTolerance));
    }
  }

  @Override
  public double step(int[] examples, int from, int to, float scale) {
    if (steps == STEPS_COMPARED) {
      return 0;
    }
    steps++;
    double expected = portable.step(examples, from, to, scale);
    double loss = deeplearning4j.step(examples, from, to, scale);
    assertThat(loss)
        .as("loss before step %d", steps)
        .isCloseTo(expected, within(lossTolerance * (1 + Math.abs(expected))));
    deeplearning4j.finish();
    assertThat(RandomTasks.values(deeplearning4jModel))
        .as("parameters after step %d", steps)
        .containsExactly(RandomTasks.values(portableModel), within((float) tolerance));
    return loss;
  }

  @Override
  public void finish() {
    assertThat(steps).as("steps").isEqualTo(STEPS_COMPARED);
    deeplearning4j.finish();
  }

  @Override
  public void close() {
    deeplearning4j.close();
  }
}
