package io.tacit.simulation.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacit.simulation.data.SampleData;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTaskTest {

  private static final int ITEMS = 220;
  private final HonestSplit split =
      HonestSplit.of(
          SampleData.timed(ITEMS, new int[] {0, 1, 2, 3, 4}, new int[] {10, 11, 12, 13, 14}), 1);

  @Test
  void the_rank_is_the_number_of_others_that_score_at_least_as_high() {
    assertThat(RankingTask.rankOfFirst(new float[] {5, 4, 3})).isEqualTo(0);
    assertThat(RankingTask.rankOfFirst(new float[] {5, 6, 3, 7})).isEqualTo(2);
  }

  @Test
  void ties_count_against_the_model() {
    assertThat(RankingTask.rankOfFirst(new float[] {5, 5, 3, 5})).isEqualTo(2);

    RankingResult constant =
        RankingTask.sampled(split, HeldOut.TEST).evaluate((user, candidates, scores) -> {});

    assertThat(constant.rank(0)).isEqualTo(99);
    assertThat(constant.hitRate().mean()).isZero();
  }

  @Test
  void infinite_scores_are_ranked_like_others() {
    float most = Float.POSITIVE_INFINITY;

    assertThat(RankingTask.rankOfFirst(new float[] {most, 0, -most})).isEqualTo(0);
    assertThat(RankingTask.rankOfFirst(new float[] {-most, 0, -most})).isEqualTo(2);
  }

  @Test
  void refuses_a_score_that_is_not_a_number() {
    Scorer diverged =
        (user, candidates, scores) -> scores[scores.length - 1] = user == 1 ? Float.NaN : 0;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RankingTask.sampled(split, HeldOut.TEST).evaluate(diverged))
        .withMessage("a score of user 1 is NaN, must be a number; has training diverged?");
  }

  @Test
  void sampled_candidates_are_the_held_out_item_and_its_negatives() {
    int[] candidates = RankingTask.sampled(split, HeldOut.TEST).candidates(0);

    assertThat(candidates).hasSize(100).startsWith(4);
    assertThat(Arrays.copyOfRange(candidates, 1, 100)).isEqualTo(split.negatives(0, HeldOut.TEST));
  }

  @Test
  void full_candidates_for_test_are_all_items_but_those_seen_before() {
    assertThat(RankingTask.full(split, HeldOut.TEST).candidates(0))
        .hasSize(ITEMS - 4)
        .doesNotHaveDuplicates()
        .startsWith(4)
        .doesNotContain(0, 1, 2, 3);
  }

  @Test
  void full_candidates_for_validation_treat_the_test_item_as_unknown() {
    assertThat(RankingTask.full(split, HeldOut.VALIDATION).candidates(0))
        .hasSize(ITEMS - 3)
        .startsWith(3)
        .contains(4)
        .doesNotContain(0, 1, 2);
  }

  @Test
  void metrics_follow_from_scores() {
    // The lower the item's number the better: user 0 has the best of all, user 1 the 15th or so.
    Scorer byNumber =
        (user, candidates, scores) ->
            IntStream.range(0, scores.length).forEach(i -> scores[i] = -candidates[i]);

    RankingResult result = RankingTask.full(split, HeldOut.TEST).evaluate(byNumber);

    assertThat(result.rank(0)).isEqualTo(0);
    assertThat(result.rank(1)).isEqualTo(10); // 0 to 9; 10 to 13 were seen
    assertThat(result.hitRate().mean()).isEqualTo(0.5);
    assertThat(result.ndcg().mean()).isCloseTo(0.5, within(1e-12));
  }
}
