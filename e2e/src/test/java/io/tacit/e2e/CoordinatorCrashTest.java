package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.SessionState;
import io.tacit.client.connection.UploadOutcome;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.training.PortableEngine;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.population.DeviceParts;
import io.tacit.simulation.population.Fleet;
import io.tacit.simulation.population.Population;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged coordinator dies; what it acknowledged does not. */
class CoordinatorCrashTest {

  @TempDir Path directory;

  @Test
  void a_round_killed_in_the_middle_of_collecting_completes_with_every_acknowledged_update()
      throws Exception {
    TrainingPlan plan = OneRoundPlan.of(5, 3);
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      coordinator.apply(plan);
      List<ScriptedDevice> devices = new ArrayList<>();
      try (CoordinatorConnection connection = coordinator.connect()) {
        for (int i = 1; i <= 5; i++) {
          ScriptedDevice device = new ScriptedDevice(connection, plan, i / 100f);
          device.join();
          devices.add(device);
        }
        assertThat(devices.get(0).awaitAfter(Stage.ADVERTISE).stage()).isEqualTo(Stage.INPUT);
        for (ScriptedDevice device : devices.subList(0, 3)) {
          device.upload();
        }

        coordinator.kill();
        coordinator.startAgain();

        // The third device never learnt that its update was taken: it sends it again.
        devices.get(2).upload();
        devices.get(3).upload();
        devices.get(4).upload();
        SessionState end = devices.get(4).awaitAfter(Stage.INPUT);
        assertThat(end.stage()).isEqualTo(Stage.COMPLETED);
        assertThat(end.contributors()).isEqualTo(5);
        assertThat(devices.get(0).tryUpload()).isNotEqualTo(new UploadOutcome.Stored());
      }
      assertThatTheModelMovedByExactly(0.03, plan, coordinator);
    }
  }

  /** The mean of .01 to .05 is .03, once: an update lost or summed twice would show. */
  private void assertThatTheModelMovedByExactly(
      double step, TrainingPlan plan, RunningCoordinator coordinator) throws Exception {
    Path file = directory.resolve("model");
    coordinator.api().downloadModel(plan.id().value(), "latest", file);
    ModelParameters before = ModelParameters.initial(plan.model());
    ModelParameters after = ModelParameters.fromBytes(Files.readAllBytes(file), plan.parameters());
    for (int i = 0; i < plan.parameters(); i++) {
      assertThat((double) after.get(i) - before.get(i))
          .as("parameter %d", i)
          .isCloseTo(step, org.assertj.core.data.Offset.offset(1e-6));
    }
    assertThat(coordinator.api().models(plan.id().value())).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPEN:2", "COLLECTING:2", "COMPLETED:2"})
  void training_goes_on_after_the_process_ended_right_after_a_published_transition(String haltAfter)
      throws Exception {
    InteractionDataSet data =
        DataSetSource.parse("synthetic:news").load(Path.of("unused"), SyntheticSettings.of(40, 3));
    HonestSplit split = HonestSplit.of(data, 3);
    ScenarioPlan scenario = ScenarioPlan.twoTower(data, new ScenarioPlan.Choice(4, 12, 1.3, 3));
    try (RunningCoordinator coordinator =
        new RunningCoordinator(directory, Map.of("tacit.halt-after", haltAfter))) {
      Path catalogue = directory.resolve("catalogue");
      Files.write(catalogue, scenario.catalogue().toBytes());
      coordinator.api().putCatalogue(catalogue);
      coordinator.apply(scenario.plan());
      try (CoordinatorConnection connection = coordinator.connect();
          Fleet fleet = fleet(split, scenario.plan(), connection)) {
        fleet.start();
        coordinator.awaitDeath();
        coordinator.startAgain();
        RunningCoordinator.await(
            "the plan to finish",
            Duration.ofSeconds(120),
            () -> state(coordinator, scenario.plan()).equals("FINISHED"));
        assertThat(fleet.failure()).isNull();
      }
      assertThatEveryVersionHasOneRound(coordinator, scenario.plan());
    }
  }

  private Fleet fleet(HonestSplit split, TrainingPlan plan, CoordinatorConnection connection)
      throws Exception {
    Population population =
        Population.of(
            split,
            directory.resolve("devices"),
            DeviceParts.of(
                ParticipantSettings.of(plan.population(), ClientPolicy.development()),
                connection,
                new PortableEngine()),
            Population.Chance.SECURE,
            0);
    return new Fleet(population.devices(), 20, 3, outcome -> {});
  }

  private static String state(RunningCoordinator coordinator, TrainingPlan plan) {
    try {
      return coordinator.api().plan(plan.id().value()).path("state").asText();
    } catch (Exception e) {
      throw new AssertionError("the coordinator does not show the plan", e);
    }
  }

  private static void assertThatEveryVersionHasOneRound(
      RunningCoordinator coordinator, TrainingPlan plan) throws Exception {
    JsonNode models = coordinator.api().models(plan.id().value());
    assertThat(models).hasSize(plan.rounds() + 1);
    Set<Long> rounds = new HashSet<>();
    for (int version = 0; version < models.size(); version++) {
      assertThat(models.get(version).path("version").asInt()).isEqualTo(version);
      assertThat(rounds.add(models.get(version).path("round").asLong())).isTrue();
    }
    for (JsonNode round : coordinator.rounds(plan)) {
      String state = round.path("state").asText();
      assertThat(state).as("no round is left open").isIn("COMPLETED", "ABANDONED");
      if (state.equals("COMPLETED")) {
        assertThat(round.path("contributors").asInt())
            .isBetween(plan.cohort().minimum(), plan.cohort().size());
        assertThat(round.path("newModelHash").asText()).hasSize(2 * ContentHash.LENGTH);
      } else {
        assertThat(round.path("reason").asText()).isNotEmpty();
      }
    }
  }
}
