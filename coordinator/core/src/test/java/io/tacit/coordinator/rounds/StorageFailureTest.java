package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.coordinator.aggregation.UpdateLogUnavailableException;
import io.tacit.protocol.Stage;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storage that fails holds up what needs it, nothing else, and nothing longer than it fails. */
class StorageFailureTest {

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.create();
  private final FaultyUpdateLog log = new FaultyUpdateLog(clock);
  private final FaultyDatabase database = new FaultyDatabase();
  private TestCoordinator coordinator;

  @BeforeEach
  void open() {
    coordinator = TestCoordinator.over(clock, database.database(), log, directory);
  }

  @AfterEach
  void close() {
    coordinator.close();
    database.close();
  }

  /** Storage is back, and the rest after a failure is over. */
  private void recovered() {
    log.failing = false;
    database.away = false;
    database.failsToSync = false;
    coordinator.pass(Retries.REST);
    coordinator.tick();
  }

  @Test
  void an_update_is_not_acknowledged_while_the_log_fails_and_may_be_sent_again() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    List<ScriptedDevice> devices = coordinator.joined(0, 2);
    coordinator.tick();
    byte[] update = Updates.update(plan, 1, 0);
    log.failing = true;

    assertThatThrownBy(() -> devices.get(0).upload(update))
        .isInstanceOf(UpdateLogUnavailableException.class);
    coordinator.tick();
    recovered();
    assertThat(coordinator.round(plan, 1).state()).isInstanceOf(RoundState.Collecting.class);

    devices.get(0).upload(update);
    devices.get(1).upload(Updates.update(plan, 1, 1));
    coordinator.tick();
    assertThat(((RoundState.Completed) coordinator.round(plan, 1).state()).contributors())
        .isEqualTo(2);
  }

  @Test
  void a_seat_is_free_again_if_the_advertisement_could_not_be_stored() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 1, 1, 3));
    ScriptedDevice unlucky = coordinator.device(0);
    unlucky.offered();
    log.failing = true;
    assertThatThrownBy(unlucky::advertise).isInstanceOf(UpdateLogUnavailableException.class);
    log.failing = false;

    coordinator.joined(1, 1);
    coordinator.tick();

    assertThat(((RoundState.Collecting) coordinator.round(plan, 1).state()).rosterSize())
        .isEqualTo(1);
  }

  @Test
  void a_round_whose_log_cannot_be_opened_is_opened_once_and_not_once_a_tick() {
    log.failing = true;
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    for (int i = 0; i < 5; i++) {
      coordinator.pass(Retries.REST);
    }
    assertThat(coordinator.device(0).poll()).isInstanceOf(ComeBack.class);
    assertThat(coordinator.coordinator.roundStore().list(plan.id(), 0, 100)).hasSize(1);

    recovered();

    assertThat(coordinator.device(0).poll()).isInstanceOf(PollOutcome.Assignment.class);
    assertThat(coordinator.coordinator.roundStore().list(plan.id(), 0, 100)).hasSize(1);
  }

  @Test
  void a_log_that_could_not_be_deleted_is_deleted_later() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 1));
    runRound(plan, 1, () -> {});
    log.failing = true;
    coordinator.tick();
    assertThat(log.sessions()).hasSize(1);

    recovered();

    assertThat(log.sessions()).isEmpty();
  }

  @Test
  void rounds_wait_for_a_database_that_is_away_and_answer_devices_meanwhile() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    List<ScriptedDevice> devices = coordinator.joined(0, 2);
    database.away = true;
    coordinator.tick();
    assertThat(devices.get(0).stage()).isEqualTo(Stage.ADVERTISE);
    assertThat(coordinator.heardStates()).containsExactly("1 OPEN");

    recovered();

    assertThat(coordinator.heardStates()).containsExactly("1 OPEN", "1 COLLECTING");
    assertThat(coordinator.round(plan, 1).revision()).isEqualTo(1);
  }

  @Test
  void a_roster_whose_commit_came_through_without_an_answer_is_frozen_once() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    List<ScriptedDevice> devices = coordinator.joined(0, 2);
    database.failsToSync = true;
    coordinator.tick();
    assertThat(devices.get(0).stage())
        .as("not durable, so not published")
        .isEqualTo(Stage.ADVERTISE);

    recovered();

    assertThat(coordinator.round(plan, 1).revision()).isEqualTo(1);
    assertThat(devices.get(0).stage()).isEqualTo(Stage.INPUT);
    assertThat(coordinator.session(plan, 1).revision()).isEqualTo(1);
    assertThat(coordinator.heardStates()).containsExactly("1 OPEN", "1 COLLECTING");
  }

  @Test
  void a_step_whose_commit_came_through_without_an_answer_is_taken_once() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    ScriptedDevice device = runRound(plan, 1, () -> database.failsToSync = true);
    assertThat(device.stage()).as("not durable, so not published").isEqualTo(Stage.INPUT);
    coordinator.pass(Retries.REST);

    recovered();

    assertThat(coordinator.latest(plan.id()).version()).isEqualTo(1);
    assertThat(device.stage()).isEqualTo(Stage.COMPLETED);
    assertThat(coordinator.heardStates())
        .containsExactly("1 OPEN", "1 COLLECTING", "1 COMPLETED", "2 OPEN");
  }

  @Test
  void a_round_whose_row_came_through_without_an_answer_is_opened_once() {
    TrainingPlan plan = TestCoordinator.plan("a", 1, 2, 2, 3);
    coordinator.coordinator.plans().apply(plan);
    database.failsToSync = true;
    coordinator.tick();
    coordinator.pass(Retries.REST);
    assertThat(coordinator.device(0).poll()).isInstanceOf(ComeBack.class);

    recovered();

    assertThat(coordinator.coordinator.roundStore().list(plan.id(), 0, 100)).hasSize(1);
    assertThat(coordinator.device(0).poll()).isInstanceOf(PollOutcome.Assignment.class);
  }

  @Test
  void a_corrupt_model_file_stops_its_own_plan_only() throws IOException {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    Path file = directory.resolve(coordinator.latest(plan.id()).hash().toHex());
    byte[] intact = Files.readAllBytes(file);
    Files.write(file, new byte[intact.length]);
    ScriptedDevice device = runRound(plan, 1, () -> {});
    assertThat(device.stage()).isEqualTo(Stage.INPUT);
    assertThatThrownBy(() -> coordinator.model(plan.id()))
        .hasMessageStartingWith("artifact file " + file + " is corrupt: ");

    TrainingPlan other =
        TestCoordinator.parse(
            """
            id: other
            version: 1
            population: elsewhere
            model: {kind: tabular, layers: [{units: 1, activation: sigmoid}]}
            features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
            cohort: {size: 2, minimum: 2}
            aggregation: {mode: plain, development: true}
            rounds: 1
            """);
    coordinator.apply(other);
    assertThat(coordinator.round(other, 1).state()).isEqualTo(new RoundState.Open());

    Files.write(file, intact);
    recovered();
    assertThat(device.stage()).isEqualTo(Stage.COMPLETED);
    assertThat(coordinator.latest(plan.id()).version()).isEqualTo(1);
  }

  private ScriptedDevice runRound(TrainingPlan plan, long number, Runnable beforeItCloses) {
    List<ScriptedDevice> devices = coordinator.joined(0, plan.cohort().size());
    coordinator.tick();
    for (int i = 0; i < devices.size(); i++) {
      devices.get(i).upload(Updates.update(plan, number, i));
    }
    beforeItCloses.run();
    coordinator.tick();
    return devices.get(0);
  }
}
