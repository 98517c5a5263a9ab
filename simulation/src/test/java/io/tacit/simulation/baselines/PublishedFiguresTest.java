package io.tacit.simulation.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SampleData;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.evaluation.RankingResult;
import io.tacit.simulation.evaluation.RankingTask;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The baselines on whole data sets, against figures that an independent program measured under the
 * same protocol with other random draws: a draw moves HR@10 by about .006, users by .005 (MSWeb) or
 * .016 (MovieLens).
 */
class PublishedFiguresTest {

  @Test
  void popularity_and_ease_on_msweb() throws Exception {
    HonestSplit split = HonestSplit.of(SampleData.msWeb(), 1);
    RankingTask test = RankingTask.sampled(split, HeldOut.TEST);

    RankingResult popularity = test.evaluate(ItemPopularity.of(split));
    RankingResult ease = test.evaluate(Ease.chosenOnValidation(split));

    assertThat(split.userCount()).isEqualTo(6280);
    assertResult(popularity, 0.764, 0.517, 0.015);
    assertResult(ease, 0.859, 0.628, 0.015);
  }

  @Test
  void popularity_on_movielens() throws Exception {
    InteractionDataSet data = SampleData.movieLens();

    // The independent figure, .424, took the earlier line as the later at equal times; that rule
    // gives .415 here as the mean of 10 seeds, ours .406.
    double mean =
        LongStream.rangeClosed(1, 5)
            .mapToObj(seed -> HonestSplit.of(data, seed))
            .map(
                split ->
                    RankingTask.sampled(split, HeldOut.TEST).evaluate(ItemPopularity.of(split)))
            .mapToDouble(result -> result.hitRate().mean())
            .average()
            .orElseThrow();

    assertThat(mean).isCloseTo(0.407, within(0.01));
  }

  @Test
  void ease_and_no_collaboration_on_movielens() throws Exception {
    HonestSplit split = HonestSplit.of(SampleData.movieLens(), 1);
    RankingTask test = RankingTask.sampled(split, HeldOut.TEST);

    Ease ease = Ease.chosenOnValidation(split);

    assertResult(test.evaluate(ease), 0.65, 0.38, 0.03);
    assertThat(RankingTask.full(split, HeldOut.TEST).evaluate(ease).hitRate().mean())
        .isCloseTo(0.15, within(0.03));
    assertThat(
            test.evaluate(new NoCollaboration(split, NegativeSampling.HONEST, 1)).hitRate().mean())
        .isBetween(0.08, 0.12);
  }

  private static void assertResult(
      RankingResult result, double hitRate, double ndcg, double tolerance) {
    assertThat(result.hitRate().mean()).isCloseTo(hitRate, within(tolerance));
    assertThat(result.ndcg().mean()).isCloseTo(ndcg, within(tolerance));
  }
}
