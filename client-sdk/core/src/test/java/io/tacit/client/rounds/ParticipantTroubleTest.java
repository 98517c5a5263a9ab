package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.TestPlans;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.Refusal;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.storage.Charge;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.Refused;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Trouble on the way: connections, deaths, refusals and time. */
class ParticipantTroubleTest extends ParticipantFixture {

  @Test
  void a_coordinator_that_is_away_finds_the_finished_update_when_it_is_back() throws IOException {
    whileTraining = coordinator::stop;
    timer.onSleep =
        number -> {
          if (number == 3) {
            coordinator.start();
            awaitCoordinator();
          }
        };

    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(trainings).hasValue(1);
    assertThat(timer.sleeps())
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  /** Until the channel has found it again. */
  private void awaitCoordinator() {
    boolean isThere = false;
    while (!isThere) {
      try {
        connection.poll("any", ClientId.ofIdentityKey(new byte[1]), java.util.Set.of());
        isThere = true;
      } catch (ConnectionException e) {
        assertThat(e.reason()).isEqualTo(ConnectionException.Reason.UNAVAILABLE);
      }
    }
  }

  @Test
  void gives_up_on_a_coordinator_that_stays_away_and_says_when_to_try_again() throws IOException {
    coordinator.stop();

    ParticipationOutcome outcome = participant().participate();

    ParticipationOutcome.NoConnection away = (ParticipationOutcome.NoConnection) outcome;
    assertThat(away.reason()).isEqualTo(ConnectionException.Reason.UNAVAILABLE);
    assertThat(away.after()).isEqualTo(Duration.ofSeconds(20));
    assertThat(timer.sleeps().stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThan(Duration.ofMinutes(1));
    coordinator.start();
  }

  @Test
  void an_upload_that_was_cut_resumes_where_the_coordinator_stands() throws IOException {
    coordinator.uploadCuts.add(100);
    ParticipationOutcome outcome = participant().participate();

    long size = 64 + 4L * TestPlans.twoTower().parameters();
    assertThat(((ParticipationOutcome.Contributed) outcome).bytesUp()).isEqualTo(size);
    assertThat(coordinator.calls())
        .containsSubsequence("upload 0", "upload-status", "upload 100", "await STAGE_INPUT");
    assertThat(uploaded(TestPlans.twoTower()).clients()).isOne();
    assertThat(trainings).hasValue(1);
  }

  @Test
  void the_coordinator_may_restart_in_the_middle_of_an_upload() throws IOException {
    AtomicBoolean first = new AtomicBoolean(true);
    coordinator.uploadCuts.add(100);
    timer.onSleep =
        number -> {
          if (first.getAndSet(false)) {
            coordinator.stop();
          } else {
            coordinator.start();
            awaitCoordinator();
            timer.onSleep = any -> {};
          }
        };

    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(coordinator.calls()).contains("upload 100");
    assertThat(uploaded(TestPlans.twoTower()).clients()).isOne();
  }

  @Test
  void starts_again_when_the_coordinator_dropped_what_it_had() throws IOException {
    AtomicBoolean first = new AtomicBoolean(true);
    coordinator.onUpload =
        header -> first.getAndSet(false) ? RefusalReason.REFUSAL_REASON_WRONG_DIGEST : null;

    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(coordinator.calls())
        .containsSubsequence("upload 0", "upload-status", "upload 0", "await STAGE_INPUT");
  }

  @Test
  void stops_when_another_stream_took_over() throws IOException {
    coordinator.onUpload = header -> RefusalReason.REFUSAL_REASON_SUPERSEDED;

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.Refused(round(1), Refusal.Reason.SUPERSEDED, "by script"));
    assertThat(coordinator.calls()).filteredOn(call -> call.startsWith("upload")).hasSize(1);
    assertThat(isOpen(1)).isFalse();
  }

  @Test
  void a_device_that_died_while_sending_never_sends_in_that_round_again() throws IOException {
    coordinator.onUpload =
        header -> {
          throw ScriptedCoordinator.failure(
              io.grpc.Status.INVALID_ARGUMENT.withDescription("as if it had died"),
              "MALFORMED",
              null);
        };
    participant().participate();
    coordinator.onUpload = header -> null;
    cache = new ArtifactCache(1 << 20);
    int before = coordinator.calls().size();

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.UPDATE_SPENT,
                "round news#1 or a later one has this device's update already"));
    assertThat(coordinator.calls().subList(before, coordinator.calls().size()))
        .containsExactly("poll");
    assertThat(coordinator.uploaded()).isEmpty();

    script.offer(TestPlans.twoTower(), 2);
    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
  }

  @Test
  void a_round_spent_by_another_process_in_the_meantime_is_not_spent_again() throws IOException {
    coordinator.onAwait =
        request -> {
          try {
            latch().spend(round(1), Charge.WITHOUT_NOISE, 100, null, () -> true);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return ScriptedRound.progress(request);
        };

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.UPDATE_SPENT,
                "this device has sent its update of round news#1 before"));
    assertThat(coordinator.calls()).endsWith("abort UPDATE_SPENT");
    assertNothingLeftTheDevice();
  }

  @Test
  void an_aborted_session_is_told_in_the_coordinators_words() throws IOException {
    coordinator.onAwait =
        request ->
            ScriptedRound.state(
                SessionState.newBuilder()
                    .setStage(Stage.STAGE_ABORTED)
                    .setAbortReason("2 devices of at least 4"));

    assertThat(participant().participate())
        .isEqualTo(new ParticipationOutcome.RoundAborted(round(1), "2 devices of at least 4"));
    assertNothingLeftTheDevice();
    assertThat(isOpen(1)).isTrue();
  }

  @Test
  void leaves_a_session_that_makes_no_progress() throws IOException {
    coordinator.onAwait =
        request -> ScriptedRound.state(SessionState.newBuilder().setStage(Stage.STAGE_ADVERTISE));
    // A coordinator that answers at once is asked once a second, not in a loop.
    assertThat(participant().participate())
        .isEqualTo(new ParticipationOutcome.OutOfTime(round(1), RoundStep.ADVERTISED));
    assertThat(coordinator.calls()).endsWith("abort LOCAL_DEADLINE");
    assertThat(coordinator.calls())
        .filteredOn(call -> call.startsWith("await"))
        .hasSizeLessThan(25);
    assertNothingLeftTheDevice();
  }

  @Test
  void does_not_wait_for_a_result_for_ever() throws IOException {
    coordinator.onAwait =
        request ->
            ScriptedRound.state(
                SessionState.newBuilder().setStage(Stage.STAGE_INPUT).setRosterSize(8));

    assertThat(participant().participate())
        .isEqualTo(new ParticipationOutcome.OutOfTime(round(1), RoundStep.SENT));
  }

  @Test
  void does_not_check_in_after_its_time() throws IOException {
    whileTraining = () -> timer.advance(Duration.ofMinutes(6));

    assertThat(participant().participate())
        .isEqualTo(new ParticipationOutcome.OutOfTime(round(1), RoundStep.TRAINED));
    assertThat(coordinator.calls()).doesNotContain("check-in");
  }

  @Test
  void a_refused_advertisement_ends_the_round() throws IOException {
    coordinator.onSubmit =
        request ->
            SubmitResponse.newBuilder()
                .setRefused(
                    Refused.newBuilder()
                        .setReason(RefusalReason.REFUSAL_REASON_ROSTER_FULL)
                        .setDetail("8 of 8"))
                .build();

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.Refused(round(1), Refusal.Reason.ROSTER_FULL, "8 of 8"));
    assertNothingLeftTheDevice();
  }

  @Test
  void another_protocol_version_ends_it_at_once() throws IOException {
    coordinator.protocolVersion = "2";

    ParticipationOutcome outcome = participant().participate();

    assertThat(((ParticipationOutcome.NoConnection) outcome).reason())
        .isEqualTo(ConnectionException.Reason.PROTOCOL_MISMATCH);
    assertThat(timer.sleeps()).isEmpty();
    assertThat(coordinator.calls()).containsExactly("poll");
  }

  @Test
  void an_interrupt_stops_it() throws IOException {
    whileTraining = () -> Thread.currentThread().interrupt();

    assertThat(participant().participate()).isEqualTo(new ParticipationOutcome.Interrupted());
    assertThat(Thread.interrupted()).isTrue();
    assertNothingLeftTheDevice();
  }
}
