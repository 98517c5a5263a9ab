package io.tacit.client.training;

import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import io.tacit.protocol.model.SplitMix64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast one core trains. Run from the root, all benchmarks or those whose name a regular
 * expression finds:
 *
 * <pre>
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl client-sdk/core -am verify
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl client-sdk/core -am verify -Dbenchmark=two_tower
 * </pre>
 *
 * <p>Scores are examples per second for tabular models, trainings of one device per second for
 * models of items. {@link TrainingFigures} prints them beside what the machine could do at most.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseSerialGC")
public class TrainingBenchmark {

  private static final int SMALL_EXAMPLES = 32_000;
  private static final int IMAGES = 2_000;

  private final PortableEngine engine = new PortableEngine();
  private final TrainingTask small =
      tabular(
          new ModelSpecification.Tabular(
              5,
              List.of(
                  new DenseLayer(64, Activation.RELU),
                  new DenseLayer(32, Activation.RELU),
                  new DenseLayer(1, Activation.SIGMOID)),
              Loss.BINARY_CROSS_ENTROPY,
              1),
          SMALL_EXAMPLES,
          2,
          new TrainingSettings(OptimiserKind.ADAM, 0.001, 1, 32, 0, false, 0));

  private final TrainingTask images =
      tabular(
          new ModelSpecification.Tabular(
              784,
              List.of(
                  new DenseLayer(200, Activation.RELU),
                  new DenseLayer(200, Activation.RELU),
                  new DenseLayer(10, Activation.SOFTMAX)),
              Loss.CATEGORICAL_CROSS_ENTROPY,
              1),
          IMAGES,
          10,
          new TrainingSettings(OptimiserKind.SGD, 0.01, 1, 10, 0, false, 0));

  private final TrainingTask twoTower =
      items(
          new ModelSpecification.TwoTower(294, 16, true, 1),
          10,
          new TrainingSettings(OptimiserKind.SGD, 0.1, 5, 0, 4, true, 0));

  private final TrainingTask twoTowerWithRecency =
      items(
          new ModelSpecification.TwoTower(294, 16, true, 0, 0, new Recency(0.8, 5), 1),
          10,
          new TrainingSettings(OptimiserKind.SGD, 0.1, 5, 0, 4, true, 0));

  private final TrainingTask matrixFactorisation =
      items(
          new ModelSpecification.NeuralCf(1_682, 32, true, List.of(), 1),
          84,
          new TrainingSettings(OptimiserKind.SGD, 0.1, 5, 10, 4, true, 0));

  /** 5-64-32-1, batch 32, Adam. */
  @Benchmark
  @OperationsPerInvocation(SMALL_EXAMPLES)
  public TrainingResult small_perceptron_with_adam() throws TrainingDivergedException {
    return engine.train(small);
  }

  /** 784-200-200-10, batch 10, SGD. */
  @Benchmark
  @OperationsPerInvocation(IMAGES)
  public TrainingResult images_with_gradient_descent() throws TrainingDivergedException {
    return engine.train(images);
  }

  /** One device with 10 of 294 items, dimension 16, 5 epochs of one step, 4 negatives. */
  @Benchmark
  public TrainingResult two_tower_device() throws TrainingDivergedException {
    return engine.train(twoTower);
  }

  /** The same device, whose latest items count more. */
  @Benchmark
  public TrainingResult two_tower_device_with_recency() throws TrainingDivergedException {
    return engine.train(twoTowerWithRecency);
  }

  /** One device with 84 of 1,682 items, dimension 32, 5 epochs in steps of 10, 4 negatives. */
  @Benchmark
  public TrainingResult matrix_factorisation_device() throws TrainingDivergedException {
    return engine.train(matrixFactorisation);
  }

  /** Random examples of which no feature is 0, so that nothing could be skipped. */
  private static TrainingTask tabular(
      ModelSpecification.Tabular model, int size, int classes, TrainingSettings settings) {
    SplitMix64 random = new SplitMix64(1);
    float[] features = new float[size * model.inputs()];
    float[] labels = new float[size];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextDouble() + 0.01f;
    }
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

  private static TrainingTask items(ModelSpecification model, int own, TrainingSettings settings) {
    int[] items = new int[own];
    for (int i = 0; i < own; i++) {
      items[i] = 7 * i + 3;
    }
    return new TrainingTask(
        model, ModelParameters.initial(model), InteractionExamples.of(items), settings, 1);
  }
}
