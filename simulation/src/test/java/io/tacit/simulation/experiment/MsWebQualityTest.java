package io.tacit.simulation.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.training.PortableEngine;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.models.ModelScorer;
import io.tacit.simulation.population.ScratchDirectory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the demo promises, repeatable: on real clicks, averaging beats popularity. */
class MsWebQualityTest {

  private static final int ROUNDS = 60;

  @Test
  void the_federated_model_beats_popularity_by_more_than_twice_the_paired_standard_error()
      throws Exception {
    Path clicks =
        Path.of(System.getProperty("tacit.root"), "deploy/data/msweb/anonymous-msweb.data");
    Experiment experiment =
        Experiment.prepare(
            new ExperimentSettings(
                new DataSetSource.MsWeb(),
                clicks,
                1_000,
                ROUNDS,
                128,
                1,
                1,
                AggregationSettings.Mode.PLAIN));
    try (ScratchDirectory scratch = ScratchDirectory.create("tacit-test-");
        InProcessRounds rounds =
            InProcessRounds.start(
                experiment.scenario().plan(),
                experiment.scenario().catalogue(),
                experiment.split(),
                new PortableEngine(),
                1,
                scratch.path())) {
      for (int round = 1; round <= ROUNDS; round++) {
        long number = rounds.runRound().number();
        if (round % 10 == 0) {
          experiment.judge(number, rounds.model(), ModelScorer.PrivateVectors.NONE);
        }
      }
    }
    Comparison comparison = experiment.compare();
    Estimate over = comparison.federated().hitRateOverPopularity();
    System.out.println("MSWeb, 1,000 visitors, seed 1: " + comparison.rows());
    assertThat(over.mean()).isGreaterThan(2 * over.standardError());
    assertThat(comparison.rows().get(2).hitRate().mean())
        .as("without collaboration nothing is learnt that helps")
        .isBetween(0.06, 0.14);
  }
}
