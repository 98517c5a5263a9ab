package io.tacit.simulation.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.training.PortableEngine;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.Scenario;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.models.ModelScorer;
import io.tacit.simulation.population.ScratchDirectory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratedScenariosTest {

  private static final int ROUNDS = 3;

  @ParameterizedTest
  @EnumSource
  void devices_of_every_scenario_learn_something_of_it(Scenario scenario) throws Exception {
    Experiment experiment =
        Experiment.prepare(
            new ExperimentSettings(
                DataSetSource.parse("synthetic:" + scenario.label()),
                Path.of("unused"),
                60,
                ROUNDS,
                30,
                1,
                1,
                AggregationSettings.Mode.PLAIN));
    double first;
    double last;
    try (ScratchDirectory scratch = ScratchDirectory.create("tacit-test-");
        InProcessRounds rounds =
            InProcessRounds.start(
                experiment.scenario().plan(),
                experiment.scenario().catalogue(),
                experiment.split(),
                new PortableEngine(),
                1,
                scratch.path())) {
      first = rounds.runRound().meanLoss();
      rounds.runRound();
      InProcessRounds.CompletedRound round = rounds.runRound();
      last = round.meanLoss();
      experiment.judge(round.number(), rounds.model(), ModelScorer.PrivateVectors.NONE);
    }

    assertThat(last).as("loss after %s rounds", ROUNDS).isLessThan(first);
    assertThat(experiment.compare().rows())
        .allSatisfy(row -> assertThat(row.hitRate().count()).isEqualTo(60));
  }

  @Test
  void a_tower_makes_the_model_neural_cf() throws Exception {
    Experiment experiment =
        Experiment.prepare(
            new ExperimentSettings(
                DataSetSource.parse("synthetic:media"),
                Path.of("unused"),
                60,
                ROUNDS,
                30,
                1,
                1,
                AggregationSettings.Mode.PLAIN,
                List.of(8, 4)));

    assertThat(experiment.scenario().plan().model())
        .isInstanceOfSatisfying(
            ModelSpecification.NeuralCf.class,
            model -> assertThat(model.tower()).extracting(DenseLayer::units).containsExactly(8, 4));
  }
}
