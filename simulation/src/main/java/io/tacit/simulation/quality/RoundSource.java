package io.tacit.simulation.quality;

import io.tacit.client.model.UserVector;
import io.tacit.client.training.TrainingEngine;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.ScenarioPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Runs the rounds of a federated model, one after the other. For one thread. */
public interface RoundSource extends AutoCloseable {

  /**
   * A round that completed.
   *
   * @param number of it, from 1
   * @param meanLoss what its participants reported
   * @param model that it left
   */
  record Completed(long number, double meanLoss, ModelParameters model) {}

  /** Runs the next round with the next cohort. */
  Completed next() throws IOException, InterruptedException;

  /** The private vector that training left on the device of a user of the split. */
  Optional<UserVector> userVector(int user) throws IOException;

  @Override
  void close();

  /** What carries rounds. The same seed draws the same cohorts, trainings and roundings in each. */
  interface Transport {

    /** The name in options and files, such as {@code grpc-secure}. */
    String label();

    /** How updates are protected on their way. */
    AggregationSettings.Mode mode();

    /**
     * Starts rounds.
     *
     * @param scenario of {@link #mode()}
     * @param engine that devices train with
     * @param seed of cohorts and devices
     * @param directory for files, empty
     */
    RoundSource start(
        ScenarioPlan scenario, HonestSplit split, TrainingEngine engine, long seed, Path directory)
        throws IOException, InterruptedException;
  }
}
