package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps allocate nothing: phones pay for garbage with pauses, simulations with cores. */
class AllocationTest {

  private static final int WARM_UP_EPOCHS = 20;
  private static final int MEASURED_EPOCHS = 200;

  /** The smallest object has 16 bytes; below that per epoch, no step of it allocates. */
  private static final int BYTES_PER_EPOCH_MAX = 15;

  static List<TrainingTask> tasks() {
    TrainingSettings settings =
        new TrainingSettings(
            OptimiserKind.ADAM, 0.001, WARM_UP_EPOCHS + MEASURED_EPOCHS, 5, 3, false, 0.01);
    List<DenseLayer> layers =
        List.of(new DenseLayer(9, Activation.RELU), new DenseLayer(3, Activation.SOFTMAX));
    List<DenseLayer> tower = List.of(new DenseLayer(4, Activation.RELU));
    return List.of(
        Tasks.tabular(6, layers, Loss.CATEGORICAL_CROSS_ENTROPY, 40, settings),
        Tasks.items(new ModelSpecification.TwoTower(90, 8, true, 1), settings, 1, 5, 9, 70),
        Tasks.items(
            new ModelSpecification.TwoTower(90, 8, true, 0, 0, new Recency(0.5, 2), 1),
            settings,
            1,
            5,
            9,
            70),
        Tasks.items(
            new ModelSpecification.NeuralCf(90, 8, true, List.of(), 1), settings, 1, 5, 9, 70),
        Tasks.items(new ModelSpecification.NeuralCf(90, 8, true, tower, 1), settings, 1, 5, 9, 70));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void an_epoch_allocates_nothing(TrainingTask task) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    LocalTraining training = LocalTraining.of(task);
    Learner learner = PortableLearners.TRAINING.create(training.model());
    runEpochs(training.order(), learner, 0, WARM_UP_EPOCHS);

    long before = threads.getThreadAllocatedBytes(thread);
    runEpochs(training.order(), learner, WARM_UP_EPOCHS, WARM_UP_EPOCHS + MEASURED_EPOCHS);
    long bytes = threads.getThreadAllocatedBytes(thread) - before;

    assertThat(bytes / MEASURED_EPOCHS)
        .as("bytes per epoch of %s", task.specification().kind())
        .isLessThanOrEqualTo(BYTES_PER_EPOCH_MAX);
  }

  private static void runEpochs(ExampleOrder order, Learner learner, int from, int to) {
    for (int epoch = from; epoch < to; epoch++) {
      int[] examples = order.epoch(epoch);
      for (int first = 0; first < examples.length; first += 5) {
        learner.step(examples, first, Math.min(first + 5, examples.length), 0.2f);
      }
    }
  }
}
