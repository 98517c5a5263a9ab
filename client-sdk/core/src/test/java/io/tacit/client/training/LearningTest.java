package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.model.ItemScorer;
import io.tacit.client.model.TabularPredictor;
import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import io.tacit.protocol.model.SplitMix64;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models learn what is in their data, and not only that their loss falls. */
class LearningTest {

  private static final int GROUPS = 4;
  private static final int ITEMS = 60;
  private static final int DEVICES = 80;
  private static final int OWN = 7;

  private final PortableEngine engine = new PortableEngine();

  @ParameterizedTest
  @EnumSource(OptimiserKind.class)
  void a_perceptron_learns_exclusive_or_of_signs(OptimiserKind kind)
      throws TrainingDivergedException {
    ModelSpecification.Tabular model =
        new ModelSpecification.Tabular(
            2,
            List.of(new DenseLayer(16, Activation.RELU), new DenseLayer(1, Activation.SIGMOID)),
            Loss.BINARY_CROSS_ENTROPY,
            1);
    double rate = kind == OptimiserKind.SGD ? 0.3 : 0.01;
    TrainingSettings settings = new TrainingSettings(kind, rate, 40, 16, 0, false, 0);
    ModelParameters start = ModelParameters.initial(model);
    float[] trained = start.toArray();
    float[] features = features(1, 1_000);
    float[] delta =
        engine
            .train(
                new TrainingTask(
                    model,
                    start,
                    TabularExamples.of(1_000, features, labels(features)),
                    settings,
                    1))
            .delta()
            .toArray();
    for (int i = 0; i < trained.length; i++) {
      trained[i] += delta[i];
    }

    TabularPredictor predictor = new TabularPredictor(model, ModelParameters.copyOf(trained));
    float[] fresh = features(2, 1_000);
    float[] expected = labels(fresh);
    int right = 0;
    for (int i = 0; i < 1_000; i++) {
      float p = predictor.predict(new float[] {fresh[2 * i], fresh[2 * i + 1]})[0];
      right += (p > 0.5) == (expected[i] == 1) ? 1 : 0;
    }
    assertThat(right).as("right of 1,000 fresh examples").isGreaterThan(950);
  }

  private static float[] features(long seed, int examples) {
    SplitMix64 random = new SplitMix64(seed);
    float[] features = new float[2 * examples];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) (2 * random.nextDouble() - 1);
    }
    return features;
  }

  private static float[] labels(float[] features) {
    float[] labels = new float[features.length / 2];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = features[2 * i] * features[2 * i + 1] > 0 ? 1 : 0;
    }
    return labels;
  }

  static List<ModelSpecification> itemModels() {
    return List.of(
        new ModelSpecification.TwoTower(ITEMS, 8, true, 1),
        new ModelSpecification.NeuralCf(ITEMS, 8, true, List.of(), 1));
  }

  /**
   * Each device likes one of four groups of 15 items and chose 8 of it, of which one is held out.
   * All items are chosen about equally often, so popularity finds the held-out item among the first
   * 8 of the 53 others in 8/53 of the cases; who knows the group finds it in all (8 are left of
   * it).
   */
  @ParameterizedTest
  @MethodSource("itemModels")
  void a_model_of_items_learns_which_items_go_together(ModelSpecification model)
      throws TrainingDivergedException {
    int[][] chosen = choices(new SplitMix64(3));
    double popularity = hits(chosen, popularity(chosen));
    @Nullable UserVector[] users = new UserVector[DEVICES];
    float[] parameters = ModelParameters.initial(model).toArray();
    TrainingSettings settings = new TrainingSettings(OptimiserKind.SGD, 0.1, 2, 0, 4, true, 0);
    for (int round = 0; round < 40; round++) {
      ModelParameters start = ModelParameters.copyOf(parameters);
      for (int device = 0; device < DEVICES; device++) {
        TrainingResult result =
            engine.train(
                new TrainingTask(
                    model,
                    start,
                    InteractionExamples.of(own(chosen[device])),
                    settings,
                    round * DEVICES + device,
                    users[device]));
        users[device] = result.userVector();
        float[] delta = result.delta().toArray();
        for (int i = 0; i < delta.length; i++) {
          parameters[i] += delta[i] / 10;
        }
      }
    }
    ItemScorer scorer = ItemScorer.of(model, ModelParameters.copyOf(parameters));
    int hits = 0;
    for (int device = 0; device < DEVICES; device++) {
      int[] own = own(chosen[device]);
      for (int item : scorer.top(scorer.userVector(own, users[device]), 8, own).items()) {
        hits += item == chosen[device][OWN] ? 1 : 0;
      }
    }
    assertThat(popularity).isLessThan(0.35);
    assertThat((double) hits / DEVICES).isGreaterThan(popularity + 0.3);
  }

  /** Per device, its own items and behind them the one that is held out. */
  private static int[][] choices(SplitMix64 random) {
    int[][] chosen = new int[DEVICES][];
    int[] group = new int[ITEMS / GROUPS];
    for (int device = 0; device < DEVICES; device++) {
      for (int i = 0; i < group.length; i++) {
        group[i] = i * GROUPS + device % GROUPS;
      }
      Shuffle.shuffle(group, random);
      chosen[device] = Arrays.copyOf(group, OWN + 1);
    }
    return chosen;
  }

  private static int[] own(int[] chosen) {
    return Arrays.copyOf(chosen, OWN);
  }

  private static int[] popularity(int[][] chosen) {
    int[] counts = new int[ITEMS];
    for (int[] items : chosen) {
      for (int item : own(items)) {
        counts[item]++;
      }
    }
    return counts;
  }

  private static double hits(int[][] chosen, int[] counts) {
    int hits = 0;
    for (int[] items : chosen) {
      int held = items[OWN];
      int better = 0;
      for (int item = 0; item < ITEMS; item++) {
        int candidate = item;
        boolean own = IntStream.of(own(items)).anyMatch(o -> o == candidate);
        better += !own && item != held && counts[item] >= counts[held] ? 1 : 0;
      }
      hits += better < 8 ? 1 : 0;
    }
    return (double) hits / chosen.length;
  }

  /**
   * Each device walks a ring of items in one direction, from wherever it was. The item behind where
   * it began goes as well with its items as the next one; only their order tells the two apart.
   */
  @Test
  void a_model_with_recency_learns_what_comes_next() throws TrainingDivergedException {
    double alike = nextIsFirst(new ModelSpecification.TwoTower(ITEMS, 8, true, 1));
    double recent =
        nextIsFirst(new ModelSpecification.TwoTower(ITEMS, 8, true, 0, 0, new Recency(0.8, 2), 1));

    assertThat(alike).isLessThan(0.6);
    assertThat(recent).isGreaterThan(0.9);
  }

  /** The share of devices for which the item that comes next is ranked first. */
  private double nextIsFirst(ModelSpecification model) throws TrainingDivergedException {
    float[] parameters = ModelParameters.initial(model).toArray();
    TrainingSettings settings = new TrainingSettings(OptimiserKind.SGD, 0.1, 2, 0, 4, true, 0);
    for (int round = 0; round < 60; round++) {
      ModelParameters start = ModelParameters.copyOf(parameters);
      for (int device = 0; device < ITEMS; device++) {
        float[] delta =
            engine
                .train(
                    new TrainingTask(
                        model,
                        start,
                        InteractionExamples.of(walk(device)),
                        settings,
                        round * ITEMS + device))
                .delta()
                .toArray();
        for (int i = 0; i < delta.length; i++) {
          parameters[i] += delta[i] / 10;
        }
      }
    }
    ItemScorer scorer = ItemScorer.of(model, ModelParameters.copyOf(parameters));
    int first = 0;
    for (int device = 0; device < ITEMS; device++) {
      int[] own = walk(device);
      int next = (device + OWN) % ITEMS;
      first += scorer.top(scorer.userVector(own, null), 1, own).items()[0] == next ? 1 : 0;
    }
    return (double) first / ITEMS;
  }

  private static int[] walk(int from) {
    return IntStream.range(from, from + OWN).map(item -> item % ITEMS).toArray();
  }

  @Test
  void a_tower_learns_from_its_own_device() throws TrainingDivergedException {
    ModelSpecification.NeuralCf model =
        new ModelSpecification.NeuralCf(
            ITEMS, 8, true, List.of(new DenseLayer(8, Activation.TANH)), 1);
    TrainingSettings settings =
        new TrainingSettings(OptimiserKind.SPARSE_ADAM, 0.05, 40, 8, 4, false, 0);
    TrainingTask task =
        new TrainingTask(
            model,
            ModelParameters.initial(model),
            InteractionExamples.of(new int[] {1, 8, 20, 33, 59}),
            settings,
            1);
    TrainingResult result = engine.train(task);
    float[] trained = task.start().toArray();
    float[] delta = result.delta().toArray();
    for (int i = 0; i < delta.length; i++) {
      trained[i] += delta[i];
    }
    ItemScorer scorer = ItemScorer.of(model, ModelParameters.copyOf(trained));
    int[] none = {};
    assertThat(scorer.top(scorer.userVector(none, result.userVector()), 5, none).items())
        .containsExactlyInAnyOrder(1, 8, 20, 33, 59);
  }
}
