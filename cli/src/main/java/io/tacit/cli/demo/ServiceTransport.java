package io.tacit.cli.demo;

import io.tacit.client.training.TrainingEngine;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.quality.RoundSource;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Rounds through a coordinator process of their own, over gRPC.
 *
 * @param mode how updates are protected on their way
 */
public record ServiceTransport(AggregationSettings.Mode mode) implements RoundSource.Transport {

  @Override
  public String label() {
    return mode == AggregationSettings.Mode.PLAIN ? "grpc" : "grpc-secure";
  }

  @Override
  public RoundSource start(
      ScenarioPlan scenario, HonestSplit split, TrainingEngine engine, long seed, Path directory)
      throws IOException, InterruptedException {
    return ServiceRounds.start(scenario, split, engine, seed, directory);
  }
}
