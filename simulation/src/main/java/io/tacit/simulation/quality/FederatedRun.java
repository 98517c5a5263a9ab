package io.tacit.simulation.quality;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.RankingTask;
import io.tacit.simulation.evaluation.Scorer;
import io.tacit.simulation.models.DeviceTraining;
import io.tacit.simulation.models.ModelScorer;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.population.ScratchDirectory;
import io.tacit.simulation.quality.CellResult.CurvePoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All rounds of a plan; remembers the model that is best on validation. */
final class FederatedRun {

  private final ScenarioPlan scenario;
  private final HonestSplit split;
  private final DeviceTraining training;
  private final RankingTask test;
  private final RankingTask validation;
  private final List<CurvePoint> curve = new ArrayList<>();

  private double bestValidation = -1;
  private long bestRound;
  private @Nullable ModelParameters bestParameters;
  private @Nullable Scorer best;

  FederatedRun(ScenarioPlan scenario, HonestSplit split, DeviceTraining training) {
    this.scenario = scenario;
    this.split = split;
    this.training = training;
    this.test = RankingTask.sampled(split, HeldOut.TEST);
    this.validation = RankingTask.sampled(split, HeldOut.VALIDATION);
  }

  /**
   * The best model.
   *
   * @param parameters of it
   * @param scorer of it, with the vectors that devices had then
   * @param round whose it is
   * @param curve all that were judged
   */
  record Best(ModelParameters parameters, Scorer scorer, long round, List<CurvePoint> curve) {}

  /**
   * Runs all rounds.
   *
   * @param transport what carries them
   * @param judgeEvery so many rounds
   * @param progress told the number of rounds done after each
   */
  Best run(RoundSource.Transport transport, long seed, int judgeEvery, IntConsumer progress)
      throws IOException, InterruptedException {
    return run(transport, seed, judgeEvery, progress, point -> false);
  }

  /**
   * Runs rounds until it is enough, or all of them.
   *
   * @param enough asked of each model that is judged
   */
  Best run(
      RoundSource.Transport transport,
      long seed,
      int judgeEvery,
      IntConsumer progress,
      Predicate<CurvePoint> enough)
      throws IOException, InterruptedException {
    int last = scenario.plan().rounds();
    try (ScratchDirectory scratch = ScratchDirectory.create("tacit-evaluate-");
        RoundSource rounds =
            transport.start(scenario, split, training.engine(), seed, scratch.path())) {
      for (int round = 1; round <= last; round++) {
        RoundSource.Completed completed = rounds.next();
        progress.accept(round);
        if ((round % judgeEvery == 0 || round == last) && enough.test(judge(completed, rounds))) {
          break;
        }
      }
    }
    if (best == null || bestParameters == null) {
      throw new IllegalStateException("no model was judged in " + last + " rounds");
    }
    return new Best(bestParameters, best, bestRound, List.copyOf(curve));
  }

  private CurvePoint judge(RoundSource.Completed completed, RoundSource rounds) {
    Scorer scorer =
        ModelScorer.of(
            scenario.plan(),
            completed.model(),
            split,
            training,
            user -> privateVector(rounds, user));
    double onValidation = validation.evaluate(scorer).hitRate().mean();
    double onTest = test.evaluate(scorer).hitRate().mean();
    CurvePoint point =
        new CurvePoint(completed.number(), completed.meanLoss(), onValidation, onTest);
    curve.add(point);
    if (onValidation > bestValidation) {
      bestValidation = onValidation;
      bestRound = completed.number();
      bestParameters = completed.model();
      best = scorer;
    }
    return point;
  }

  private static @Nullable UserVector privateVector(RoundSource rounds, int user) {
    try {
      return rounds.userVector(user).orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
