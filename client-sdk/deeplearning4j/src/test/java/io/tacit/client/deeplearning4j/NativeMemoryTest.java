package io.tacit.client.deeplearning4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.training.LocalTraining;
import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/**
 * Native memory over many trainings. The heap of this module's tests is touched before they begin
 * (see the pom), so that what the process grows by is native.
 */
class NativeMemoryTest {

  private static final int WARM_UP = 40;
  private static final int MEASURED = 160;

  /** Metadata and compiled code go on growing a little; the arenas of malloc fill up. */
  private static final long GROWTH_BYTES_MAX = 96L << 20;

  /** With Adam, each training holds 4 MB in parameters, gradients and moments. */
  private static final ModelSpecification.Tabular MODEL =
      new ModelSpecification.Tabular(
          784,
          List.of(new DenseLayer(300, Activation.RELU), new DenseLayer(10, Activation.SOFTMAX)),
          Loss.CATEGORICAL_CROSS_ENTROPY,
          1);

  @Test
  void many_trainings_need_no_more_than_one() throws TrainingDivergedException {
    Deeplearning4jEngine engine = new Deeplearning4jEngine();
    TrainingTask images =
        new RandomTasks(1)
            .tabular(
                MODEL, 20, new TrainingSettings(OptimiserKind.ADAM, 0.001, 1, 10, 0, false, 0.01));
    TrainingTask items = new RandomTasks(2).neuralCf(OptimiserKind.ADAM);
    assertThat(MEASURED * (NetworkMemory.bytes(LocalTraining.of(images).model()) / 2))
        .as("what trainings that free nothing would leave behind")
        .isGreaterThan(4 * GROWTH_BYTES_MAX);

    train(engine, images, items, WARM_UP);
    long before = Pointer.physicalBytes();
    train(engine, images, items, MEASURED);

    long growth = Pointer.physicalBytes() - before;
    System.out.println("native growth over " + MEASURED + " trainings: " + (growth >> 10) + " KiB");
    assertThat(growth).isLessThan(GROWTH_BYTES_MAX);
  }

  /** A process of its own, as JavaCPP reads its limits once. */
  @Test
  void the_first_engine_limits_the_process() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                PrintLimits.class.getName())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    long heap = Long.parseLong(output.split(" ")[0]);
    assertThat(output)
        .isEqualTo(heap + " " + (256L << 20) + " " + (heap + (256L << 20) + (768L << 20)));
  }

  /** Prints the heap's maximum, and JavaCPP's limits once an engine is there. */
  static final class PrintLimits {

    public static void main(String[] arguments) {
      assertThat(new Deeplearning4jEngine()).isNotNull();
      System.out.print(
          Runtime.getRuntime().maxMemory()
              + " "
              + Pointer.maxBytes()
              + " "
              + Pointer.maxPhysicalBytes());
    }
  }

  private static void train(
      Deeplearning4jEngine engine, TrainingTask images, TrainingTask items, int times)
      throws TrainingDivergedException {
    for (int i = 0; i < times; i++) {
      engine.train(images);
      if (i % 10 == 0) {
        engine.train(items);
      }
    }
  }
}
