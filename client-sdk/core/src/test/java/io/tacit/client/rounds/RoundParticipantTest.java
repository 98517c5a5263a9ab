package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.TestPlans;
import io.tacit.client.connection.ComeBack;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.LocalTrainerOutcome;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.ComeBackReason;
import io.tacit.protocol.v1.PollResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A device takes part, or is told to come back. */
class RoundParticipantTest extends ParticipantFixture {

  @Test
  void takes_part_in_a_round_from_poll_to_result() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    ParticipationOutcome outcome = participant().participate();

    long down =
        plan.toBytes().length
            + TestPlans.catalogue().toBytes().length
            + ModelParameters.fileBytes(plan.parameters());
    assertThat(outcome)
        .isEqualTo(
            new ParticipationOutcome.Contributed(
                round(1), NEW_MODEL, 7, 64 + 4L * plan.parameters(), down));
    assertThat(coordinator.calls())
        .containsExactly(
            "poll",
            "download 0",
            "download 0",
            "download 0",
            "check-in",
            "submit",
            "await STAGE_ADVERTISE",
            "upload 0",
            "await STAGE_INPUT");
    assertThat(timer.sleeps()).isEmpty();
  }

  @Test
  void the_update_is_clipped_and_encoded_by_the_plan() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    participant().participate();

    MeanUpdate update = uploaded(plan);
    assertThat(update.clients()).isOne();
    assertThat(update.examples()).isEqualTo(3);
    assertThat(update.meanLoss()).isCloseTo(0.25, within(1e-3));
    // Trained was 0.5 everywhere, which is longer than the plan's clip norm of 1.
    assertThat(FixedPointCodec.l2Norm(update.values())).isCloseTo(1, within(1e-4));
    assertThat(update.values()[0]).isCloseTo((float) (1 / Math.sqrt(30)), within(1e-4f));
  }

  @Test
  void under_noise_neither_examples_nor_loss_leave_not_even_in_the_clear() throws IOException {
    script.offer(TestPlans.noisyInTheClear(3), 1);
    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);

    int[] lanes = uploadedLanes();
    assertThat(lanes[0]).as("devices").isEqualTo(1);
    assertThat(Arrays.copyOfRange(lanes, 1, WireLimits.HEADER_LANES)).containsOnly(0);
  }

  @Test
  void fetches_nothing_that_it_has() throws IOException {
    participant().participate();
    script.offer(TestPlans.twoTower(), 2);
    ParticipationOutcome outcome = participant().participate();

    assertThat(((ParticipationOutcome.Contributed) outcome).bytesDown()).isZero();
    assertThat(coordinator.calls()).filteredOn(call -> call.startsWith("download")).hasSize(3);
  }

  @Test
  void the_round_is_spent_on_disk_before_the_first_byte_leaves() throws IOException {
    AtomicBoolean openAtFirstByte = new AtomicBoolean(true);
    AtomicBoolean openBefore = new AtomicBoolean();
    coordinator.onAwait =
        request -> {
          openBefore.compareAndSet(false, isOpen(1));
          return ScriptedRound.progress(request);
        };
    coordinator.onUpload =
        header -> {
          openAtFirstByte.set(isOpen(1));
          return null;
        };
    participant().participate();

    assertThat(openBefore).isTrue();
    assertThat(openAtFirstByte).isFalse();
  }

  @Test
  void comes_back_when_it_is_told_to() throws IOException {
    coordinator.onPoll =
        request ->
            PollResponse.newBuilder()
                .setComeBack(
                    io.tacit.protocol.v1.ComeBack.newBuilder()
                        .setAfterMillis(5000)
                        .setReason(ComeBackReason.COME_BACK_REASON_NO_ROUND))
                .build();

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.ComeBackLater(
                Duration.ofSeconds(5), ComeBack.Reason.NO_ROUND));
  }

  @Test
  void a_stale_update_is_dropped_and_the_round_stays_unspent() throws IOException {
    coordinator.onCheckIn =
        request ->
            CheckInResponse.newBuilder()
                .setComeBack(
                    io.tacit.protocol.v1.ComeBack.newBuilder()
                        .setAfterMillis(1000)
                        .setReason(ComeBackReason.COME_BACK_REASON_STALE))
                .build();

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.ComeBackLater(Duration.ofSeconds(1), ComeBack.Reason.STALE));
    assertNothingLeftTheDevice();
    assertThat(isOpen(1)).isTrue();
  }

  @Test
  void a_device_without_enough_examples_sends_nothing() throws IOException {
    examples =
        (plan, catalogue) -> new ExampleOutcome.Examples(InteractionExamples.of(new int[] {0}));

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.NotEligible(
                round(1),
                LocalTrainerOutcome.Reason.TOO_FEW_EXAMPLES,
                "this device has fewer examples than the 2 that the plan asks for"));
    assertThat(coordinator.calls()).doesNotContain("check-in");
  }
}
