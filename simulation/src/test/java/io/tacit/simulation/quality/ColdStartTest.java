package io.tacit.simulation.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.model.Recency;
import io.tacit.simulation.baselines.ItemPopularity;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SampleData;
import io.tacit.simulation.data.SampleData.Told;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.evaluation.RankingResult;
import io.tacit.simulation.evaluation.RankingTask;
import io.tacit.simulation.models.TrainingRecipe;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * People of twelve groups like the 35 items of their own group and no others. Among the hundred
 * candidates of a new device are seven or eight of its group: who knows the group has its test item
 * among the best ten, and who does not has it with a chance of .1. With 24 new devices the bounds
 * are three standard errors from either.
 */
class ColdStartTest {

  private static final int USERS = 240;
  private static final int ITEMS = 420;
  private static final int COHORT = 64;
  private static final int ROUNDS = 50;
  private static final long SEED = 1;

  @Test
  void a_device_without_any_event_is_known_by_attributes_that_say_what_it_likes() throws Exception {
    assertThat(hitRateWithoutEvents(Told.OWN_GROUP)).isGreaterThan(0.5);
  }

  @Test
  void a_device_without_any_event_is_a_stranger_where_attributes_say_nothing() throws Exception {
    assertThat(hitRateWithoutEvents(Told.ANY_GROUP)).isLessThan(0.3);
  }

  private static double hitRateWithoutEvents(Told told) throws Exception {
    InteractionDataSet data = SampleData.grouped(USERS, ITEMS, told);
    HonestSplit split = HonestSplit.of(data, SEED);
    ColdStart coldStart = new ColdStart(data, split, recipe(split), NegativeSampling.HONEST, SEED);
    ColdStartResult result = coldStart.run(anyModel(split), ROUNDS, round -> {});
    assertThat(result.rows().get(0).system()).isEqualTo("first 0 events");
    return result.rows().get(0).sampled().hitRate().mean();
  }

  private static TrainingRecipe recipe(HonestSplit split) {
    TrainingRecipe usual = TrainingRecipe.usualFor(split);
    return new TrainingRecipe(
        usual.kind(),
        8,
        List.of(),
        true,
        Recency.NONE,
        ROUNDS,
        COHORT,
        usual.client(),
        usual.server());
  }

  /** What stands for the model of all devices, which is not looked at here. */
  private static CellResult anyModel(HonestSplit split) {
    RankingResult result =
        RankingTask.sampled(split, HeldOut.TEST).evaluate(ItemPopularity.of(split));
    return new CellResult(Contender.FEDERATED, SEED, result, result, 0, "", List.of(), 0);
  }
}
