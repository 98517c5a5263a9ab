package io.tacit.coordinator.rounds;

import static io.tacit.coordinator.rounds.ScriptedDevice.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.sessions.AwaitOutcome;
import io.tacit.coordinator.sessions.Refusal;
import io.tacit.coordinator.sessions.SessionProgress;
import io.tacit.coordinator.sessions.Sessions;
import io.tacit.coordinator.sessions.Tickets;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.plan.TrainingPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting for the next stage: answered by the transition, or after the hold; never by a thread. */
class AwaitTest {

  private static final Duration LONG = Duration.ofSeconds(25);

  @TempDir Path directory;

  private TestCoordinator coordinator;
  private TrainingPlan plan;

  @BeforeEach
  void open() {
    coordinator = TestCoordinator.in(directory);
    plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
  }

  @AfterEach
  void close() {
    coordinator.close();
  }

  @Test
  void answers_with_the_transition() {
    List<ScriptedDevice> devices = coordinator.joined(0, 2);
    CompletableFuture<AwaitOutcome> roster = parked(devices.get(0), Stage.ADVERTISE);
    assertThat(roster).isNotDone();
    coordinator.tick();
    assertThat(roster.join()).isEqualTo(present(1));
    assertThat(coordinator.round(plan, 1).state()).isInstanceOf(RoundState.Collecting.class);

    CompletableFuture<AwaitOutcome> end = parked(devices.get(0), Stage.INPUT);
    assertThat(end).isNotDone();
    devices.get(0).upload(Updates.update(plan, 1, 0));
    devices.get(1).upload(Updates.update(plan, 1, 1));
    coordinator.tick();
    assertThat(end.join()).isEqualTo(present(1));
    assertThat(coordinator.round(plan, 1).state()).isInstanceOf(RoundState.Completed.class);
    assertThat(coordinator.sessions().awaitCallsHeld()).isZero();
  }

  @Test
  void answers_at_once_if_the_known_stage_is_over() {
    ScriptedDevice device = coordinator.joined(0, 2).get(0);
    coordinator.tick();

    assertThat(parked(device, Stage.ADVERTISE)).isCompletedWithValue(present(1));
    assertThat(coordinator.sessions().awaitCallsHeld()).isZero();
  }

  @Test
  void answers_with_the_present_state_after_the_hold() {
    ScriptedDevice device = coordinator.joined(0, 1).get(0);

    AwaitOutcome outcome = get(device.await(Stage.ADVERTISE, Duration.ofMillis(1)).orElseThrow());

    assertThat(outcome).isEqualTo(SessionProgress.at(Stage.ADVERTISE, 0, null));
    assertThat(coordinator.sessions().awaitCallsHeld()).isZero();
  }

  @Test
  void tells_the_end_of_a_session_also_later_and_after_a_restart() {
    List<ScriptedDevice> devices = coordinator.joined(0, 2);
    coordinator.tick();
    for (int i = 0; i < 2; i++) {
      devices.get(i).upload(Updates.update(plan, 1, i));
    }
    coordinator.tick();

    ContentHash model = coordinator.latest(plan.id()).hash();
    assertThat(devices.get(0).state()).isEqualTo(SessionProgress.completed(2, 2, model, null));
    TestCoordinator next = coordinator.restarted();
    assertThat(
            get(
                next.sessions()
                    .await(
                        devices.get(0).session(),
                        devices.get(0).id(),
                        devices.get(0).ticket(),
                        Stage.INPUT,
                        LONG)
                    .orElseThrow()))
        .isEqualTo(present(1));
  }

  @Test
  void refuses_a_wrong_ticket_and_an_unknown_session() {
    ScriptedDevice device = coordinator.joined(0, 1).get(0);
    Sessions rounds = coordinator.sessions();
    SessionId unknown = SessionId.fromHex("ef".repeat(16));
    byte[] ticket = new Tickets(TestCoordinator.TICKET_KEY).issue(unknown, device.id());

    assertThat(
            rounds.await(device.session(), device.id(), new byte[32], Stage.ADVERTISE, LONG).get())
        .isCompletedWithValue(
            new Refusal(
                Refusal.Reason.NOT_ON_ROSTER,
                "the ticket is not that of a client on the roster of this session; advertise"
                    + " first"));
    assertThat(get(rounds.await(unknown, device.id(), ticket, Stage.ADVERTISE, LONG).orElseThrow()))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.SESSION_UNKNOWN,
                "this coordinator has no such session going on; poll again"));
  }

  @Test
  void holds_no_more_calls_than_the_limit_and_takes_new_ones_when_there_is_room() {
    coordinator.close();
    coordinator =
        TestCoordinator.with(
            directory.resolve("few"), new RoundSettings(Duration.ofSeconds(1), 3, LONG, 1 << 20));
    plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    ScriptedDevice device = coordinator.joined(0, 2).get(0);
    List<CompletableFuture<AwaitOutcome>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(parked(device, Stage.ADVERTISE));
    }

    assertThat(device.await(Stage.ADVERTISE, LONG)).isEmpty();
    assertThat(coordinator.sessions().awaitCallsHeld()).isEqualTo(3);
    coordinator.tick();
    assertThat(calls).allMatch(CompletableFuture::isDone);
    assertThat(coordinator.sessions().awaitCallsHeld()).isZero();
    assertThat(device.await(Stage.INPUT, LONG)).isPresent();
  }

  @Test
  void two_thousand_parked_calls_cost_no_thread_and_leave_nothing_behind() {
    List<ScriptedDevice> devices = coordinator.joined(0, 2);
    List<CompletableFuture<AwaitOutcome>> calls = new ArrayList<>();
    calls.add(parked(devices.get(0), Stage.ADVERTISE));
    int before = Thread.activeCount();
    for (int i = 0; i < 2_000; i++) {
      calls.add(parked(devices.get(i % 2), Stage.ADVERTISE));
    }

    assertThat(Thread.activeCount()).isLessThan(before + 20);
    assertThat(coordinator.sessions().awaitCallsHeld()).isEqualTo(2_001);
    assertThat(calls).noneMatch(CompletableFuture::isDone);
    coordinator.tick();
    assertThat(calls).allMatch(CompletableFuture::isDone);
    assertThat(coordinator.sessions().awaitCallsHeld()).isZero();
  }

  private AwaitOutcome present(long number) {
    return coordinator.round(plan, number).state() instanceof RoundState.Completed completed
        ? SessionProgress.completed(
            completed.rosterSize(), completed.contributors(), completed.newModel(), null)
        : SessionProgress.at(
            Stage.INPUT, coordinator.round(plan, number).state().rosterSize(), null);
  }

  private static CompletableFuture<AwaitOutcome> parked(ScriptedDevice device, Stage known) {
    CompletionStage<AwaitOutcome> call = device.await(known, LONG).orElseThrow();
    return call.toCompletableFuture();
  }
}
