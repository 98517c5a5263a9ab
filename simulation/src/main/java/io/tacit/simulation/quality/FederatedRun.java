package io.tacit.simulation.quality;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.RankingTask;
import io.tacit.simulation.evaluation.Scorer;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.inprocess.InProcessRounds.CompletedRound;
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
import org.jspecify.annotations.Nullable;

/** All rounds of a plan in this process; remembers the model that is best on validation. */
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
   * @param judgeEvery so many rounds
   * @param progress told the number of rounds done after each
   */
  Best run(long seed, int judgeEvery, IntConsumer progress)
      throws IOException, InterruptedException {
    int rounds = scenario.plan().rounds();
    try (ScratchDirectory scratch = ScratchDirectory.create("tacit-evaluate-");
        InProcessRounds inProcess =
            InProcessRounds.start(
                scenario.plan(),
                scenario.catalogue(),
                split,
                training.engine(),
                seed,
                scratch.path())) {
      for (int round = 1; round <= rounds; round++) {
        CompletedRound completed = inProcess.runRound();
        if (round % judgeEvery == 0 || round == rounds) {
          judge(completed, inProcess);
        }
        progress.accept(round);
      }
    }
    if (best == null || bestParameters == null) {
      throw new IllegalStateException("no model was judged in " + rounds + " rounds");
    }
    return new Best(bestParameters, best, bestRound, List.copyOf(curve));
  }

  private void judge(CompletedRound completed, InProcessRounds rounds) {
    ModelParameters parameters = rounds.model();
    Scorer scorer =
        ModelScorer.of(
            scenario.plan(), parameters, split, training, user -> privateVector(rounds, user));
    double onValidation = validation.evaluate(scorer).hitRate().mean();
    double onTest = test.evaluate(scorer).hitRate().mean();
    curve.add(new CurvePoint(completed.number(), completed.meanLoss(), onValidation, onTest));
    if (onValidation > bestValidation) {
      bestValidation = onValidation;
      bestRound = completed.number();
      bestParameters = parameters;
      best = scorer;
    }
  }

  private @Nullable UserVector privateVector(InProcessRounds rounds, int user) {
    try {
      return rounds.population().devices().get(user).userVector(scenario.plan().id()).orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
