package io.tacit.simulation.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.simulation.data.SampleData;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.Scorer;
import org.junit.jupiter.api.Test;

class TableBaselinesTest {

  /** Training items are all but the last two of each user. */
  private final HonestSplit split =
      HonestSplit.of(
          SampleData.timed(
              220,
              new int[] {0, 1, 2, 9, 8},
              new int[] {0, 1, 3, 9, 8},
              new int[] {1, 4, 2, 0, 7},
              new int[] {5, 1, 3, 9, 0}),
          1);

  @Test
  void popularity_counts_training_items_only() {
    ItemPopularity popularity = ItemPopularity.of(split);

    assertThat(scores(popularity, 0, 1, 2, 3, 7, 8, 9)).containsExactly(2, 4, 2, 2, 0, 0, 0);
    assertThat(popularity.usersOf(1)).isEqualTo(4);
  }

  @Test
  void the_last_position_table_ranks_by_last_training_item_then_by_popularity() {
    LastPositionTable table = LastPositionTable.of(split);

    float[] scores = scores(table, 2, 3, 1, 0, 4, 5, 9);

    assertThat(scores[0]).isEqualTo(scores[1]); // last twice each, popular alike
    assertThat(scores[1]).isGreaterThan(scores[2]); // 1 is most popular but never last
    assertThat(scores[2]).isGreaterThan(scores[3]);
    assertThat(scores[3]).isGreaterThan(scores[4]);
    assertThat(scores[4]).isEqualTo(scores[5]);
    assertThat(scores[6]).isZero();
  }

  private static float[] scores(Scorer scorer, int... candidates) {
    float[] scores = new float[candidates.length];
    scorer.score(0, candidates, scores);
    return scores;
  }
}
