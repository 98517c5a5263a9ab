package io.tacit.simulation.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.plan.ServerOptimiserSettings;
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
 * People of six groups like the items of their own group and no others. Who knows a new device's
 * group can tell 17 of 100 candidates from the rest and not more, so its test item is among the
 * best ten with a chance of .6; who does not know it has one of .1.
 */
class ColdStartTest {

  private static final int USERS = 240;
  private static final int ITEMS = 420;
  private static final long SEED = 1;

  @Test
  void a_device_without_any_event_is_known_by_its_attributes_where_they_say_what_it_likes()
      throws Exception {
    assertThat(hitRateWithoutEvents(Told.OWN_GROUP, true)).isGreaterThan(0.4);
  }

  @Test
  void and_is_not_known_where_they_say_nothing_or_are_not_learnt_from() throws Exception {
    assertThat(hitRateWithoutEvents(Told.ANY_GROUP, true)).isLessThan(0.3);
    assertThat(hitRateWithoutEvents(Told.OWN_GROUP, false)).isLessThan(0.3);
  }

  private static double hitRateWithoutEvents(Told told, boolean attributes) throws Exception {
    InteractionDataSet data = SampleData.grouped(USERS, ITEMS, told);
    HonestSplit split = HonestSplit.of(data, SEED);
    ColdStart coldStart =
        new ColdStart(data, split, recipe(split, attributes), NegativeSampling.HONEST, SEED);
    ColdStartResult result = coldStart.run(anyModel(split), ROUNDS, round -> {});
    for (ColdStartResult.Row row : result.rows()) System.err.println(told + " " + attributes + " " + row.system() + " " + row.sampled().hitRate());
    assertThat(result.rows().get(0).system()).isEqualTo("first 0 events");
    return result.rows().get(0).sampled().hitRate().mean();
  }

  private static final int ROUNDS = Integer.getInteger("r", 40);

  private static TrainingRecipe recipe(HonestSplit split, boolean attributes) {
    TrainingRecipe usual = TrainingRecipe.usualFor(split);
    return new TrainingRecipe(
        usual.kind(),
        8,
        List.of(),
        attributes,
        ROUNDS,
        Integer.getInteger("c", 64),
        usual.client(),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.FED_ADAM, Double.parseDouble(System.getProperty("sr", "0.1")), 0.9, 0.99, 1e-3));
  }

  /** What stands for the model of all devices, which is not looked at here. */
  private static CellResult anyModel(HonestSplit split) {
    RankingResult result =
        RankingTask.sampled(split, HeldOut.TEST).evaluate(ItemPopularity.of(split));
    return new CellResult(Contender.FEDERATED, SEED, result, result, 0, "", List.of(), 0);
  }
}
