package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.TestPlans;
import io.tacit.client.connection.ComeBack;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.Refusal;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.storage.Charge;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.ExampleSource;
import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.LocalTrainer;
import io.tacit.client.training.LocalTrainerOutcome;
import io.tacit.client.training.ParameterDelta;
import io.tacit.client.training.TrainingResult;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.GroupMetrics;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.ComeBackReason;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.Refused;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RoundParticipantTest {

  private static final ContentHash NEW_MODEL = ScriptedRound.NEW_MODEL;
  private static final ClientPolicy DEVELOPMENT = ClientPolicy.development();

  @TempDir Path directory;

  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private final ScriptedRound script = new ScriptedRound(coordinator);
  private final CoordinatorConnection connection = coordinator.connect();
  private final FakeTimer timer = new FakeTimer();
  private final AtomicInteger trainings = new AtomicInteger();
  private ArtifactCache cache = new ArtifactCache(1 << 20);
  private ExampleSource examples =
      (plan, catalogue) -> new ExampleOutcome.Examples(InteractionExamples.of(new int[] {0, 1, 2}));
  private Runnable whileTraining = () -> {};

  /** Holds back item 2 of items 0 to 2, where the plan holds back half. */
  private long salt = 1;

  @BeforeEach
  void script() {
    script.offer(TestPlans.twoTower(), 1);
  }

  @AfterEach
  void close() {
    connection.close();
    coordinator.close();
  }

  private RoundParticipant participant() throws IOException {
    return participant(DEVELOPMENT);
  }

  /** As a new process of the same device would make it. */
  private RoundParticipant participant(ClientPolicy policy) throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);
    SecureRandom random = new SecureRandom();
    LocalTrainer trainer =
        new LocalTrainer(
            examples,
            task -> {
              trainings.incrementAndGet();
              whileTraining.run();
              float[] delta = new float[task.start().size()];
              Arrays.fill(delta, 0.5f);
              return new TrainingResult(ParameterDelta.dense(delta), 3, 0.25, null);
            },
            new StoredUserVectors(storage),
            random::nextLong,
            salt);
    return new RoundParticipant(
        ParticipantSettings.of(TestPlans.POPULATION, policy),
        Device.of(DeviceIdentity.openOrCreate(storage, random), new RoundLatch(storage), random),
        connection,
        cache,
        trainer,
        new Pacing(timer, () -> 0));
  }

  private static RoundId round(long number) {
    return new RoundId(TestPlans.ID, number);
  }

  private MeanUpdate uploaded(TrainingPlan plan) {
    return plan.updateFormat().decode(uploadedLanes());
  }

  private int[] uploadedLanes() {
    byte[] bytes = coordinator.uploaded();
    int[] lanes = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lanes);
    return lanes;
  }

  private void assertNothingLeftTheDevice() {
    assertThat(coordinator.calls()).noneMatch(call -> call.startsWith("upload"));
    assertThat(coordinator.uploaded()).isEmpty();
  }

  private RoundLatch latch() {
    try {
      return new RoundLatch(DeviceStorage.open(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isOpen(long number) {
    try {
      return latch().isOpen(round(number));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- the good course ----

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

  // ---- what the device measures ----

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

  // ---- told to come back ----

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

  // ---- policy ----

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

  // ---- artifacts ----

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

  // ---- the device's own data ----

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

  // ---- trouble on the way ----

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
