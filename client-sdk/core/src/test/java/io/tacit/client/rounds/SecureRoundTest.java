package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.tacit.client.TestPlans;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.connection.ScriptedSecureRound;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.ledger.PrivacyTotals;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.secagg.AbortReason;
import io.tacit.client.secagg.RecordVerdict;
import io.tacit.client.secagg.RosterTrust;
import io.tacit.client.storage.Charge;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.Spending;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.LocalTrainer;
import io.tacit.client.training.ParameterDelta;
import io.tacit.client.training.TrainingResult;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.GroupMetrics;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.RdpAccountant;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.ComeBack;
import io.tacit.protocol.v1.ComeBackReason;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.Refused;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device in a round of secure aggregation, over the wire. */
@Timeout(120)
class SecureRoundTest {

  private static final ClientPolicy DEVELOPMENT = ClientPolicy.development();

  @TempDir Path directory;

  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private ScriptedSecureRound script = new ScriptedSecureRound(coordinator);
  private final CoordinatorConnection connection = coordinator.connect();
  private final FakeTimer timer = new FakeTimer();
  private final AtomicInteger trainings = new AtomicInteger();
  private final List<LeavingUpdate> left = new ArrayList<>();

  @AfterEach
  void close() {
    connection.close();
    coordinator.close();
  }

  private ParticipationOutcome participate() throws IOException {
    return participate(DEVELOPMENT, RosterTrust.inKeysAlone());
  }

  /** As a new process of the same device would. */
  private ParticipationOutcome participate(ClientPolicy policy, RosterTrust trust)
      throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);
    SecureRandom random = new SecureRandom();
    LocalTrainer trainer =
        new LocalTrainer(
            (plan, catalogue) ->
                new ExampleOutcome.Examples(InteractionExamples.of(new int[] {0, 1, 2})),
            task -> {
              trainings.incrementAndGet();
              float[] delta = new float[task.start().size()];
              Arrays.fill(delta, 0.1f);
              return new TrainingResult(ParameterDelta.dense(delta), 3, 0.25, null);
            },
            new StoredUserVectors(storage),
            random::nextLong,
            1);
    RoundParticipant participant =
        new RoundParticipant(
            ParticipantSettings.of(TestPlans.POPULATION, policy),
            Device.of(DeviceIdentity.openOrCreate(storage, random), new RoundLatch(storage), random)
                .certified(null, trust),
            connection,
            new ArtifactCache(1 << 20),
            trainer,
            new Pacing(timer, () -> 0));
    return participant.participate(
        new RoundObserver() {
          @Override
          public void reached(RoundId round, RoundStep step) {}

          @Override
          public void leaving(LeavingUpdate update) {
            left.add(update);
          }
        });
  }

  private static RoundId round(long number) {
    return new RoundId(TestPlans.ID, number);
  }

  private boolean isOpen(long number) {
    try {
      return new RoundLatch(DeviceStorage.open(directory)).isOpen(round(number));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertNothingLeftTheDevice() {
    assertThat(coordinator.calls()).noneMatch(call -> call.startsWith("upload"));
    assertThat(coordinator.uploaded()).isEmpty();
    assertThat(left).isEmpty();
    assertThat(isOpen(1)).isTrue();
  }

  private static UnaryOperator<SessionState> at(Stage stage, UnaryOperator<SessionState> change) {
    return state -> state.getStage() == stage ? change.apply(state) : state;
  }

  private static SessionState aborted(String reason) {
    return SessionState.newBuilder().setStage(Stage.STAGE_ABORTED).setAbortReason(reason).build();
  }

  // ---- the good course ----

  @Test
  void takes_part_from_poll_to_the_record_of_the_round() throws IOException {
    ParticipationOutcome.Contributed outcome = (ParticipationOutcome.Contributed) participate();

    assertThat(outcome.newModelHash()).isEqualTo(ScriptedSecureRound.NEW_MODEL);
    assertThat(outcome.contributors()).isEqualTo(10);
    assertThat(outcome.bytesUp()).isEqualTo(64 + 4L * TestPlans.secure().parameters());
    assertThat(outcome.record()).isInstanceOf(RecordVerdict.Verified.class);
    assertThat(coordinator.calls())
        .containsExactly(
            "poll",
            "download 0",
            "download 0",
            "download 0",
            "check-in",
            "submit",
            "await STAGE_ADVERTISE",
            "submit",
            "await STAGE_SHARE_KEYS",
            "upload 0",
            "await STAGE_INPUT",
            "submit",
            "await STAGE_CONSISTENCY",
            "submit",
            "await STAGE_UNMASK",
            "download 0");
    assertThat(left)
        .containsExactly(
            new LeavingUpdate(
                round(1),
                1,
                AggregationSettings.Mode.SECURE,
                64 + 4 * TestPlans.secure().parameters(),
                1,
                10,
                Charge.WITHOUT_NOISE,
                1,
                false));
    assertThat(timer.sleeps()).isEmpty();
  }

  @Test
  void the_coordinator_finds_the_sum_and_not_the_update() throws IOException {
    participate();

    int[] alone = new int[coordinator.uploaded().length / 4];
    java.nio.ByteBuffer.wrap(coordinator.uploaded())
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(alone);
    assertThat(alone[0]).as("the header is masked too").isNotEqualTo(1);
    MeanUpdate mean = TestPlans.secure().updateFormat().decode(script.sum());
    assertThat(mean.clients()).isEqualTo(10);
    assertThat(mean.values()[1]).isCloseTo(0.1f / 10, within(1e-5f));
  }

  @Test
  void the_round_is_spent_on_disk_before_the_first_masked_byte_leaves() throws IOException {
    AtomicBoolean openAtFirstByte = new AtomicBoolean(true);
    AtomicBoolean openBefore = new AtomicBoolean();
    script.onState =
        at(
            Stage.STAGE_INPUT,
            state -> {
              openBefore.set(isOpen(1));
              return state;
            });
    coordinator.onUpload =
        header -> {
          openAtFirstByte.set(isOpen(1));
          return null;
        };
    participate();

    assertThat(openBefore).isTrue();
    assertThat(openAtFirstByte).isFalse();
  }

  @Test
  void a_device_that_is_late_after_its_update_arrived_still_contributes() throws IOException {
    script.onState =
        at(
            Stage.STAGE_CONSISTENCY,
            state -> SessionState.newBuilder().setStage(Stage.STAGE_UNMASK).build());
    ParticipationOutcome.Contributed outcome = (ParticipationOutcome.Contributed) participate();

    assertThat(script.hasSigned()).isFalse();
    assertThat(outcome.record()).isInstanceOf(RecordVerdict.Verified.class);
  }

  @Test
  void a_signature_that_comes_too_late_ends_nothing() throws IOException {
    var submit = coordinator.onSubmit;
    coordinator.onSubmit =
        request ->
            request.getStage() == Stage.STAGE_CONSISTENCY
                ? SubmitResponse.newBuilder()
                    .setRefused(
                        Refused.newBuilder().setReason(RefusalReason.REFUSAL_REASON_STAGE_CLOSED))
                    .build()
                : submit.apply(request);

    assertThat(participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
  }

  // ---- sessions that end before they have the update ----

  @Test
  void the_same_update_goes_to_another_session_while_nothing_of_it_has_left() throws IOException {
    List<byte[]> joined = new ArrayList<>();
    script.onState =
        state -> {
          boolean isFirst = script.sessions() == 1;
          if (state.getStage() == Stage.STAGE_INPUT) {
            joined.add(script.advertisement());
          }
          return isFirst && state.getStage() == Stage.STAGE_INPUT
              ? aborted("too few shared")
              : state;
        };

    assertThat(participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(trainings).hasValue(1);
    assertThat(script.sessions()).isEqualTo(2);
    assertThat(coordinator.calls()).filteredOn(call -> call.startsWith("upload")).hasSize(1);
    assertThat(joined).hasSize(2);
    assertThat(joined.get(0)).isNotEqualTo(joined.get(1));
    assertThat(TestPlans.secure().updateFormat().decode(script.sum()).clients()).isEqualTo(10);
  }

  @Test
  void a_coordinator_that_aborts_every_session_gets_nothing_and_is_not_hammered()
      throws IOException {
    script.onState = at(Stage.STAGE_INPUT, state -> aborted("too few shared"));

    assertThat(participate())
        .isEqualTo(new ParticipationOutcome.RoundAborted(round(1), "too few shared"));
    assertThat(script.sessions()).isEqualTo(8);
    assertThat(timer.sleeps()).hasSize(7);
    assertNothingLeftTheDevice();
  }

  @Test
  void waits_a_little_for_another_session_but_takes_no_stale_update_to_one() throws IOException {
    var offers = coordinator.onCheckIn;
    AtomicInteger checkIns = new AtomicInteger();
    coordinator.onCheckIn =
        request ->
            switch (checkIns.incrementAndGet()) {
              case 1 -> offers.apply(request);
              case 2 -> comeBack(9_000, ComeBackReason.COME_BACK_REASON_ROUND_FULL);
              default -> comeBack(10, ComeBackReason.COME_BACK_REASON_STALE);
            };
    script.onState = at(Stage.STAGE_INPUT, state -> aborted("too few shared"));

    assertThat(participate())
        .isEqualTo(new ParticipationOutcome.RoundAborted(round(1), "too few shared"));
    assertThat(checkIns).hasValue(3);
    assertThat(timer.sleeps()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(9));
    assertNothingLeftTheDevice();
  }

  private static CheckInResponse comeBack(long millis, ComeBackReason reason) {
    return CheckInResponse.newBuilder()
        .setComeBack(ComeBack.newBuilder().setAfterMillis(millis).setReason(reason))
        .build();
  }

  @Test
  void tells_which_member_was_bad_and_goes_elsewhere() throws IOException {
    script.onState =
        at(
            Stage.STAGE_INPUT,
            state -> {
              if (script.sessions() > 1) {
                return state;
              }
              var boxes = state.getInbox().getBoxes(4);
              byte[] sealed = boxes.getSealedShares().toByteArray();
              sealed[0] ^= 1;
              return state.toBuilder()
                  .setInbox(
                      state.getInbox().toBuilder()
                          .setBoxes(
                              4, boxes.toBuilder().setSealedShares(ByteString.copyFrom(sealed))))
                  .build();
            });

    assertThat(participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(coordinator.calls()).anyMatch(call -> call.matches("abort BAD_SHARE [56]"));
  }

  @Test
  void leaves_where_its_roster_lies_and_says_why() throws IOException {
    script.onState =
        at(
            Stage.STAGE_SHARE_KEYS,
            state ->
                state.toBuilder().setRoster(state.getRoster().toBuilder().setThreshold(5)).build());

    assertThat(participate())
        .isEqualTo(
            new ParticipationOutcome.LeftSession(
                round(1),
                AbortReason.POLICY_THRESHOLD,
                0,
                "the roster's threshold is 5, must be 7 for 10 devices"));
    assertThat(coordinator.calls()).contains("abort POLICY_THRESHOLD");
    assertNothingLeftTheDevice();
  }

  @Test
  void leaves_where_nothing_is_published() throws IOException {
    script.onState =
        at(
            Stage.STAGE_SHARE_KEYS,
            state -> SessionState.newBuilder().setStage(Stage.STAGE_SHARE_KEYS).build());

    assertThat(((ParticipationOutcome.LeftSession) participate()).reason())
        .isEqualTo(AbortReason.BAD_PUBLICATION);
    assertNothingLeftTheDevice();
  }

  @Test
  void sends_no_update_where_the_stage_is_told_and_the_roster_was_left_out() throws IOException {
    script.onState =
        at(
            Stage.STAGE_SHARE_KEYS,
            state ->
                SessionState.newBuilder().setStage(Stage.STAGE_INPUT).setRosterSize(10).build());

    assertThat(participate())
        .isEqualTo(
            new ParticipationOutcome.RoundAborted(
                round(1), "the session went on to INPUT without this device"));
    assertNothingLeftTheDevice();
  }

  // ---- after the update has left ----

  @Test
  void a_claimed_abort_does_not_bring_a_second_update_of_the_round() throws IOException {
    script.onState = at(Stage.STAGE_CONSISTENCY, state -> aborted("claimed"));
    assertThat(participate()).isEqualTo(new ParticipationOutcome.RoundAborted(round(1), "claimed"));
    assertThat(script.sessions()).isEqualTo(1);
    assertThat(left).hasSize(1);

    // The same model is offered again, in the same round: a retrained twin would be differenced.
    script.onState = state -> state;
    assertThat(participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.UPDATE_SPENT,
                "round news#1 or a later one has this device's update already"));
    assertThat(trainings).hasValue(1);
    assertThat(left).hasSize(1);

    script.assign(2);
    assertThat(participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
  }

  @Test
  void a_session_that_began_before_another_process_spent_the_round_sends_nothing()
      throws IOException {
    script.onState =
        at(
            Stage.STAGE_INPUT,
            state -> {
              try {
                new RoundLatch(DeviceStorage.open(directory))
                    .spend(round(1), Charge.WITHOUT_NOISE, 100, null, () -> true);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
              return state;
            });

    assertThat(participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.UPDATE_SPENT,
                "this device has sent its update of round news#1 before"));
    assertThat(coordinator.calls()).endsWith("abort UPDATE_SPENT");
    assertThat(coordinator.uploaded()).isEmpty();
  }

  @Test
  void a_device_that_is_said_to_have_dropped_out_leaves_and_signs_nothing() throws IOException {
    script.onState =
        at(
            Stage.STAGE_CONSISTENCY,
            state ->
                state.toBuilder()
                    .setSurvivors(
                        state.getSurvivors().toBuilder()
                            .setU3(ByteString.copyFrom(new byte[] {0, 0})))
                    .build());

    assertThat(((ParticipationOutcome.LeftSession) participate()).reason())
        .isEqualTo(AbortReason.NOT_IN_U3);
    assertThat(script.hasSigned()).isFalse();
    assertThat(script.sessions()).isEqualTo(1);
  }

  // ---- what taking part may cost ----

  private RoundLatch latch() throws IOException {
    return new RoundLatch(DeviceStorage.open(directory));
  }

  private static TrainingPlan again(TrainingPlan plan, int version) {
    return TestPlans.renamed(plan, plan.id().value(), version);
  }

  @Test
  void what_an_update_costs_is_on_disk_before_its_first_byte_leaves() throws IOException {
    TrainingPlan plan = TestPlans.noisy();
    script.assign(plan, 1);
    List<Spending> atFirstByte = new ArrayList<>();
    coordinator.onUpload =
        header -> {
          try {
            atFirstByte.addAll(latch().spent());
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return null;
        };

    assertThat(participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    assertThat(atFirstByte).hasSize(1);
    assertThat(atFirstByte.get(0).charge()).isEqualTo(Charge.of(plan));
    assertThat(atFirstByte.get(0).participations()).isEqualTo(1);
    assertThat(atFirstByte.get(0).bytes()).isEqualTo(coordinator.uploaded().length);
    assertThat(left.get(0).charge()).isEqualTo(Charge.of(plan));
    assertThat(left.get(0).sensitivity()).isEqualTo(plan.noise().orElseThrow().sensitivity());
  }

  @Test
  void the_sum_of_a_plan_with_noise_tells_no_examples_and_no_loss() throws IOException {
    script.assign(TestPlans.noisy(), 1);
    participate();

    int[] sum = script.sum();
    assertThat(sum[0]).as("devices").isEqualTo(10);
    assertThat(Arrays.copyOfRange(sum, 1, 16)).as("the rest of the header").containsOnly(0);
    MeanUpdate mean = TestPlans.noisy().updateFormat().decode(sum);
    assertThat(mean.examples()).isZero();
    assertThat(mean.meanLoss()).isNaN();
  }

  @Test
  void takes_part_in_a_plan_as_often_as_it_allows_over_all_its_versions_and_not_once_more()
      throws IOException {
    for (int round = 1; round <= 3; round++) {
      script.assign(again(TestPlans.noisy(), round), round);
      assertThat(participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
    }
    script.assign(again(TestPlans.noisy(), 4), 4);
    int calls = coordinator.calls().size();

    assertThat(participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(4),
                DeclineReason.LEDGER_EXHAUSTED,
                "plan news caps the participations of a device at 3, this device's count is 3"));
    assertThat(trainings).hasValue(3);
    assertThat(coordinator.calls().subList(calls, coordinator.calls().size()))
        .containsExactly("poll", "download 0");
    assertThat(latch().participations(TestPlans.ID)).isEqualTo(3);
    assertThat(isOpen(4)).isTrue();
  }

  @Test
  void an_update_of_a_session_that_is_said_to_have_been_aborted_counts_once_and_not_twice()
      throws IOException {
    script.assign(TestPlans.noisy(), 1);
    script.onState = at(Stage.STAGE_CONSISTENCY, state -> aborted("claimed"));
    participate();
    assertThat(latch().participations(TestPlans.ID)).isEqualTo(1);

    script.onState = state -> state;
    assertThat(((ParticipationOutcome.Declined) participate()).reason())
        .isEqualTo(DeclineReason.UPDATE_SPENT);
    assertThat(latch().participations(TestPlans.ID)).isEqualTo(1);
    assertThat(coordinator.calls()).filteredOn(call -> call.startsWith("upload")).hasSize(1);
  }

  @Test
  void sessions_that_end_before_they_have_the_update_cost_nothing() throws IOException {
    script.assign(TestPlans.noisy(), 1);
    script.onState = at(Stage.STAGE_INPUT, state -> aborted("too few shared"));

    participate();
    assertThat(latch().spent()).isEmpty();
    assertNothingLeftTheDevice();
  }

  @Test
  void a_lower_version_of_a_plan_costs_nothing() throws IOException {
    script.assign(again(TestPlans.noisy(), 2), 1);
    participate();
    script.assign(again(TestPlans.secure(), 1), 2);

    assertThat(((ParticipationOutcome.Declined) participate()).reason())
        .isEqualTo(DeclineReason.PLAN_VERSION_LOWER);
    assertThat(latch().spent()).hasSize(1);
    assertThat(latch().participations(TestPlans.ID)).isEqualTo(1);
  }

  @Test
  void two_plans_on_one_device_share_what_the_app_allows() throws IOException {
    TrainingPlan news = TestPlans.noisy();
    TrainingPlan shop = TestPlans.renamed(news, "shop", 1);
    double once =
        RdpAccountant.EMPTY
            .plus(news.noise().orElseThrow().noiseMultiplier(), 1, 1)
            .bound(1e-6, 1)
            .epsilon();
    ClientPolicy policy = DEVELOPMENT.withEpsilonMax(once * 1.01, 100);
    script.assign(news, 1);
    assertThat(participate(policy, RosterTrust.inKeysAlone()))
        .isInstanceOf(ParticipationOutcome.Contributed.class);

    script.assign(shop, 1);
    ParticipationOutcome.Declined declined =
        (ParticipationOutcome.Declined) participate(policy, RosterTrust.inKeysAlone());
    assertThat(declined.reason()).isEqualTo(DeclineReason.LEDGER_EXHAUSTED);
    assertThat(declined.detail())
        .matches(
            "plan shop would bring this device, over all plans, to epsilon 1\\.\\d\\d against"
                + " whoever sees the models and 1\\.\\d\\d against the coordinator, at delta"
                + " 1\\.0E-6; this app allows 1\\.\\d\\d and 100\\.00");
    assertThat(trainings).hasValue(1);
    assertThat(latch().participations(shop.id())).isZero();
    // The bound against the coordinator holds alone too.
    assertThat(
            PolicyCheck.objectionToSpending(shop, DEVELOPMENT.withEpsilonMax(100, once), latch()))
        .isPresent();
    assertThat(PolicyCheck.objectionToSpending(shop, DEVELOPMENT.withEpsilonMax(100, 100), latch()))
        .isEmpty();
  }

  @Test
  void an_app_that_bounds_what_is_revealed_takes_no_plan_without_noise() throws IOException {
    ClientPolicy policy = DEVELOPMENT.withEpsilonMax(1e6, Double.POSITIVE_INFINITY);

    assertThat(participate(policy, RosterTrust.inKeysAlone()))
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.LEDGER_EXHAUSTED,
                "plan news would bring this device, over all plans, to epsilon without bound"
                    + " against whoever sees the models and without bound against the"
                    + " coordinator, at delta 0.0; this app allows 1000000.00 and without bound"));
    assertNothingLeftTheDevice();
  }

  @Test
  void a_cap_that_was_reached_while_the_session_went_on_keeps_the_update_here() throws IOException {
    TrainingPlan plan = TestPlans.noisy();
    double once =
        RdpAccountant.EMPTY
            .plus(plan.noise().orElseThrow().noiseMultiplier(), 1, 1)
            .bound(1e-6, 1)
            .epsilon();
    script.assign(plan, 1);
    script.onState =
        at(
            Stage.STAGE_INPUT,
            state -> {
              try {
                RoundId other = new RoundId(new PlanId("shop"), 1);
                latch().spend(other, Charge.of(plan), 100, null, () -> true);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
              return state;
            });

    ParticipationOutcome outcome =
        participate(DEVELOPMENT.withEpsilonMax(once * 1.01, 100), RosterTrust.inKeysAlone());
    assertThat(((ParticipationOutcome.Declined) outcome).reason())
        .isEqualTo(DeclineReason.LEDGER_EXHAUSTED);
    assertThat(coordinator.calls()).endsWith("abort LEDGER_EXHAUSTED");
    assertNothingLeftTheDevice();
  }

  @Test
  void leaves_a_roster_smaller_than_its_noise_was_planned_for_before_anything_leaves()
      throws IOException {
    script.assign(noisyWithShardsOf(11, 11), 1);

    assertThat(participate())
        .isEqualTo(
            new ParticipationOutcome.LeftSession(
                round(1),
                AbortReason.POLICY_COHORT_TOO_SMALL,
                0,
                "the roster has 10 devices, must have 11 to 11"));
    assertThat(coordinator.calls()).contains("abort POLICY_COHORT_TOO_SMALL");
    assertNothingLeftTheDevice();
    assertThat(latch().spent()).isEmpty();
  }

  @Test
  void signs_for_no_fewer_survivors_than_its_plan_asks_for() throws IOException {
    script.assign(noisyWithShardsOf(10, 10, 100), 1);
    script.onState =
        at(
            Stage.STAGE_CONSISTENCY,
            state ->
                state.toBuilder()
                    .setSurvivors(
                        state.getSurvivors().toBuilder()
                            .setU3(
                                ByteString.copyFrom(
                                    MemberSet.all(10)
                                        .minus(MemberSet.of(10, script.guestIndex() % 10 + 1))
                                        .toBitmap())))
                    .build());

    assertThat(participate())
        .isEqualTo(
            new ParticipationOutcome.LeftSession(
                round(1),
                AbortReason.POLICY_THRESHOLD,
                0,
                "9 members have sent their updates, must be at least 10"));
    assertThat(script.hasSigned()).isFalse();
    assertThat(coordinator.calls()).contains("abort POLICY_THRESHOLD");
    // Its update has left: the round is spent, though nothing of it can be known.
    assertThat(latch().spent()).hasSize(1);
  }

  /** Of 10 devices 6 are counted on; of some larger rosters a smaller part than was planned. */
  @Test
  void leaves_a_roster_larger_than_its_noise_was_planned_for() throws IOException {
    script = new ScriptedSecureRound(coordinator, 11);
    script.assign(noisyWithShardsOf(10, 10), 1);

    assertThat(((ParticipationOutcome.LeftSession) participate()).detail())
        .isEqualTo("the roster has 11 devices, must have 10 to 10");
    assertNothingLeftTheDevice();
  }

  /** Shards may have 128 devices, and the cohort is of one shard. */
  private static TrainingPlan noisyWithShardsOf(int minimum, int cohort) {
    return noisyWithShardsOf(minimum, cohort, 0);
  }

  private static TrainingPlan noisyWithShardsOf(int minimum, int cohort, int survivorsPercent) {
    TrainingPlan plan = TestPlans.noisy();
    return new TrainingPlan(
        plan.id(),
        plan.version(),
        plan.population(),
        plan.model(),
        plan.features(),
        plan.client(),
        new CohortSettings(cohort, cohort, 1.3),
        plan.deadlines(),
        plan.serverOptimiser(),
        new AggregationSettings(
            AggregationSettings.Mode.SECURE,
            true,
            AggregationSettings.Weighting.UNIFORM,
            100,
            new ShardSettings(128, minimum, ShardSettings.SuiteChoice.CLASSIC, survivorsPercent)),
        plan.privacy(),
        plan.evaluation(),
        plan.rounds(),
        null);
  }

  // ---- what the device measures ----

  private static TrainingPlan noisyAndMeasuring(double noiseMultiplier) {
    return TestPlans.measuring(TestPlans.noisy(), 0, noiseMultiplier);
  }

  @Test
  void the_coordinator_finds_the_sum_of_what_was_measured_and_not_the_report() throws IOException {
    TrainingPlan plan = TestPlans.measuring(TestPlans.secure(), 0.01, 0);
    script.assign(plan, 1);
    participate();

    int[] alone = new int[coordinator.uploaded().length / 4];
    java.nio.ByteBuffer.wrap(coordinator.uploaded())
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(alone);
    assertThat(plan.updateFormat().decodeMetrics(alone).get(1).devices())
        .as("it is masked too")
        .isNotEqualTo(1);
    // The other nine have measured nothing.
    int[] sum = script.sum();
    List<GroupMetrics> sums = plan.updateFormat().decodeMetrics(sum);
    assertThat(sums.get(0)).isEqualTo(new GroupMetrics("held-back", 0, 0, 0, 0));
    assertThat(sums.get(1).devices()).isEqualTo(1);
    assertThat(sums.get(1).first()).isEqualTo(1);
    assertThat(sums.get(1).second()).isBetween(0.5 - 1e-4, 1.0);
    assertThat(left).extracting(LeavingUpdate::reports).containsExactly(true);
    assertThat(plan.updateFormat().decode(sum).values()[1]).isCloseTo(0.1f / 10, within(1e-5f));

    script.assign(plan, 2);
    participate();
    assertThat(left).extracting(LeavingUpdate::reports).containsExactly(true, false);
    assertThat(plan.updateFormat().decodeMetrics(script.sum()).get(1))
        .isEqualTo(new GroupMetrics("training", 0, 0, 0, 0));
  }

  @Test
  void under_noise_a_device_that_reports_nothing_is_hidden_as_one_that_does() throws IOException {
    TrainingPlan plan = noisyAndMeasuring(4);
    List<Integer> uploads = new ArrayList<>();
    for (int round = 1; round <= 2; round++) {
      script.assign(plan, round);
      assertThat(participate()).isInstanceOf(ParticipationOutcome.Contributed.class);
      uploads.add(coordinator.uploaded().length);
      GroupMetrics sum = plan.updateFormat().decodeMetrics(script.sum()).get(0);
      assertThat(sum.noiseVariance()).isPositive();
      // One alone may be whole by chance.
      assertThat(List.of(sum.devices(), sum.first(), sum.second()))
          .anyMatch(figure -> figure != Math.rint(figure));
    }

    assertThat(left).extracting(LeavingUpdate::reports).containsExactly(true, false);
    assertThat(uploads.get(1)).isEqualTo(uploads.get(0));
    assertThat(latch().spent()).as("both cost the same").hasSize(1);
    assertThat(latch().participations(TestPlans.ID)).isEqualTo(2);
  }

  /** 1/z² of what leaves together is the sum of both. */
  @Test
  void update_and_metrics_are_counted_together() throws IOException {
    TrainingPlan plan = noisyAndMeasuring(3);
    script.assign(plan, 1);
    participate();

    Charge charge = latch().spent().get(0).charge();
    NoisePlan update = plan.noise().orElseThrow();
    NoisePlan metrics = plan.metricNoise().orElseThrow();
    assertThat(Math.pow(charge.noiseMultiplier(), -2))
        .isCloseTo(
            Math.pow(update.noiseMultiplier(), -2) + Math.pow(metrics.noiseMultiplier(), -2),
            within(1e-9));
    assertThat(Math.pow(charge.shardNoiseMultiplier(), -2))
        .isCloseTo(
            Math.pow(update.shardNoiseMultiplier(), -2)
                + Math.pow(metrics.shardNoiseMultiplier(), -2),
            within(1e-9));
    PrivacyTotals totals = PrivacyTotals.of(latch().spent());
    PrivacyTotals updateAlone =
        PrivacyTotals.of(List.of(new Spending(Charge.of(TestPlans.noisy()), 1, 0, 0)));
    assertThat(totals.epsilonModels())
        .isEqualTo(epsilonOf(charge.noiseMultiplier()))
        .isGreaterThan(1.3 * updateAlone.epsilonModels());
    assertThat(totals.epsilonCoordinator())
        .isEqualTo(epsilonOf(charge.shardNoiseMultiplier()))
        .isGreaterThan(1.3 * updateAlone.epsilonCoordinator());
    assertThat(left.get(0).charge()).isEqualTo(charge);
  }

  private static double epsilonOf(double noiseMultiplier) {
    return RdpAccountant.EMPTY.plus(noiseMultiplier, 1, 1).bound(1e-6, 1).epsilon();
  }

  @Test
  void a_bound_that_the_update_alone_would_keep_declines_a_plan_that_measures_too()
      throws IOException {
    double updateAlone = epsilonOf(TestPlans.noisy().noise().orElseThrow().noiseMultiplier());
    ClientPolicy policy = DEVELOPMENT.withEpsilonMax(updateAlone * 1.01, 100);
    assertThat(PolicyCheck.objectionToSpending(TestPlans.noisy(), policy, latch())).isEmpty();
    script.assign(noisyAndMeasuring(3), 1);

    assertThat(
            ((ParticipationOutcome.Declined) participate(policy, RosterTrust.inKeysAlone()))
                .reason())
        .isEqualTo(DeclineReason.LEDGER_EXHAUSTED);
    assertThat(trainings).hasValue(0);
    assertNothingLeftTheDevice();
  }

  // ---- the record ----

  @Test
  void says_loudly_that_a_record_contradicts_what_it_saw() throws IOException {
    script.onRecord =
        record -> record.toBuilder().setBaseModelHash(ByteString.copyFrom(new byte[32])).build();
    ParticipationOutcome.Contributed outcome = (ParticipationOutcome.Contributed) participate();

    assertThat(((RecordVerdict.Contradicted) outcome.record()).finding())
        .isEqualTo("it began with another model");
  }

  @Test
  void says_that_there_is_no_record() throws IOException {
    script.onState =
        at(Stage.STAGE_COMPLETED, state -> state.toBuilder().clearRecordHash().build());

    assertThat(((ParticipationOutcome.Contributed) participate()).record())
        .isEqualTo(
            new RecordVerdict.Unavailable("the coordinator announced no record of the round"));
  }

  @Test
  void says_that_a_record_was_not_handed_out() throws IOException {
    byte[] hash = new byte[32];
    script.onState =
        at(
            Stage.STAGE_COMPLETED,
            state -> state.toBuilder().setRecordHash(ByteString.copyFrom(hash)).build());

    assertThat(((ParticipationOutcome.Contributed) participate()).record())
        .isInstanceOf(RecordVerdict.Unavailable.class);
  }

  // ---- policy ----

  @Test
  void declines_a_session_without_masks_where_the_plan_has_them() throws IOException {
    var checkIn = coordinator.onCheckIn;
    coordinator.onCheckIn =
        request -> {
          CheckInResponse offered = checkIn.apply(request);
          return offered.toBuilder().setOffer(offered.getOffer().toBuilder().setSuite(0)).build();
        };

    assertThat(participate())
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.POLICY_SUITE,
                "session has suite 0, the plan's mode secure has suite 1"));
    assertNothingLeftTheDevice();
  }

  @Test
  void outside_development_takes_part_only_among_devices_that_an_authority_vouches_for()
      throws IOException {
    ClientPolicy production = ClientPolicy.production().withCohortMinimum(10);

    assertThat(PolicyCheck.objectionTo(TestPlans.secure(), production, true)).isEmpty();
    assertThat(PolicyCheck.objectionTo(TestPlans.secure(), ClientPolicy.production(), true))
        .contains(
            new PolicyCheck.Objection(
                DeclineReason.POLICY_COHORT_TOO_SMALL,
                "plan news takes sums of 10 devices, this app asks for at least 32"));
    assertThat(participate(production, RosterTrust.inKeysAlone()))
        .isEqualTo(
            new ParticipationOutcome.Declined(
                round(1),
                DeclineReason.POLICY_NO_AUTHORITY,
                "plan news adds up the updates of devices that its coordinator can make up, as"
                    + " this app pins no authority that certifies devices; give the client an"
                    + " enrolment, or use ClientPolicy.development() in development only"));
    assertThat(trainings).hasValue(0);
  }

  @Test
  void with_a_pinned_authority_leaves_a_roster_without_certificates() throws IOException {
    RosterTrust pinned =
        RosterTrust.in(
            List.of(IdentityKeyPair.generate(new SecureRandom()).publicKey()), Clock.systemUTC());

    assertThat(((ParticipationOutcome.LeftSession) participate(DEVELOPMENT, pinned)).reason())
        .isEqualTo(AbortReason.REVOCATION_LIST);
    assertNothingLeftTheDevice();
  }
}
