package io.tacit.simulation.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.simulation.data.SampleData;
import io.tacit.simulation.evaluation.ChanceLevel;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.evaluation.RankingResult;
import io.tacit.simulation.evaluation.RankingTask;
import org.junit.jupiter.api.Test;

/** What the controls say about the protocol, on real visits. */
class ControlsTest {

  private static final long SEED = 1;

  private final HonestSplit split = HonestSplit.of(SampleData.msWeb(), SEED, 2000);
  private final RankingTask test = RankingTask.sampled(split, HeldOut.TEST);

  ControlsTest() throws Exception {}

  @Test
  void random_scores_are_at_chance() {
    RankingResult result = test.evaluate(new RandomScores(split.itemCount(), SEED));

    assertThat(result.hitRate().mean()).isCloseTo(ChanceLevel.sampled().hitRate(), within(0.02));
    assertThat(result.ndcg().mean()).isCloseTo(ChanceLevel.sampled().ndcg(), within(0.01));
  }

  @Test
  void without_collaboration_honest_sampling_stays_at_chance() {
    RankingResult result = test.evaluate(new NoCollaboration(split, NegativeSampling.HONEST, SEED));

    assertThat(result.hitRate().mean()).isBetween(0.08, 0.12);
  }

  @Test
  void without_collaboration_the_papers_sampler_looks_perfect() {
    RankingResult result =
        test.evaluate(new NoCollaboration(split, NegativeSampling.PAPERS_SAMPLER, SEED));

    assertThat(result.hitRate().mean()).isGreaterThan(0.99);
  }

  @Test
  void last_positions_give_nothing_away_under_a_random_split() {
    RankingResult popularity = test.evaluate(ItemPopularity.of(split));

    RankingResult table = test.evaluate(LastPositionTable.of(split));

    assertThat(table.hitRateOver(popularity).mean()).isLessThan(0.01);
  }

  @Test
  void evaluation_does_not_depend_on_threads() {
    NoCollaboration scorer = new NoCollaboration(split, NegativeSampling.HONEST, SEED);

    RankingResult once = test.evaluate(scorer);
    RankingResult again = test.evaluate(scorer);

    for (int user = 0; user < split.userCount(); user++) {
      assertThat(again.rank(user)).isEqualTo(once.rank(user));
    }
  }
}
