package io.tacit.simulation.quality;

import io.tacit.simulation.baselines.ItemPopularity;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.evaluation.RankingResult;
import io.tacit.simulation.evaluation.RankingTask;
import io.tacit.simulation.evaluation.UserRandom;
import io.tacit.simulation.models.DeviceTraining;
import io.tacit.simulation.models.ModelScorer;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.models.TrainingRecipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * New devices: a tenth of the users is left out of training; then each ranks with the model and
 * with its own first events alone. Beside it stand popularity among those who trained, and the same
 * users as devices that did train.
 */
final class ColdStart {

  /** One in so many users is a newcomer. */
  static final int ONE_IN = 10;

  /** How many first events newcomers have. */
  static final List<Integer> EVENTS = List.of(0, 1, 3, 5);

  private final InteractionDataSet data;
  private final HonestSplit split;
  private final TrainingRecipe recipe;
  private final NegativeSampling sampling;
  private final long seed;
  private final BitSet isNew;

  ColdStart(
      InteractionDataSet data,
      HonestSplit split,
      TrainingRecipe recipe,
      NegativeSampling sampling,
      long seed) {
    this.data = data;
    this.split = split;
    this.recipe = recipe;
    this.sampling = sampling;
    this.seed = seed;
    this.isNew = drawNewcomers(split.userCount(), seed);
  }

  private static BitSet drawNewcomers(int users, long seed) {
    BitSet drawn = new BitSet(users);
    IntStream.range(0, users)
        .boxed()
        .sorted(Comparator.comparing(user -> UserRandom.of(seed, "cold-start", user).nextDouble()))
        .limit((users + ONE_IN - 1) / ONE_IN)
        .forEach(drawn::set);
    return drawn;
  }

  /** The users who take no part in training. */
  HonestSplit newcomers() {
    return split.restrictedTo(isNew::get);
  }

  /**
   * Trains with the others and ranks for the newcomers.
   *
   * @param trained the federated model of all users, for the newcomers as devices that trained
   * @param rounds told the number of rounds done after each
   */
  ColdStartResult run(CellResult trained, int judgeEvery, IntConsumer rounds)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    HonestSplit others = split.restrictedTo(user -> !isNew.get(user));
    int cohort = Math.min(recipe.cohortOf(others.userCount()), others.userCount());
    ScenarioPlan scenario = ScenarioPlan.of(data, recipe.withCohort(cohort), cohort, seed);
    FederatedRun.Best best =
        new FederatedRun(scenario, others, DeviceTraining.of(others, sampling))
            .run(InProcessTransport.PLAIN, seed, judgeEvery, rounds);
    RankingTask test = RankingTask.sampled(newcomers(), HeldOut.TEST);
    List<ColdStartResult.Row> rows = new ArrayList<>();
    for (int events : EVENTS) {
      rows.add(
          new ColdStartResult.Row(
              "first " + events + (events == 1 ? " event" : " events"),
              test.evaluate(scorer(scenario, best, test.split().beginning(events)))));
    }
    rows.add(
        new ColdStartResult.Row(
            ColdStartResult.POPULARITY, test.evaluate(ItemPopularity.of(others))));
    rows.add(new ColdStartResult.Row("as devices that trained", ofNewcomers(test, trained)));
    return new ColdStartResult(seed, rows, (System.nanoTime() - start) / 1e9);
  }

  /** A device without private vector, which it makes of what little it has. */
  private ModelScorer scorer(ScenarioPlan scenario, FederatedRun.Best best, HonestSplit begun) {
    return ModelScorer.of(
        scenario.plan(),
        best.parameters(),
        begun,
        DeviceTraining.of(begun, sampling),
        ModelScorer.PrivateVectors.NONE);
  }

  private RankingResult ofNewcomers(RankingTask test, CellResult trained) {
    return RankingResult.restored(
        test, isNew.stream().map(user -> trained.sampled().rank(user)).toArray());
  }
}
