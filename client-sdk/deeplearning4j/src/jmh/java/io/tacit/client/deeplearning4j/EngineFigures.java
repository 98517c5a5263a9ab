package io.tacit.client.deeplearning4j;

import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TabularExamples;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import java.util.List;
import java.util.Locale;

/**
 * How fast both engines train the same tasks, in one thread. From the root:
 *
 * <pre>
 * mvn -B -Pengines -Dchecks=off -DskipTests -pl client-sdk/deeplearning4j -am verify
 * </pre>
 *
 * <p>Prints the best of {@value #RUNS} runs, after as many seconds of warm-up.
 */
public final class EngineFigures {

  private static final int RUNS = 5;
  private static final long WARM_UP_NANOS = 5_000_000_000L;

  private EngineFigures() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws TrainingDivergedException {
    TrainingTask small =
        task(
            List.of(
                new DenseLayer(64, Activation.RELU),
                new DenseLayer(32, Activation.RELU),
                new DenseLayer(1, Activation.SIGMOID)),
            5,
            Loss.BINARY_CROSS_ENTROPY,
            16_000,
            new TrainingSettings(OptimiserKind.ADAM, 0.001, 1, 32, 0, false, 0));
    TrainingTask images =
        task(
            List.of(
                new DenseLayer(200, Activation.RELU),
                new DenseLayer(200, Activation.RELU),
                new DenseLayer(10, Activation.SOFTMAX)),
            784,
            Loss.CATEGORICAL_CROSS_ENTROPY,
            2_000,
            new TrainingSettings(OptimiserKind.SGD, 0.01, 1, 10, 0, false, 0));
    print("5-64-32-1, batch 32, Adam", small);
    print("784-200-200-10, batch 10, SGD", images);
  }

  private static void print(String what, TrainingTask task) throws TrainingDivergedException {
    System.out.printf(
        Locale.ROOT,
        "%-30s portable %,9.0f examples/s, deeplearning4j %,9.0f examples/s%n",
        what,
        examplesPerSecond(new PortableEngine(), task),
        examplesPerSecond(new Deeplearning4jEngine(), task));
  }

  private static double examplesPerSecond(TrainingEngine engine, TrainingTask task)
      throws TrainingDivergedException {
    for (long end = System.nanoTime() + WARM_UP_NANOS; System.nanoTime() < end; ) {
      engine.train(task);
    }
    double best = 0;
    for (int run = 0; run < RUNS; run++) {
      long start = System.nanoTime();
      engine.train(task);
      best = Math.max(best, task.examples().size() * 1e9 / (System.nanoTime() - start));
    }
    return best;
  }

  private static TrainingTask task(
      List<DenseLayer> layers, int inputs, Loss loss, int size, TrainingSettings settings) {
    ModelSpecification.Tabular model = new ModelSpecification.Tabular(inputs, layers, loss, 1);
    SplitMix64 random = new SplitMix64(1);
    float[] features = new float[size * inputs];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextDouble() + 0.01f;
    }
    float[] labels = new float[size];
    int classes = loss == Loss.CATEGORICAL_CROSS_ENTROPY ? model.outputs() : 2;
    for (int i = 0; i < size; i++) {
      labels[i] = random.nextInt(classes);
    }
    return new TrainingTask(
        model,
        ModelParameters.initial(model),
        TabularExamples.of(size, features, labels),
        settings,
        1);
  }
}
