package io.tacit.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueScanTest {

  private static BitSet wanted(int items, SplitMix64 random) {
    BitSet wanted = new BitSet(items);
    IntStream.range(0, items).filter(i -> random.nextInt(3) > 0).forEach(wanted::set);
    return wanted;
  }

  private static int[] sorted(ItemScorer scorer, UserVector user, BitSet wanted) {
    float[] scores = new float[scorer.items()];
    scorer.score(user, IntStream.range(0, scorer.items()).toArray(), scores);
    return wanted.stream()
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> -scores[i]).thenComparing(i -> i))
        .mapToInt(i -> i)
        .toArray();
  }

  /** Sizes around those of tiles, dimensions that four does and does not divide. */
  @ParameterizedTest(name = "{0} items")
  @ValueSource(ints = {1, 2, 127, 128, 129, 1_001})
  void a_scan_finds_what_sorting_all_scores_would(int items) {
    for (int dimension : new int[] {1, 3, 8, 33}) {
      ModelSpecification model =
          new ModelSpecification.TwoTower(items, dimension, dimension != 3, items);
      ItemScorer scorer = ItemScorer.of(model, ModelParameters.initial(model));
      UserVector user = UserVector.initial(dimension, 5);
      BitSet wanted = wanted(items, new SplitMix64(items + dimension));
      int[] sorted = sorted(scorer, user, wanted);
      for (int count : new int[] {0, 1, 10, items}) {
        RankedItems top = scorer.top(user, count, wanted);
        assertThat(top.items()).containsExactly(IntStream.of(sorted).limit(count).toArray());
        float[] scores = new float[top.size()];
        scorer.score(user, top.items(), scores);
        for (int rank = 0; rank < top.size(); rank++) {
          assertThat(top.score(rank)).as("bit for bit").isEqualTo(scores[rank]);
        }
      }
    }
  }

  @Test
  void a_tower_over_a_large_catalogue_ranks_candidates_exactly_and_finds_most_of_the_best() {
    int items = 20_000;
    ModelSpecification model =
        new ModelSpecification.NeuralCf(
            items, 16, true, List.of(new DenseLayer(16, Activation.RELU)), 4);
    ItemScorer scorer = ItemScorer.of(model, ModelParameters.initial(model));
    int found = 0;
    for (int seed = 0; seed < 10; seed++) {
      UserVector user = UserVector.initial(16, seed);
      BitSet wanted = wanted(items, new SplitMix64(seed));
      int[] best = IntStream.of(sorted(scorer, user, wanted)).limit(10).toArray();
      RankedItems top = scorer.top(user, 10, wanted);
      assertThat(top.size()).isEqualTo(10);
      float[] scores = new float[10];
      scorer.score(user, top.items(), scores);
      for (int rank = 0; rank < 10; rank++) {
        int item = top.item(rank);
        assertThat(wanted.get(item)).isTrue();
        assertThat(top.score(rank)).isEqualTo(scores[rank]);
        found += IntStream.of(best).anyMatch(i -> i == item) ? 1 : 0;
      }
    }
    assertThat(found).as("of 100 best, by two stages").isGreaterThanOrEqualTo(80);
  }

  @Test
  void popularity_is_the_order_of_biases_and_without_them_of_rows() {
    ItemScorer biased =
        ItemScorer.of(
            new ModelSpecification.TwoTower(3, 1, true, 1),
            ModelParameters.copyOf(new float[] {0, 0, 0, 1, 3, 2, 0, 0, 0}));
    BitSet all = new BitSet();
    all.set(0, 3);
    assertThat(biased.mostPopular(2, all).items()).containsExactly(1, 2);
    ModelSpecification model = new ModelSpecification.TwoTower(3, 1, false, 1);
    ItemScorer plain = ItemScorer.of(model, ModelParameters.initial(model));
    assertThat(plain.mostPopular(2, all).items()).containsExactly(0, 1);
  }

  /** The formula, written down as plainly as it goes. */
  @ParameterizedTest(name = "diversity {0}")
  @ValueSource(doubles = {0, 0.2, 0.5, 1})
  void diversity_chooses_by_maximal_marginal_relevance(double diversity) {
    ModelSpecification model = new ModelSpecification.TwoTower(60, 4, true, 2);
    ItemScorer scorer = ItemScorer.of(model, ModelParameters.initial(model));
    float[] parameters = scorer.parameters().toArray();
    BitSet all = new BitSet();
    all.set(0, 60);
    RankedItems pool = scorer.top(UserVector.initial(4, 1), 40, all);
    List<Integer> chosen = new ArrayList<>(List.of(0));
    while (chosen.size() < 12) {
      int best = -1;
      double bestValue = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < 40; i++) {
        double relevance = (pool.score(i) - pool.score(39)) / (pool.score(0) - pool.score(39));
        double alike = Double.NEGATIVE_INFINITY;
        for (int j : chosen) {
          alike = Math.max(alike, cosine(parameters, pool.item(i), pool.item(j)));
        }
        double value = (1 - diversity) * relevance - diversity * alike;
        if (!chosen.contains(i) && value > bestValue + 1e-6) {
          best = i;
          bestValue = value;
        }
      }
      chosen.add(best);
    }
    RankedItems diverse = scorer.diversify(pool, 12, diversity);
    assertThat(diverse.items()).containsExactly(chosen.stream().mapToInt(pool::item).toArray());
    assertThat(diverse.score(11)).isEqualTo(pool.score(chosen.get(11)));
  }

  private static double cosine(float[] parameters, int item, int other) {
    double dot = 0;
    double x = 0;
    double y = 0;
    for (int j = 0; j < 4; j++) {
      dot += parameters[4 * item + j] * parameters[4 * other + j];
      x += parameters[4 * item + j] * parameters[4 * item + j];
      y += parameters[4 * other + j] * parameters[4 * other + j];
    }
    return dot / Math.sqrt(x * y);
  }

  @Test
  void diversity_of_few_or_equal_items_is_no_trouble() {
    ItemScorer scorer =
        ItemScorer.of(
            new ModelSpecification.TwoTower(3, 1, true, 1), ModelParameters.copyOf(new float[9]));
    BitSet all = new BitSet();
    UserVector user = UserVector.copyOf(new float[1]);
    assertThat(scorer.diversify(scorer.top(user, 3, all), 3, 0.5).size()).isZero();
    all.set(0, 3);
    assertThat(scorer.diversify(scorer.top(user, 3, all), 3, 0.5).items()).containsExactly(0, 1, 2);
  }

  @Test
  void refuses_rows_that_are_none_and_diversity_out_of_range() {
    ModelSpecification model = new ModelSpecification.TwoTower(3, 1, true, 1);
    ItemScorer scorer = ItemScorer.of(model, ModelParameters.initial(model));
    UserVector user = UserVector.copyOf(new float[1]);
    BitSet wanted = new BitSet();
    wanted.set(7);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer.top(user, 1, wanted))
        .withMessage("item 7 is no row of the model, rows are 0 to 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer.diversify(scorer.top(user, 1, new int[0]), 1, 1.5))
        .withMessage("diversity is 1.5, must be 0 to 1; 0 turns it off, 0.3 is a usual start");
  }
}
