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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemScorerTest {

  private static final ModelSpecification.TwoTower TWO_TOWER =
      new ModelSpecification.TwoTower(3, 2, true, 1);

  /** Items (1, 2), (3, 4), (5, 6), biases 0.5, -1, 2, history (1, 0), (0, 1), (2, 2). */
  private static final ModelParameters PARAMETERS =
      ModelParameters.copyOf(new float[] {1, 2, 3, 4, 5, 6, .5f, -1, 2, 1, 0, 0, 1, 2, 2});

  /** User of items 0 and 2: ((1, 0) + (2, 2)) / sqrt(2) = (3, 2) / sqrt(2). */
  @Test
  void scores_by_two_towers_as_computed_by_hand() {
    ItemScorer scorer = ItemScorer.of(TWO_TOWER, PARAMETERS);
    float[] scores = new float[3];
    scorer.score(scorer.userVector(new int[] {0, 2}, null), new int[] {2, 0}, scores);
    float root = (float) Math.sqrt(2);
    assertThat(scores)
        .containsExactly(new float[] {27 / root + 2, 7 / root + .5f, 0}, within(1e-5f));
  }

  /**
   * With a half-life of 1, δ is 1/2: of items 2, 0 and 1 the latest, 1, counts sqrt(3/4), 0 half of
   * that and 2 a quarter. With a share of 1/4 this is halved, and all count sqrt(3/4) / sqrt(3) =
   * 1/2 on top.
   */
  @Test
  void the_latest_items_count_more_as_computed_by_hand() {
    ModelSpecification.TwoTower model =
        new ModelSpecification.TwoTower(3, 2, true, 0, 0, new Recency(0.25, 1), 1);
    ItemScorer scorer = ItemScorer.of(model, PARAMETERS);

    float[] user = scorer.userVector(new int[] {2, 0, 1}, null).toArray();

    // All: (3, 3) / 2. Recent: (0, 1) + (1, 0) / 2 + (2, 2) / 4 = (1, 1.5).
    float half = (float) Math.sqrt(0.75) / 2;
    assertThat(user).containsExactly(new float[] {1.5f + half, 1.5f + 1.5f * half}, within(1e-6f));
    assertThat(scorer.userVector(new int[] {2, 1, 0}, null).toArray())
        .as("another order is another user")
        .containsExactly(new float[] {1.5f + 1.5f * half, 1.5f + half}, within(1e-6f));
    assertThat(scorer.userVector(new int[0], null).toArray()).containsOnly(0);
  }

  /** Item 1 is (3, 4) + 2 (10, 1), its bias -1 + 2 * 0.25; the user gets 3 (1, -1) on top. */
  @Test
  void features_of_items_and_users_add_their_weighted_rows() {
    ModelSpecification.TwoTower model = new ModelSpecification.TwoTower(3, 2, true, 1, 2, 1);
    float[] values = Arrays.copyOf(PARAMETERS.toArray(), model.layout().size());
    System.arraycopy(new float[] {7, 7, 1, -1, 10, 1, .25f, 4, 6}, 0, values, 15, 9);
    ItemFeatures features = item -> item == 1 ? one(0, 2) : SparseVector.ZERO;
    ItemScorer scorer = ItemScorer.of(model, ModelParameters.copyOf(values), features);
    float[] scores = new float[2];

    UserVector user = scorer.userVector(new int[] {1}, null, one(1, 3));
    scorer.score(user, new int[] {1, 2}, scores);

    // History of item 1 is (0, 1) + 2 (4, 6) = (8, 13).
    assertThat(user.toArray()).containsExactly(11, 10);
    assertThat(scores).containsExactly(11 * 23 + 10 * 6 - .5f, 11 * 5 + 10 * 6 + 2);
    assertThat(scorer.specification()).isEqualTo(model.folded());
    assertThat(scorer.parameters().size()).isEqualTo(model.folded().layout().size());
    Attribution why = scorer.attribute(user, new int[] {1}, one(1, 3), 1);
    assertThat(why.features()).isCloseTo(3 * 23 - 3 * 6, within(1e-5));
    assertThat(why.contribution(0)).isCloseTo(8 * 23 + 13 * 6, within(1e-5));
    assertThat(why.score()).isCloseTo(scores[0], within(1e-3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer.userVector(new int[0], null, one(2, 1)))
        .withMessage(
            "user feature 2 is none of the model's 2; encode features with the model's plan");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ItemScorer.of(model, ModelParameters.copyOf(values), item -> one(1, 1)))
        .withMessage(
            "item feature 1 is none of the model's 1; encode features with the model's plan");
  }

  private static SparseVector one(int place, float value) {
    SparseVector.Builder builder = new SparseVector.Builder();
    builder.add(place, value);
    return builder.build();
  }

  @Test
  void scores_by_bias_alone_without_history_or_private_vector() {
    ItemScorer scorer = ItemScorer.of(TWO_TOWER, PARAMETERS);
    int[] none = {};
    assertThat(scorer.top(scorer.userVector(none, null), 3, none).items()).containsExactly(2, 0, 1);
    ModelSpecification.NeuralCf factorisation =
        new ModelSpecification.NeuralCf(3, 2, true, List.of(), 1);
    ItemScorer other =
        ItemScorer.of(
            factorisation, ModelParameters.copyOf(new float[] {1, 2, 3, 4, 5, 6, .5f, -1, 2}));
    assertThat(other.top(other.userVector(new int[] {0}, null), 3, none).items())
        .containsExactly(2, 0, 1);
  }

  @Test
  void scores_through_a_tower_in_batches_as_one_by_one() {
    ModelSpecification.NeuralCf model =
        new ModelSpecification.NeuralCf(
            70, 3, true, List.of(new DenseLayer(4, Activation.TANH)), 9);
    ModelParameters parameters = ModelParameters.initial(model);
    ItemScorer scorer = ItemScorer.of(model, parameters);
    UserVector user = UserVector.copyOf(new float[] {1, -2, 3});
    int[] all = IntStream.range(0, 70).toArray();
    float[] scores = new float[70];
    scorer.score(user, all, scores);

    int tower = model.layout().block("tower.0.weights").offset();
    for (int item : all) {
      double logit = parameters.get(210 + item) + parameters.get(tower + 20);
      for (int unit = 0; unit < 4; unit++) {
        double sum = parameters.get(tower + 12 + unit);
        for (int j = 0; j < 3; j++) {
          sum +=
              user.toArray()[j]
                  * parameters.get(3 * item + j)
                  * parameters.get(tower + 4 * j + unit);
        }
        logit += Math.tanh(sum) * parameters.get(tower + 16 + unit);
      }
      assertThat((double) scores[item]).isCloseTo(logit, within(1e-6));
    }
  }

  static List<ModelSpecification> models() {
    return List.of(
        new ModelSpecification.TwoTower(100, 4, true, 1),
        new ModelSpecification.NeuralCf(100, 4, false, List.of(), 1),
        new ModelSpecification.NeuralCf(
            100, 4, false, List.of(new DenseLayer(3, Activation.RELU)), 1));
  }

  @ParameterizedTest
  @MethodSource("models")
  void ranks_the_catalogue_as_sorting_it_would(ModelSpecification model) {
    ItemScorer scorer = ItemScorer.of(model, ModelParameters.initial(model));
    UserVector user = UserVector.initial(4, 3);
    int[] excluded = {99, 0, 50, 50, 31, 32};
    float[] scores = new float[100];
    scorer.score(user, IntStream.range(0, 100).toArray(), scores);
    int[] sorted =
        IntStream.range(0, 100)
            .filter(i -> IntStream.of(excluded).noneMatch(e -> e == i))
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> -scores[i]).thenComparing(i -> i))
            .mapToInt(i -> i)
            .toArray();

    for (int count : new int[] {0, 1, 10, 95, 1_000}) {
      RankedItems top = scorer.top(user, count, excluded);
      assertThat(top.items()).containsExactly(IntStream.of(sorted).limit(count).toArray());
      for (int rank = 0; rank < top.size(); rank++) {
        assertThat(top.score(rank)).isEqualTo(scores[top.item(rank)]);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void keeps_the_best_with_ties_in_order_of_row_and_not_a_number_last(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    BestItems best = new BestItems(50);
    float[] scores = new float[300];
    for (int item = 0; item < 300; item++) {
      scores[item] = item % 7 == 0 ? Float.NaN : random.nextInt(20);
      best.offer(item, scores[item]);
    }
    int[] expected =
        IntStream.range(0, 300)
            .filter(i -> !Float.isNaN(scores[i]))
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> -scores[i]).thenComparing(i -> i))
            .mapToInt(i -> i)
            .limit(50)
            .toArray();
    assertThat(best.drain().items()).containsExactly(expected);
  }

  @Test
  void refuses_items_vectors_and_models_that_do_not_fit() {
    ItemScorer scorer = ItemScorer.of(TWO_TOWER, PARAMETERS);
    UserVector user = UserVector.copyOf(new float[2]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer.score(user, new int[] {3}, new float[1]))
        .withMessage("item 3 is no row of the model, rows are 0 to 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer.score(user, new int[] {1, 2}, new float[1]))
        .withMessage("scores has room for 1 of 2 candidates");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer.userVector(new int[] {-1}, null))
        .withMessage("item -1 is no row of the model, rows are 0 to 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer.top(UserVector.initial(3, 1), 1, new int[0]))
        .withMessage(
            "user vector has 3 elements but the model has dimension 2; drop the vector and train a"
                + " new one");
    ModelSpecification tabular =
        new ModelSpecification.Tabular(
            2, List.of(new DenseLayer(1, Activation.SIGMOID)), Loss.BINARY_CROSS_ENTROPY, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ItemScorer.of(tabular, ModelParameters.initial(tabular)))
        .withMessage("a tabular model has no items to score; use TabularPredictor");
  }

  @Test
  void a_user_vector_prints_its_length_only_and_is_always_finite() {
    assertThat(UserVector.copyOf(new float[] {7, 8})).hasToString("UserVector[2]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UserVector.copyOf(new float[] {0, Float.NaN}))
        .withMessage("element 1 of the user vector is not finite; start from a new vector");
  }
}
