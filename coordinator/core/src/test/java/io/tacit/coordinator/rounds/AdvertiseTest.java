package io.tacit.coordinator.rounds;

import static io.tacit.coordinator.rounds.ScriptedDevice.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.sessions.Refusal;
import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.SignedAdvertisement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joining the roster: who signed for this session, once, while there are seats. */
class AdvertiseTest {

  private static final Refusal BAD_SIGNATURE =
      new Refusal(
          Refusal.Reason.BAD_SIGNATURE,
          "the advertisement is not signed by this client for this session; sign ctx0 of the"
              + " offered session");

  @TempDir Path directory;

  private TestCoordinator coordinator;

  @BeforeEach
  void open() {
    coordinator = TestCoordinator.in(directory);
  }

  @AfterEach
  void close() {
    coordinator.close();
  }

  @Test
  void refuses_a_signature_that_does_not_verify() {
    ScriptedDevice device = offered(1);
    byte[] signature = device.advertisement().signature();
    signature[5] ^= 1;

    assertRefused(device, SignedAdvertisement.of(device.advertisement().body(), signature));
  }

  @Test
  void refuses_an_advertisement_for_another_session() {
    ScriptedDevice device = offered(1);
    byte[] otherSession =
        Transcript.sessionContext(
            0,
            SessionId.fromHex("ab".repeat(16)),
            device.work().planHash(),
            device.work().modelHash(),
            1);
    byte[] otherModel =
        Transcript.sessionContext(
            0, device.session(), device.work().planHash(), ContentHash.of(new byte[1]), 1);

    assertRefused(device, device.sign(otherSession));
    assertRefused(device, device.sign(otherModel));
  }

  @Test
  void refuses_an_advertisement_that_another_client_signed() {
    ScriptedDevice device = offered(1);
    ScriptedDevice other = coordinator.device(2);

    assertRefused(device, other.sign(device.context()));
  }

  @Test
  void refuses_a_body_that_is_no_advertisement() {
    ScriptedDevice device = offered(1);

    assertRefused(
        device, SignedAdvertisement.of(new byte[] {1, 2, 3}, device.advertisement().signature()));
    assertRefused(device, SignedAdvertisement.of(new byte[0], device.advertisement().signature()));
  }

  private ScriptedDevice offered(int number) {
    coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    ScriptedDevice device = coordinator.device(number);
    assertThat(device.offered()).isTrue();
    return device;
  }

  private void assertRefused(ScriptedDevice device, SignedAdvertisement advertisement) {
    assertThat(get(coordinator.sessions().advertise(device.session(), device.id(), advertisement)))
        .isEqualTo(BAD_SIGNATURE);
    assertThat(device.poll()).as("it has not joined").isInstanceOf(PollOutcome.Assignment.class);
  }

  @Test
  void gives_the_same_ticket_for_the_same_bytes_again() {
    ScriptedDevice device = offered(1);

    byte[] ticket = ((SubmitOutcome.Durable) device.advertise()).ticket();
    byte[] again = ((SubmitOutcome.Durable) device.advertise()).ticket();

    assertThat(again).isEqualTo(ticket).hasSize(32);
  }

  @Test
  void gives_the_same_ticket_again_after_the_roster_froze() {
    coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    ScriptedDevice device = coordinator.joined(1, 2).get(0);
    byte[] ticket = device.ticket();
    coordinator.tick();

    assertThat(device.stage()).isEqualTo(Stage.INPUT);
    assertThat(((SubmitOutcome.Durable) device.advertise()).ticket()).isEqualTo(ticket);
  }

  @Test
  void refuses_other_bytes_of_a_client_that_has_joined() {
    ScriptedDevice device = offered(1);
    device.advertise();

    SubmitOutcome outcome =
        get(
            coordinator
                .sessions()
                .advertise(device.session(), device.id(), device.sign(device.context())));

    assertThat(outcome)
        .isEqualTo(
            new Refusal(
                Refusal.Reason.OTHER_BYTES,
                "Other bytes of this client for stage ADVERTISE are stored already; do not"
                    + " repeat."));
    assertThat(device.advertise()).isInstanceOf(SubmitOutcome.Durable.class);
  }

  @Test
  void refuses_newcomers_once_the_roster_is_frozen() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    ScriptedDevice late = coordinator.device(9);
    assertThat(late.offered()).isTrue();
    coordinator.joined(1, 2);
    coordinator.tick();

    assertThat(late.advertise())
        .isEqualTo(
            new Refusal(
                Refusal.Reason.STAGE_CLOSED, "the roster is frozen; take part in another round"));
    assertThat(coordinator.round(plan, 1).state())
        .isInstanceOfSatisfying(
            RoundState.Collecting.class, state -> assertThat(state.rosterSize()).isEqualTo(2));
  }

  @Test
  void refuses_sessions_that_are_over_or_were_never() {
    coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    ScriptedDevice device = coordinator.device(1);
    device.offered();
    coordinator.apply(TestCoordinator.plan("a", 2, 4, 2, 3));
    SessionId never = SessionId.fromHex("cd".repeat(16));

    assertThat(device.advertise())
        .isEqualTo(
            new Refusal(
                Refusal.Reason.STAGE_CLOSED, "the session is over; take part in another round"));
    assertThat(get(coordinator.sessions().advertise(never, device.id(), device.advertisement())))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.SESSION_UNKNOWN,
                "this coordinator has no such session going on; poll again"));
  }

  @Test
  void the_roster_is_full_exactly_at_the_cohort_size_however_many_come_at_once() throws Exception {
    int size = 32;
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, size, 2, 3));
    List<ScriptedDevice> devices = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      ScriptedDevice device = coordinator.device(i);
      assertThat(device.offered()).isTrue();
      devices.add(device);
    }
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<Future<SubmitOutcome>> answers = new ArrayList<>();
    for (ScriptedDevice device : devices) {
      // Each twice at the same time, as after a broken connection: they share a seat.
      answers.add(threads.submit(device::advertise));
      answers.add(threads.submit(device::advertise));
    }
    int joined = 0;
    for (int i = 0; i < devices.size(); i++) {
      SubmitOutcome one = answers.get(2 * i).get();
      SubmitOutcome two = answers.get(2 * i + 1).get();
      if (one instanceof SubmitOutcome.Durable || two instanceof SubmitOutcome.Durable) {
        joined++;
      } else {
        Refusal full =
            new Refusal(
                Refusal.Reason.ROSTER_FULL, "the roster is full; take part in another round");
        assertThat(List.of(one, two)).containsOnly(full);
      }
    }
    threads.shutdown();
    coordinator.tick();

    assertThat(joined).isEqualTo(size);
    assertThat(coordinator.round(plan, 1).state())
        .isInstanceOfSatisfying(
            RoundState.Collecting.class, state -> assertThat(state.rosterSize()).isEqualTo(size));
  }

  @Test
  void attempts_with_other_bytes_cost_no_seat() {
    coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    ScriptedDevice device = coordinator.joined(1, 1).get(0);
    for (int i = 0; i < 10; i++) {
      get(
          coordinator
              .sessions()
              .advertise(device.session(), device.id(), device.sign(device.context())));
    }

    coordinator.joined(2, 1);
    coordinator.tick();

    assertThat(device.stage()).isEqualTo(Stage.INPUT);
  }
}
