package io.tacit.simulation.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacit.simulation.data.SampleData;
import org.junit.jupiter.api.Test;

class RankingResultTest {

  private final HonestSplit split =
      HonestSplit.of(
          SampleData.timed(220, new int[] {0, 1, 2, 3, 4}, new int[] {5, 6, 7, 8, 9}), 1);
  private final RankingTask task = RankingTask.sampled(split, HeldOut.TEST);

  @Test
  void only_the_first_ten_ranks_are_hits() {
    assertThat(RankingResult.hit(0)).isEqualTo(1);
    assertThat(RankingResult.hit(9)).isEqualTo(1);
    assertThat(RankingResult.hit(10)).isZero();
  }

  @Test
  void the_gain_is_one_over_the_binary_logarithm_of_the_place_plus_one() {
    assertThat(RankingResult.gain(0)).isCloseTo(1, within(1e-12));
    assertThat(RankingResult.gain(1)).isCloseTo(0.6309297535714575, within(1e-12));
    assertThat(RankingResult.gain(2)).isCloseTo(0.5, within(1e-12));
    assertThat(RankingResult.gain(9)).isCloseTo(0.2890648263178879, within(1e-12));
    assertThat(RankingResult.gain(10)).isZero();
  }

  @Test
  void averages_over_users() {
    RankingResult result = new RankingResult(task, new int[] {0, 2, 10, 50});

    assertThat(result.hitRate().mean()).isEqualTo(0.5);
    assertThat(result.hitRate().standardError()).isCloseTo(0.28867513459481287, within(1e-12));
    assertThat(result.ndcg().mean()).isCloseTo(0.375, within(1e-12));
  }

  @Test
  void differences_are_paired_by_user() {
    RankingResult model = new RankingResult(task, new int[] {0, 2, 10, 50});
    RankingResult baseline = new RankingResult(task, new int[] {0, 12, 10, 50});

    Estimate difference = model.hitRateOver(baseline);

    assertThat(difference.mean()).isEqualTo(0.25); // differences 0, 1, 0, 0
    assertThat(difference.standardError()).isCloseTo(0.25, within(1e-12));
    assertThat(model.ndcgOver(baseline).mean()).isCloseTo(0.125, within(1e-12));
  }

  @Test
  void equal_results_differ_by_nothing_without_error() {
    RankingResult result = new RankingResult(task, new int[] {0, 2, 10, 50});

    assertThat(result.hitRateOver(result)).isEqualTo(new Estimate(0, 0, 4));
  }

  @Test
  void refuses_to_compare_different_tasks() {
    RankingResult sampled = new RankingResult(task, new int[] {0, 2});
    RankingResult full = new RankingResult(RankingTask.full(split, HeldOut.TEST), new int[] {0, 2});

    assertThatIllegalArgumentException()
        .isThrownBy(() -> sampled.hitRateOver(full))
        .withMessage(
            "results can be compared only if split, held-out item and candidates are the same;"
                + " evaluate both with one task");
  }
}
