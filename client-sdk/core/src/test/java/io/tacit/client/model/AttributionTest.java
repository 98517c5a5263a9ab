package io.tacit.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import io.tacit.protocol.model.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributionTest {

  private static final int ITEMS = 1_500;

  private static ModelParameters random(ModelSpecification model, SplitMix64 random) {
    float[] values = new float[model.layout().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.5 * random.nextGaussian());
    }
    return ModelParameters.owning(values);
  }

  private static int[] history(int size, SplitMix64 random) {
    return IntStream.generate(() -> random.nextInt(ITEMS)).distinct().limit(size).toArray();
  }

  private static double sum(Attribution attribution) {
    return IntStream.range(0, attribution.size()).mapToDouble(attribution::contribution).sum()
        + attribution.remainder();
  }

  private static double score(ItemScorer scorer, UserVector user, int item) {
    float[] scores = new float[1];
    scorer.score(user, new int[] {item}, scores);
    return scores[0];
  }

  static List<Arguments> models_histories_and_seeds() {
    List<Arguments> cases = new ArrayList<>();
    for (long seed = 1; seed <= 4; seed++) {
      for (int history : new int[] {0, 1, 2, 3, 40, 1_200}) {
        for (ModelSpecification model :
            List.of(
                new ModelSpecification.TwoTower(ITEMS, 16, seed % 2 == 0, 1),
                new ModelSpecification.TwoTower(
                    ITEMS, 16, seed % 2 == 0, 0, 0, new Recency(0.8, 5), 1),
                new ModelSpecification.NeuralCf(ITEMS, 16, seed % 2 == 0, List.of(), 1),
                new ModelSpecification.NeuralCf(
                    ITEMS,
                    16,
                    true,
                    List.of(
                        new DenseLayer(12, Activation.RELU), new DenseLayer(5, Activation.TANH)),
                    1))) {
          cases.add(Arguments.of(model, history, seed));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest(name = "history {1}, seed {2}: {0}")
  @MethodSource("models_histories_and_seeds")
  void contributions_sum_to_the_difference_of_score_and_baseline(
      ModelSpecification model, int size, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    ItemScorer scorer = ItemScorer.of(model, random(model, random));
    int[] history = history(size, random);
    UserVector user = scorer.userVector(history, UserVector.initial(16, seed));
    UserVector nobody = scorer.userVector(new int[0], null);
    int item = random.nextInt(ITEMS);

    Attribution attribution = scorer.attribute(user, history, item);

    assertThat(attribution.size()).isEqualTo(size);
    assertThat(attribution.score()).isCloseTo(score(scorer, user, item), within(1e-4));
    assertThat(attribution.baseline()).isCloseTo(score(scorer, nobody, item), within(1e-4));
    assertThat(sum(attribution))
        .isCloseTo(attribution.score() - attribution.baseline(), within(1e-4));
  }

  @ParameterizedTest(name = "history {1}, seed {2}: {0}")
  @MethodSource("models_histories_and_seeds")
  void features_of_the_user_are_a_part_of_their_own(ModelSpecification plain, int size, long seed) {
    ModelSpecification.OfItems model = withUserFeatures((ModelSpecification.OfItems) plain);
    SplitMix64 random = new SplitMix64(seed);
    ItemScorer scorer = ItemScorer.of(model, random(model, random));
    SparseVector.Builder features = new SparseVector.Builder();
    features.add(1, 0.5f);
    int[] history = history(size, random);
    UserVector user = scorer.userVector(history, UserVector.initial(16, seed), features.build());
    int item = random.nextInt(ITEMS);

    Attribution attribution = scorer.attribute(user, history, features.build(), item);

    assertThat(attribution.features()).isNotZero();
    assertThat(attribution.score()).isCloseTo(score(scorer, user, item), within(1e-4));
    assertThat(sum(attribution) + attribution.features())
        .isCloseTo(attribution.score() - attribution.baseline(), within(1e-4));
    assertThat(scorer.attribute(user, history, SparseVector.ZERO, item).features()).isZero();
  }

  private static ModelSpecification.OfItems withUserFeatures(ModelSpecification.OfItems model) {
    return model instanceof ModelSpecification.NeuralCf cf
        ? new ModelSpecification.NeuralCf(ITEMS, 16, cf.itemBias(), cf.tower(), 0, 2, 1)
        : new ModelSpecification.TwoTower(
            ITEMS, 16, model.itemBias(), 0, 2, ((ModelSpecification.TwoTower) model).recency(), 1);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void contributions_to_a_pool_are_the_shapley_values_of_leaving_events_out(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    ModelSpecification model = new ModelSpecification.TwoTower(ITEMS, 8, true, 1);
    ItemScorer scorer = ItemScorer.of(model, random(model, random));
    int n = 1 + (int) seed;
    int[] history = history(n, random);
    int item = random.nextInt(ITEMS);

    Attribution attribution = scorer.attribute(UserVector.initial(8, 1), history, item);

    for (int i = 0; i < n; i++) {
      // The definition: over all sets of others, what joining them adds, by the share of orders.
      double shapley = 0;
      for (int set = 0; set < 1 << n; set++) {
        if ((set >> i & 1) == 0) {
          double share = 1.0 / n;
          int k = Integer.bitCount(set);
          for (int j = 1; j <= k; j++) {
            share *= (double) j / (n - j);
          }
          shapley +=
              share
                  * (score(scorer, history, set | 1 << i, item)
                      - score(scorer, history, set, item));
        }
      }
      assertThat(attribution.contribution(i)).isCloseTo(shapley, within(1e-5));
    }
  }

  /**
   * What counts for being the latest is a term of its own, beside the Shapley value of the pool.
   */
  @Test
  void the_latest_item_is_credited_with_what_it_counts_more() {
    SplitMix64 random = new SplitMix64(7);
    ModelSpecification.TwoTower recent =
        new ModelSpecification.TwoTower(ITEMS, 8, true, 0, 0, new Recency(0.5, 1), 1);
    ModelParameters parameters = random(recent, random);
    int[] history = history(3, random);
    UserVector any = UserVector.initial(8, 1);

    Attribution with = ItemScorer.of(recent, parameters).attribute(any, history, 5);
    Attribution without =
        ItemScorer.of(new ModelSpecification.TwoTower(ITEMS, 8, true, 1), parameters)
            .attribute(any, history, 5);

    int from = recent.layout().block(ModelSpecification.HISTORY_EMBEDDING).offset();
    for (int i = 0; i < 3; i++) {
      double product = 0;
      for (int j = 0; j < 8; j++) {
        product += (double) parameters.get(from + history[i] * 8 + j) * parameters.get(5 * 8 + j);
      }
      double counts = Math.sqrt(0.5) * Math.sqrt(0.75) * Math.pow(0.5, 2 - i);
      assertThat(with.contribution(i))
          .isCloseTo(Math.sqrt(0.5) * without.contribution(i) + counts * product, within(1e-5));
    }
  }

  private static double score(ItemScorer scorer, int[] history, int set, int item) {
    int[] subset = IntStream.range(0, history.length).filter(i -> (set >> i & 1) == 1).toArray();
    int[] rows = Arrays.stream(subset).map(i -> history[i]).toArray();
    return score(scorer, scorer.userVector(rows, null), item);
  }

  @Test
  void a_private_vector_along_an_own_item_is_credited_to_that_item() {
    ModelSpecification model = new ModelSpecification.NeuralCf(3, 3, true, List.of(), 1);
    ItemScorer scorer =
        ItemScorer.of(
            model, ModelParameters.copyOf(new float[] {1, 0, 0, 0, 1, 0, 2, 2, 2, 0, 0, .5f}));
    UserVector user = UserVector.copyOf(new float[] {3, 0, 4});

    Attribution attribution = scorer.attribute(user, new int[] {0, 1}, 2);

    assertThat(attribution.baseline()).isEqualTo(.5);
    // 3 of the vector lie along item 0, times 2 of the item; the penalty takes a little of it.
    assertThat(attribution.contribution(0)).isCloseTo(6, within(.1));
    assertThat(attribution.contribution(1)).isCloseTo(0, within(1e-6));
    assertThat(attribution.remainder()).isCloseTo(8, within(.1));
  }

  @Test
  void own_items_before_the_latest_thousand_are_in_the_remainder() {
    SplitMix64 random = new SplitMix64(3);
    ModelSpecification model = new ModelSpecification.NeuralCf(ITEMS, 4, false, List.of(), 1);
    ItemScorer scorer = ItemScorer.of(model, random(model, random));
    Attribution attribution = scorer.attribute(UserVector.initial(4, 1), history(1_100, random), 0);
    assertThat(IntStream.range(0, 100).mapToDouble(attribution::contribution)).containsOnly(0.0);
    assertThat(attribution.contribution(100)).isNotZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void contributions_of_features_sum_up_and_a_missing_feature_has_none(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    ModelSpecification.Tabular model =
        new ModelSpecification.Tabular(
            7,
            List.of(new DenseLayer(9, Activation.RELU), new DenseLayer(3, Activation.SOFTMAX)),
            Loss.CATEGORICAL_CROSS_ENTROPY,
            1);
    TabularPredictor predictor = new TabularPredictor(model, random(model, random));
    float[] features = new float[7];
    for (int i = 0; i < 5; i++) {
      features[i] = (float) random.nextGaussian();
    }

    Attribution attribution = predictor.attribute(features, new int[] {1, 4, 2}, 1);

    assertThat(attribution.size()).isEqualTo(3);
    assertThat(attribution.score()).isCloseTo(predictor.predict(features)[1], within(1e-6));
    assertThat(attribution.baseline()).isCloseTo(predictor.predict(new float[7])[1], within(1e-6));
    assertThat(sum(attribution))
        .isCloseTo(attribution.score() - attribution.baseline(), within(1e-4));
    assertThat(attribution.contribution(2)).isZero();
  }

  @Test
  void says_the_same_twice_and_prints_no_values() {
    SplitMix64 random = new SplitMix64(9);
    ModelSpecification model =
        new ModelSpecification.NeuralCf(
            ITEMS, 4, true, List.of(new DenseLayer(6, Activation.RELU)), 1);
    ItemScorer scorer = ItemScorer.of(model, random(model, random));
    int[] history = history(20, random);
    UserVector user = UserVector.initial(4, 1);
    Attribution first = scorer.attribute(user, history, 3);
    Attribution second = scorer.attribute(user, history, 3);
    for (int i = 0; i < 20; i++) {
      assertThat(second.contribution(i)).isEqualTo(first.contribution(i));
    }
    assertThat(first).hasToString("Attribution[20 parts]");
  }

  @Test
  void refuses_what_does_not_fit() {
    ModelSpecification.Tabular model =
        new ModelSpecification.Tabular(
            2, List.of(new DenseLayer(1, Activation.SIGMOID)), Loss.BINARY_CROSS_ENTROPY, 1);
    TabularPredictor predictor = new TabularPredictor(model, ModelParameters.initial(model));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> predictor.attribute(new float[2], new int[] {2}, 1))
        .withMessage("output is 1, must be 0 to 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> predictor.attribute(new float[2], new int[] {3}, 0))
        .withMessage(
            "there are 3 features but the model takes 2; encode them with the schema of the model's"
                + " plan");
  }
}
