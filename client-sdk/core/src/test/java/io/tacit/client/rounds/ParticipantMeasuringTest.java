package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.TestPlans;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.storage.Charge;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.GroupMetrics;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a device measures goes behind its update, once for each model. */
class ParticipantMeasuringTest extends ParticipantFixture {

  /** Its salt holds it back where a tenth is. */
  private static final long SALT_OF_THE_HELD_BACK = 10;

  private static final GroupMetrics NOTHING = new GroupMetrics("training", 0, 0, 0, 0);

  private static TrainingPlan measuring() {
    return TestPlans.measuring(TestPlans.twoTower(), 0, 0);
  }

  private List<GroupMetrics> measured(TrainingPlan plan) {
    return plan.updateFormat().decodeMetrics(uploadedLanes());
  }

  /** A model of the plan that is not the one of {@link ScriptedRound#offer}. */
  private void offerAnotherModel(TrainingPlan plan, long round) {
    float[] values = new float[plan.parameters()];
    values[0] = 0.5f;
    script.assign(
        plan.version(),
        round,
        coordinator.publish(plan.toBytes()),
        coordinator.publish(ModelParameters.copyOf(values).toBytes()));
  }

  @Test
  void what_the_device_measured_goes_behind_its_update() throws IOException {
    TrainingPlan plan = measuring();
    script.offer(plan, 1);
    ParticipationOutcome outcome = participant().participate();

    assertThat(((ParticipationOutcome.Contributed) outcome).bytesUp())
        .isEqualTo(64 + 4L * plan.parameters() + 12);
    assertThat(measured(plan)).hasSize(1);
    GroupMetrics training = measured(plan).get(0);
    assertThat(training.devices()).isEqualTo(1);
    // Of five items it has three, and holds back one: two are left to be beaten.
    assertThat(training.first()).isEqualTo(1);
    assertThat(training.second()).isBetween(0.5 - 1e-4, 1.0);
    assertThat(uploaded(plan).values()[0]).isCloseTo((float) (1 / Math.sqrt(30)), within(1e-4f));
    assertThat(uploaded(plan).examples()).isEqualTo(3);
  }

  @Test
  void a_model_that_comes_again_is_taken_part_in_and_reported_on_no_more() throws IOException {
    TrainingPlan plan = measuring();
    script.offer(plan, 1);
    participant().participate();
    script.offer(plan, 2);

    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(measured(plan)).containsExactly(NOTHING);
    assertThat(uploaded(plan).examples()).isEqualTo(3);
    assertThat(trainings).hasValue(2);

    offerAnotherModel(plan, 3);
    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(measured(plan).get(0).devices()).isEqualTo(1);
  }

  @Test
  void the_report_is_spent_on_disk_before_the_first_byte_leaves() throws IOException {
    TrainingPlan plan = measuring();
    ContentHash model = ModelParameters.initial(plan.model()).contentHash();
    List<Boolean> mayReport = new ArrayList<>();
    coordinator.onAwait =
        request -> {
          mayReport.add(mayReport(model));
          return ScriptedRound.progress(request);
        };
    coordinator.onUpload =
        header -> {
          mayReport.add(mayReport(model));
          return null;
        };
    script.offer(plan, 1);
    participant().participate();

    assertThat(mayReport).containsExactly(true, false, false);
  }

  private boolean mayReport(ContentHash model) {
    try {
      return latch().mayReport(TestPlans.ID, model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_device_that_died_while_sending_has_lost_its_report_and_makes_no_second()
      throws IOException {
    TrainingPlan plan = measuring();
    script.offer(plan, 1);
    coordinator.onUpload =
        header -> {
          throw ScriptedCoordinator.failure(
              io.grpc.Status.INVALID_ARGUMENT.withDescription("as if it had died"),
              "MALFORMED",
              null);
        };
    participant().participate();
    assertThat(coordinator.uploaded()).isEmpty();
    coordinator.onUpload = header -> null;
    script.offer(plan, 2);

    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(measured(plan)).containsExactly(NOTHING);
  }

  @Test
  void a_report_that_was_not_about_to_leave_is_not_lost() throws IOException {
    TrainingPlan plan = measuring();
    coordinator.onAwait =
        request -> ScriptedRound.state(SessionState.newBuilder().setStage(Stage.STAGE_ABORTED));
    script.offer(plan, 1);
    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.RoundAborted.class);
    coordinator.onAwait = ScriptedRound::progress;

    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(measured(plan).get(0).devices()).isEqualTo(1);
  }

  @Test
  void a_model_that_another_process_reported_on_in_the_meantime_is_not_reported_on_again()
      throws IOException {
    TrainingPlan plan = measuring();
    ContentHash model = ModelParameters.initial(plan.model()).contentHash();
    coordinator.onAwait =
        request -> {
          try {
            latch().spend(round(1), Charge.WITHOUT_NOISE, 100, model, () -> true);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return ScriptedRound.progress(request);
        };
    script.offer(plan, 2);

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(2),
                DeclineReason.UPDATE_SPENT,
                "this device has reported on the model of round news#2 in another round"));
    assertNothingLeftTheDevice();
  }

  @Test
  void a_device_that_is_held_back_sends_zeros_and_what_it_measured() throws IOException {
    salt = SALT_OF_THE_HELD_BACK;
    TrainingPlan plan = TestPlans.measuring(TestPlans.twoTower(), 0.1, 0);
    script.offer(plan, 1);

    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(trainings).hasValue(0);
    assertThat(uploaded(plan).values()).containsOnly(0);
    assertThat(uploaded(plan).weight()).isEqualTo(0x1p-16);
    assertThat(uploaded(plan).examples()).isZero();
    GroupMetrics heldBack = measured(plan).get(0);
    assertThat(heldBack.group()).isEqualTo("held-back");
    assertThat(heldBack.devices()).isEqualTo(1);
    assertThat(heldBack.first()).isEqualTo(1);
    assertThat(measured(plan).get(1)).isEqualTo(NOTHING);

    script.offer(plan, 2);
    participant().participate();
    assertThat(trainings).as("for good").hasValue(0);
    assertThat(measured(plan)).containsExactly(new GroupMetrics("held-back", 0, 0, 0, 0), NOTHING);
  }

  @Test
  void an_app_that_allows_no_metrics_trains_and_sends_zeros_in_place_of_them() throws IOException {
    salt = SALT_OF_THE_HELD_BACK;
    TrainingPlan plan = TestPlans.measuring(TestPlans.twoTower(), 0.1, 0);
    script.offer(plan, 1);

    assertThat(participant(DEVELOPMENT.withMetrics(false)).participate())
        .isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(trainings).hasValue(1);
    assertThat(uploaded(plan).weight()).isEqualTo(1);
    assertThat(measured(plan)).containsExactly(new GroupMetrics("held-back", 0, 0, 0, 0), NOTHING);
    assertThat(mayReport(ModelParameters.initial(plan.model()).contentHash())).isTrue();
  }
}
