package io.tacit.client.deeplearning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.training.LocalTraining;
import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingEngines;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

class Deeplearning4jEngineTest {

  private static final ModelSpecification.Tabular IMAGES =
      new ModelSpecification.Tabular(
          784,
          List.of(
              new DenseLayer(200, Activation.RELU),
              new DenseLayer(200, Activation.RELU),
              new DenseLayer(10, Activation.SOFTMAX)),
          Loss.CATEGORICAL_CROSS_ENTROPY,
          1);

  private final Deeplearning4jEngine engine = new Deeplearning4jEngine();

  @Test
  void the_class_path_chooses_it() {
    assertThat(TrainingEngines.load()).isInstanceOf(Deeplearning4jEngine.class);
    assertThat(TrainingEngines.named("deeplearning4j")).isInstanceOf(Deeplearning4jEngine.class);
    assertThat(TrainingEngines.named("portable")).isInstanceOf(PortableEngine.class);
    assertThatThrownBy(() -> TrainingEngines.named("abacus"))
        .hasMessage(
            "training engine \"abacus\" is not on the class path, which has: portable,"
                + " deeplearning4j; use one of these");
  }

  @Test
  void gives_the_private_vector_and_the_loss_that_the_portable_engine_gives()
      throws TrainingDivergedException {
    TrainingTask task = new RandomTasks(5).neuralCf(OptimiserKind.SGD);
    TrainingResult expected = new PortableEngine().train(task);

    TrainingResult result = engine.train(task);

    assertThat(result.examples()).isEqualTo(expected.examples());
    assertThat(result.delta().touched()).isEqualTo(expected.delta().touched());
    assertThat(result.meanLoss()).isCloseTo(expected.meanLoss(), within(1e-4));
    assertThat(result.userVector()).isNotNull();
  }

  @Test
  void the_same_task_gives_the_same_bits() throws TrainingDivergedException {
    TrainingTask task = new RandomTasks(6).neuralCf(OptimiserKind.ADAM);
    float[] first = engine.train(task).delta().toArray();

    assertThat(engine.train(task).delta().toArray()).isEqualTo(first);
  }

  @Test
  void sparse_adam_is_adam_for_dense_layers() throws TrainingDivergedException {
    float[] adam = engine.train(new RandomTasks(7).tabular(OptimiserKind.ADAM)).delta().toArray();

    assertThat(
            engine.train(new RandomTasks(7).tabular(OptimiserKind.SPARSE_ADAM)).delta().toArray())
        .isEqualTo(adam);
  }

  @Test
  void sparse_adam_over_embeddings_is_refused_with_the_reason() {
    TrainingTask task = new RandomTasks(8).twoTower(OptimiserKind.SPARSE_ADAM);
    String reason =
        "the Deeplearning4j engine can not train a two-tower model with SPARSE_ADAM: its updaters"
            + " move every embedding row in every step; use ADAM or SGD in the plan, or the"
            + " portable engine";

    assertThat(engine.refusal(task.specification(), task.settings())).contains(reason);
    assertThatThrownBy(() -> engine.train(task))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(reason);
  }

  @Test
  void features_of_items_and_users_are_refused_with_the_reason() {
    TrainingTask task = new RandomTasks(8).twoTower(OptimiserKind.SGD);

    for (ModelSpecification model :
        List.of(
            new ModelSpecification.TwoTower(9, 4, true, 2, 0, 1),
            new ModelSpecification.TwoTower(9, 4, true, 0, 2, 1))) {
      assertThat(engine.refusal(model, task.settings()))
          .contains(
              "the Deeplearning4j engine can not train a two-tower model with features of items or"
                  + " users; leave item-features and user-features out of the plan, or use the"
                  + " portable engine");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SGD", "ADAM"})
  void all_else_is_not_refused(OptimiserKind optimiser) {
    for (TrainingTask task :
        List.of(
            new RandomTasks(1).tabular(optimiser),
            new RandomTasks(1).twoTower(optimiser),
            new RandomTasks(1).neuralCf(optimiser))) {
      assertThat(engine.refusal(task.specification(), task.settings())).isEmpty();
    }
  }

  @Test
  void a_training_that_leaves_the_finite_numbers_has_no_result() {
    TrainingTask wild =
        new RandomTasks(9)
            .tabular(
                new ModelSpecification.Tabular(
                    3,
                    List.of(
                        new DenseLayer(4, Activation.IDENTITY),
                        new DenseLayer(1, Activation.IDENTITY)),
                    Loss.MEAN_SQUARED_ERROR,
                    1),
                20,
                new TrainingSettings(OptimiserKind.SGD, 1e30, 20, 4, 0, true, 0));

    assertThatThrownBy(() -> engine.train(wild)).isInstanceOf(TrainingDivergedException.class);
  }

  @Test
  void a_training_that_can_never_fit_into_its_memory_is_refused() {
    Deeplearning4jEngine small =
        new Deeplearning4jEngine(Deeplearning4jSettings.defaults().withNativeBytesMax(16L << 20));
    ModelSpecification.Tabular wide =
        new ModelSpecification.Tabular(
            1_000,
            List.of(new DenseLayer(2_000, Activation.RELU), new DenseLayer(1, Activation.SIGMOID)),
            Loss.BINARY_CROSS_ENTROPY,
            1);
    TrainingTask task = new RandomTasks(1).tabular(wide, 10, settings(OptimiserKind.SGD, 1, 10));

    assertThatThrownBy(() -> small.train(task))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "the training needs about \\d+ bytes of native memory, nativeBytesMax is 16777216;"
                + " raise it, lower the batch size, or use the portable engine");
    assertThat(small.refusal(task))
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("the training needs about "));
    assertThat(engine.refusal(task)).isEmpty();
  }

  @Test
  void threads_share_an_engine_and_wait_for_its_memory() throws Exception {
    // Room for one of these at a time.
    Deeplearning4jEngine narrow =
        new Deeplearning4jEngine(Deeplearning4jSettings.defaults().withNativeBytesMax(16L << 20));
    TrainingTask task = new RandomTasks(2).tabular(IMAGES, 40, settings(OptimiserKind.ADAM, 1, 10));
    assertThat(NetworkMemory.bytes(LocalTraining.of(task).model())).isGreaterThan(16L << 18);
    float[] expected = narrow.train(task).delta().toArray();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<TrainingResult>> results = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      results.add(threads.submit(() -> narrow.train(task)));
    }
    for (Future<TrainingResult> result : results) {
      assertThat(result.get().delta().toArray()).isEqualTo(expected);
    }
    threads.shutdown();
  }

  @Test
  void openmp_threads_are_set_for_the_training_and_put_back() throws TrainingDivergedException {
    Nd4j.getBackend();
    NativeOps operations = NativeOpsHolder.getInstance().getDeviceNativeOps();
    operations.setOmpNumThreads(2);

    try (NativeThread thread = NativeThread.enter(1)) {
      assertThat(operations.ompGetMaxThreads()).isEqualTo(1);
    }

    assertThat(operations.ompGetMaxThreads()).isEqualTo(2);
    engine.train(new RandomTasks(3).tabular(OptimiserKind.SGD));
    assertThat(operations.ompGetMaxThreads()).isEqualTo(2);
  }

  @Test
  void settings_have_their_limits() {
    Deeplearning4jSettings settings = Deeplearning4jSettings.defaults();
    assertThatThrownBy(() -> settings.withOpenMpThreads(0))
        .hasMessage("openMpThreads is 0, must be 1 to 256; 1 suits small networks");
    assertThatThrownBy(() -> settings.withNativeBytesMax(1 << 20))
        .hasMessage("nativeBytesMax is 1048576, must be 16 MiB to 1 TiB; 256 MiB is usual");
  }

  private static TrainingSettings settings(OptimiserKind optimiser, int epochs, int batchSize) {
    return new TrainingSettings(optimiser, 0.001, epochs, batchSize, 0, false, 0);
  }
}
