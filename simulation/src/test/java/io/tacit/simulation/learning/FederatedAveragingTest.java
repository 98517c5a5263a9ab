package io.tacit.simulation.learning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.model.TabularPredictor;
import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TabularExamples;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.coordinator.optimiser.OptimiserState;
import io.tacit.coordinator.optimiser.ServerOptimiser;
import io.tacit.coordinator.optimiser.StepOutcome;
import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Federated averaging against central training, through the real engine, codec and optimiser. */
class FederatedAveragingTest {

  private static final int INPUTS = 5;
  private static final int SHARDS = 10;
  private static final int EXAMPLES_PER_SHARD = 200;
  private static final int ROUNDS = 60;
  private static final int LOCAL_EPOCHS = 5;
  private static final int CENTRAL_EPOCHS = 30;
  private static final long SEED = 2026;

  private static final ModelSpecification.Tabular MODEL =
      new ModelSpecification.Tabular(
          INPUTS,
          List.of(new DenseLayer(16, Activation.RELU), new DenseLayer(1, Activation.SIGMOID)),
          Loss.BINARY_CROSS_ENTROPY,
          SEED);

  @Test
  void averaging_over_independent_shards_approaches_central_training() throws Exception {
    TabularExamples[] shards = new TabularExamples[SHARDS];
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = examples(EXAMPLES_PER_SHARD, SEED + i);
    }
    TabularExamples test = examples(2_000, SEED + 1_000);

    double untrained = accuracy(ModelParameters.initial(MODEL), test);
    double central = accuracy(central(shards, CENTRAL_EPOCHS), test);
    double federated = accuracy(federated(shards, ROUNDS), test);

    assertThat(central).as("central training learns the rule").isGreaterThan(0.9);
    assertThat(untrained).as("which chance does not").isLessThan(0.75);
    assertThat(federated).as("and so does averaging").isGreaterThan(central - 0.03);
  }

  private static ModelParameters federated(TabularExamples[] shards, int rounds) throws Exception {
    ModelParameters model = ModelParameters.initial(MODEL);
    FixedPointCodec codec = FixedPointCodec.forCohort(10, SHARDS);
    ServerOptimiser optimiser = new ServerOptimiser.WeightedMean();
    SplitMix64 rounding = new SplitMix64(SEED);
    for (int round = 0; round < rounds; round++) {
      int[] sum = new int[16 + model.size()];
      for (int shard = 0; shard < SHARDS; shard++) {
        float[] delta = train(model, shards[shard], LOCAL_EPOCHS, SEED + round * SHARDS + shard);
        int[] lanes = new int[sum.length];
        codec.encodeTo(lanes, delta, 1, EXAMPLES_PER_SHARD, 0.5, rounding::nextDouble);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += lanes[i];
        }
      }
      StepOutcome outcome =
          optimiser.step(model, codec.decode(sum, model.size()), OptimiserState.none());
      model = ((StepOutcome.Step) outcome).parameters();
    }
    return model;
  }

  private static ModelParameters central(TabularExamples[] shards, int epochs) throws Exception {
    float[] features = new float[SHARDS * EXAMPLES_PER_SHARD * INPUTS];
    float[] labels = new float[SHARDS * EXAMPLES_PER_SHARD];
    for (int i = 0; i < SHARDS; i++) {
      System.arraycopy(
          shards[i].features(),
          0,
          features,
          i * EXAMPLES_PER_SHARD * INPUTS,
          EXAMPLES_PER_SHARD * INPUTS);
      System.arraycopy(shards[i].labels(), 0, labels, i * EXAMPLES_PER_SHARD, EXAMPLES_PER_SHARD);
    }
    ModelParameters start = ModelParameters.initial(MODEL);
    float[] values =
        train(start, TabularExamples.of(labels.length, features, labels), epochs, SEED);
    for (int i = 0; i < values.length; i++) {
      values[i] += start.get(i);
    }
    return ModelParameters.copyOf(values);
  }

  private static float[] train(
      ModelParameters start, TabularExamples examples, int epochs, long seed) throws Exception {
    TrainingSettings settings =
        new TrainingSettings(OptimiserKind.SGD, 0.1, epochs, 10, 0, false, 0);
    return new PortableEngine()
        .train(new TrainingTask(MODEL, start, examples, settings, seed))
        .delta()
        .toArray();
  }

  /** Points of a cube, labelled by a rule that no linear model has: |x0| + x1 / 2 above a bound. */
  private static TabularExamples examples(int count, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] features = new float[count * INPUTS];
    float[] labels = new float[count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < INPUTS; j++) {
        features[i * INPUTS + j] = (float) (2 * random.nextDouble() - 1);
      }
      float[] x = Arrays.copyOfRange(features, i * INPUTS, (i + 1) * INPUTS);
      labels[i] = Math.abs(x[0]) + 0.5f * x[1] > 0.5f ? 1 : 0;
    }
    return TabularExamples.of(count, features, labels);
  }

  private static double accuracy(ModelParameters model, TabularExamples test) {
    TabularPredictor predictor = new TabularPredictor(MODEL, model);
    int right = 0;
    for (int i = 0; i < test.size(); i++) {
      float[] x = Arrays.copyOfRange(test.features(), i * INPUTS, (i + 1) * INPUTS);
      boolean positive = predictor.predict(x)[0] > 0.5f;
      right += positive == (test.labels()[i] == 1) ? 1 : 0;
    }
    return (double) right / test.size();
  }
}
