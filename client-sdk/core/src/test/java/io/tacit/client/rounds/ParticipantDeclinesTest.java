package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.TestPlans;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.training.LocalTrainer;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a device takes no part in: by its policy, or because what it fetched is not what it should
 * be.
 */
class ParticipantDeclinesTest extends ParticipantFixture {

  @Test
  void declines_plain_by_default_without_training_or_sending_anything() throws IOException {
    ParticipationOutcome outcome = participant(ClientPolicy.production()).participate();

    assertThat(outcome)
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.POLICY_PLAIN,
                "plan news sends updates in the clear (aggregation mode plain), which this app's"
                    + " policy does not allow; use ClientPolicy.development() in development"
                    + " only"));
    assertThat(coordinator.calls()).containsExactly("poll", "download 0");
    assertThat(trainings).hasValue(0);
  }

  @Test
  void declines_what_is_beyond_the_apps_bounds() throws IOException {
    script.offer(TestPlans.twoTower(1, 5, 4), 1);

    assertThat(participant(DEVELOPMENT.withClipNormMax(4.5)).participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.POLICY_CLIP_NORM,
                "plan news has clip norm 5.0, this app allows at most 4.5"));
    assertThat(participant(DEVELOPMENT.withCohortMinimum(5)).participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.POLICY_COHORT_TOO_SMALL,
                "plan news takes sums of 4 devices, this app asks for at least 5"));
    assertThat(trainings).hasValue(0);
    assertNothingLeftTheDevice();
  }

  @Test
  void declines_a_plan_of_another_population() throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);
    SecureRandom random = new SecureRandom();
    RoundParticipant shopper =
        new RoundParticipant(
            ParticipantSettings.of("shoppers", DEVELOPMENT),
            Device.of(
                DeviceIdentity.openOrCreate(storage, random), new RoundLatch(storage), random),
            connection,
            cache,
            new LocalTrainer(
                examples,
                task -> {
                  throw new AssertionError("must not train");
                },
                new StoredUserVectors(storage),
                random::nextLong,
                1),
            new Pacing(timer, () -> 0));

    assertThat(shopper.participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.POLICY_POPULATION,
                "plan news is for population readers, this app is in shoppers"));
  }

  @Test
  void declines_a_lower_version_of_a_plan_than_it_has_seen_before_fetching_it() throws IOException {
    script.offer(TestPlans.twoTower(2, 1, 1), 1);
    participant().participate();
    script.offer(TestPlans.twoTower(1, 1, 1), 2);
    int before = coordinator.calls().size();

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(2),
                DeclineReason.PLAN_VERSION_LOWER,
                "plan news has version 1, this device has seen 2; apply the plan with a higher"
                    + " version"));
    assertThat(coordinator.calls().subList(before, coordinator.calls().size()))
        .containsExactly("poll");
  }

  @Test
  void declines_a_session_of_another_suite_before_it_joins() throws IOException {
    coordinator.onCheckIn = request -> ScriptedRound.sessionOffer(1);

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.POLICY_SUITE,
                "session has suite 1, the plan's mode plain has suite 0"));
    assertThat(coordinator.calls()).doesNotContain("submit");
    assertNothingLeftTheDevice();
  }

  @Test
  void leaves_a_session_whose_roster_is_smaller_than_the_plan_promises() throws IOException {
    script.offer(TestPlans.twoTower(1, 1, 4), 1);
    coordinator.onAwait =
        request ->
            ScriptedRound.state(
                SessionState.newBuilder().setStage(Stage.STAGE_INPUT).setRosterSize(3));

    assertThat(participant().participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.POLICY_COHORT_TOO_SMALL,
                "the roster has 3 devices, the plan promises 4"));
    assertThat(coordinator.calls()).endsWith("abort POLICY_COHORT_TOO_SMALL");
    assertNothingLeftTheDevice();
    assertThat(isOpen(1)).isTrue();
  }

  @Test
  void declines_a_plan_whose_features_are_of_a_newer_mapping_with_a_reason_of_its_own()
      throws IOException {
    io.tacit.protocol.v1.TrainingPlan plan =
        io.tacit.protocol.v1.TrainingPlan.parseFrom(TestPlans.twoTower().toBytes());
    byte[] newer =
        plan.toBuilder()
            .setFeatures(plan.getFeatures().toBuilder().setMappingVersion(3))
            .build()
            .toByteArray();
    ContentHash planHash = coordinator.publish(newer);
    script.assign(1, 1, planHash, planHash);

    ParticipationOutcome.Declined declined =
        (ParticipationOutcome.Declined) participant().participate();

    assertThat(declined.reason()).isEqualTo(DeclineReason.PLAN_TOO_NEW);
    assertThat(declined.detail()).isEqualTo("features.mapping-version is 3, must be 1 to 2");
  }

  @Test
  void declines_artifacts_that_do_not_fit_each_other() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    ContentHash planHash = coordinator.publish(plan.toBytes());
    ContentHash noModel = coordinator.publish(new byte[] {1, 2, 3});
    ContentHash modelHash = coordinator.publish(ModelParameters.initial(plan.model()).toBytes());

    script.assign(1, 1, planHash, noModel);
    ParticipationOutcome notAModel = participant().participate();
    script.assign(1, 1, modelHash, modelHash);
    ParticipationOutcome notAPlan = participant().participate();
    script.assign(2, 1, planHash, modelHash);
    ParticipationOutcome otherVersion = participant().participate();
    script.assign(2, 1, NEW_MODEL, modelHash);
    ParticipationOutcome missing = participant().participate();

    assertThat(List.of(notAModel, notAPlan, otherVersion))
        .extracting(outcome -> ((ParticipationOutcome.Declined) outcome).reason())
        .containsOnly(DeclineReason.ARTIFACT_INVALID);
    assertThat(((ParticipationOutcome.Declined) otherVersion).detail())
        .isEqualTo("plan is news version 1, announced was news version 2");
    assertThat(missing)
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.ARTIFACT_MISSING,
                "the coordinator has no plan " + NEW_MODEL + "; poll again"));
    assertThat(trainings).hasValue(0);
  }

  @Test
  void does_not_train_on_a_model_of_another_hash() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    coordinator.publishAs(
        ModelParameters.initial(plan.model()).contentHash(),
        ModelParameters.zeros(plan.model().layout()).toBytes());

    ParticipationOutcome outcome = participant().participate();

    assertThat(((ParticipationOutcome.NoConnection) outcome).reason())
        .isEqualTo(ConnectionException.Reason.WRONG_HASH);
    assertThat(trainings).hasValue(0);
  }

  @Test
  void a_download_that_was_cut_goes_on_where_it_stopped() throws IOException {
    coordinator.downloadChunkBytes = 10;
    coordinator.downloadCuts.add(50);

    assertThat(participant().participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(coordinator.calls()).startsWith("poll", "download 0", "download 50");
  }
}
