package io.tacit.simulation.quality;

import io.tacit.client.model.UserVector;
import io.tacit.client.training.TrainingEngine;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.models.ScenarioPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Client and coordinator in this process.
 *
 * @param mode how updates are protected on their way
 */
public record InProcessTransport(AggregationSettings.Mode mode) implements RoundSource.Transport {

  /** Updates in the clear: there is nobody to hide from. */
  public static final InProcessTransport PLAIN =
      new InProcessTransport(AggregationSettings.Mode.PLAIN);

  @Override
  public String label() {
    return mode == AggregationSettings.Mode.PLAIN ? "in-process" : "in-process-secure";
  }

  @Override
  public RoundSource start(
      ScenarioPlan scenario, HonestSplit split, TrainingEngine engine, long seed, Path directory)
      throws IOException {
    return new Rounds(
        scenario.plan().id(),
        InProcessRounds.start(
            scenario.plan(), scenario.catalogue(), split, engine, seed, directory));
  }

  private record Rounds(PlanId plan, InProcessRounds rounds) implements RoundSource {

    @Override
    public Completed next() throws IOException, InterruptedException {
      InProcessRounds.CompletedRound round = rounds.runRound();
      return new Completed(round.number(), round.meanLoss(), rounds.model());
    }

    @Override
    public Optional<UserVector> userVector(int user) throws IOException {
      return rounds.population().devices().get(user).userVector(plan);
    }

    @Override
    public void close() {
      rounds.close();
    }
  }
}
