package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.optimiser.OptimiserState;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionState;
import io.tacit.coordinator.sessions.UploadAdmission;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.testing.Seeds;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When a round moves, where to, and what it leaves. */
class RoundConductorTest {

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

  static LongStream seeds() {
    return Seeds.upTo(5);
  }

  // ---- Open ----

  @Test
  void an_open_round_that_nobody_was_assigned_to_waits_for_ever() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));

    coordinator.pass(Duration.ofDays(30));

    assertThat(coordinator.round(plan, 1).state()).isEqualTo(new RoundState.Open());
    assertThat(coordinator.heardStates()).containsExactly("1 OPEN");
  }

  @Test
  void freezes_the_roster_when_it_is_full() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    List<ScriptedDevice> devices = coordinator.joined(0, 3);
    coordinator.tick();
    assertThat(coordinator.round(plan, 1).state()).isEqualTo(new RoundState.Open());

    devices = new ArrayList<>(devices);
    devices.addAll(coordinator.joined(3, 1));
    coordinator.tick();

    Round round = coordinator.round(plan, 1);
    Session session = coordinator.session(plan, 1);
    assertThat(session.state()).isEqualTo(new SessionState.Collecting(4, hashOf(devices)));
    assertThat(session.deadline()).isEqualTo(coordinator.clock.instant().plusSeconds(20));
    assertThat(round.state()).isEqualTo(new RoundState.Collecting(4));
    assertThat(round.assigned()).isEqualTo(4);
  }

  private static ContentHash hashOf(List<ScriptedDevice> roster) {
    ByteArrayOutputStream ids = new ByteArrayOutputStream();
    roster.stream()
        .map(device -> device.id().toBytes())
        .sorted(Arrays::compareUnsigned)
        .forEach(ids::writeBytes);
    return ContentHash.of(ids.toByteArray());
  }

  @Test
  void freezes_a_roster_that_has_its_minimum_when_the_time_to_advertise_is_over() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    coordinator.joined(0, 1);
    coordinator.pass(Duration.ofSeconds(5));
    coordinator.joined(1, 1);
    coordinator.pass(Duration.ofMillis(4_999));
    assertThat(coordinator.round(plan, 1).state()).isEqualTo(new RoundState.Open());

    coordinator.pass(Duration.ofMillis(1));

    assertThat(coordinator.round(plan, 1).state())
        .isInstanceOfSatisfying(
            RoundState.Collecting.class, state -> assertThat(state.rosterSize()).isEqualTo(2));
  }

  @Test
  void devices_that_left_while_the_roster_was_filling_do_not_count_for_its_minimum() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    coordinator.joined(0, 1).get(0).abort();
    coordinator.pass(Duration.ofSeconds(30));
    coordinator.joined(1, 1);
    coordinator.pass(Duration.ofSeconds(1));
    assertThat(coordinator.round(plan, 1).state()).isEqualTo(new RoundState.Open());

    coordinator.joined(2, 1);
    coordinator.tick();

    assertThat(coordinator.round(plan, 1).state()).isInstanceOf(RoundState.Collecting.class);
  }

  @Test
  void abandons_a_full_roster_that_too_many_left() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 3, 2, 3));
    List<ScriptedDevice> devices = coordinator.joined(0, 2);
    devices.forEach(ScriptedDevice::abort);
    coordinator.joined(2, 1);

    coordinator.tick();

    assertThat(coordinator.round(plan, 1).state())
        .isEqualTo(
            new RoundState.Abandoned(
                0,
                "the roster is full but only 1 devices have not left again, the plan asks for at"
                    + " least 2"));
  }

  @Test
  void a_round_that_waited_for_its_first_device_was_not_a_long_one() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 1, 1, 2));
    coordinator.pass(Duration.ofHours(60));
    ScriptedDevice device = coordinator.joined(0, 1).get(0);
    coordinator.tick();
    device.upload(Updates.update(plan, 1, 0));
    coordinator.tick();
    coordinator.tick();
    coordinator.device(1).poll();
    coordinator.device(2).poll();

    assertThat(coordinator.device(3).poll())
        .isInstanceOfSatisfying(
            ComeBack.class,
            comeBack -> assertThat(comeBack.after()).isLessThan(Duration.ofMinutes(1)));
  }

  @Test
  void abandons_a_round_below_its_minimum_when_the_time_to_train_is_over_and_opens_the_next() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 4, 3, 3));
    coordinator.joined(0, 2);
    coordinator.pass(Duration.ofMillis(59_999));
    assertThat(coordinator.round(plan, 1).state()).isEqualTo(new RoundState.Open());

    coordinator.pass(Duration.ofMillis(1));
    coordinator.tick();

    Round round = coordinator.round(plan, 1);
    assertThat(round.state())
        .isEqualTo(
            new RoundState.Abandoned(
                0,
                "2 devices had joined when the time to train was over, the plan asks for at least"
                    + " 3"));
    assertThat(round.closedAt()).isEqualTo(coordinator.clock.instant());
    assertThat(coordinator.heardStates()).containsExactly("1 OPEN", "1 ABANDONED", "2 OPEN");
    assertThat(coordinator.latest(plan.id()).version()).isZero();
  }

  @Test
  void a_round_that_has_its_minimum_is_not_abandoned_because_the_last_joined_late() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    coordinator.device(0).poll();
    coordinator.pass(Duration.ofSeconds(55));
    coordinator.joined(0, 2);

    coordinator.pass(Duration.ofSeconds(5));

    assertThat(coordinator.round(plan, 1).state()).isInstanceOf(RoundState.Collecting.class);
  }

  @Test
  void after_a_restart_the_time_to_train_runs_although_nobody_polls_again() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    coordinator.joined(0, 1);
    TestCoordinator restarted = coordinator.restarted();

    restarted.pass(Duration.ofSeconds(60));

    assertThat(restarted.round(plan, 1).state()).isInstanceOf(RoundState.Abandoned.class);
  }

  @Test
  void goes_on_after_a_restart_with_the_roster_and_the_updates_from_before() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 3, 3, 3));
    List<ScriptedDevice> devices = collecting(plan);
    devices.get(0).upload(Updates.update(plan, 1, 0));
    devices.get(1).upload(Updates.update(plan, 1, 1));
    coordinator.clock.advance(Duration.ofSeconds(19));
    TestCoordinator restarted = coordinator.restarted();

    // Stages get a grace of 25 s, because devices back off while the coordinator is away.
    restarted.pass(Duration.ofMillis(24_999));
    assertThat(restarted.round(plan, 1).state()).isInstanceOf(RoundState.Collecting.class);
    byte[] last = Updates.update(plan, 1, 2);
    UploadAdmission admission =
        restarted
            .sessions()
            .admitUpload(
                devices.get(2).session(),
                devices.get(2).id(),
                devices.get(2).ticket(),
                last.length,
                ContentHash.of(last));
    ScriptedDevice.get(((UploadAdmission.Admitted) admission).whole(ByteBuffer.wrap(last)));
    restarted.tick();

    assertThat(((RoundState.Completed) restarted.round(plan, 1).state()).contributors())
        .isEqualTo(3);
    assertThat(restarted.round(plan, 1).bytesUp()).isEqualTo(3 * 104);
  }

  // ---- Collecting ----

  private List<ScriptedDevice> collecting(TrainingPlan plan) {
    List<ScriptedDevice> devices = coordinator.joined(0, plan.cohort().size());
    coordinator.tick();
    return devices;
  }

  @Test
  void completes_as_soon_as_all_updates_are_in() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 3, 2, 3));
    List<ScriptedDevice> devices = collecting(plan);
    for (int i = 0; i < 3; i++) {
      coordinator.tick();
      assertThat(coordinator.round(plan, 1).state()).isInstanceOf(RoundState.Collecting.class);
      devices.get(i).upload(Updates.update(plan, 1, i));
    }

    coordinator.tick();

    Round round = coordinator.round(plan, 1);
    ModelVersion model = coordinator.latest(plan.id());
    assertThat(round.state()).isEqualTo(new RoundState.Completed(3, 3, model.hash(), 0.5));
    assertThat(round.bytesUp()).isEqualTo(3 * 104);
    assertThat(model.version()).isEqualTo(1);
    assertThat(model.parent()).isZero();
    assertThat(model.round()).isEqualTo(1);
    assertThat(model.clients()).isEqualTo(3);
    coordinator.tick();
    assertThat(coordinator.heardStates())
        .containsExactly("1 OPEN", "1 COLLECTING", "1 COMPLETED", "2 OPEN");
    assertThat(coordinator.log.sessions()).containsExactly(coordinator.session(plan, 2).id());
  }

  @Test
  void cuts_stragglers_at_the_deadline_if_the_minimum_is_met() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    List<ScriptedDevice> devices = collecting(plan);
    List<byte[]> updates = List.of(Updates.update(plan, 1, 0), Updates.update(plan, 1, 1));
    devices.get(0).upload(updates.get(0));
    devices.get(1).upload(updates.get(1));
    coordinator.pass(Duration.ofMillis(19_999));
    assertThat(coordinator.round(plan, 1).state()).isInstanceOf(RoundState.Collecting.class);

    coordinator.pass(Duration.ofMillis(1));

    assertThat(((RoundState.Completed) coordinator.round(plan, 1).state()).contributors())
        .isEqualTo(2);
    assertThat(coordinator.model(plan.id())).isEqualTo(expected(plan, updates));
  }

  private static ModelParameters expected(TrainingPlan plan, List<byte[]> updates) {
    return Updates.step(plan, ModelParameters.initial(plan.model()), OptimiserState.none(), updates)
        .parameters();
  }

  @Test
  void abandons_a_round_below_its_minimum_at_the_deadline() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 4, 3, 3));
    List<ScriptedDevice> devices = collecting(plan);
    devices.get(0).upload(Updates.update(plan, 1, 0));
    devices.get(1).upload(Updates.update(plan, 1, 1));

    coordinator.pass(Duration.ofSeconds(20));

    assertThat(coordinator.round(plan, 1).state())
        .isEqualTo(
            new RoundState.Abandoned(
                4,
                "2 of 4 devices had brought their update when the round closed, the plan asks for"
                    + " at least 3"));
    assertThat(coordinator.latest(plan.id()).version()).isZero();
  }

  @Test
  void does_not_wait_for_devices_that_have_left() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 3, 2, 3));
    List<ScriptedDevice> devices = collecting(plan);
    devices.get(0).upload(Updates.update(plan, 1, 0));
    devices.get(1).upload(Updates.update(plan, 1, 1));

    devices.get(2).abort();
    // One that has contributed and then leaves is in the sum all the same.
    devices.get(0).abort();
    coordinator.tick();

    assertThat(((RoundState.Completed) coordinator.round(plan, 1).state()).contributors())
        .isEqualTo(2);
  }

  @Test
  void closes_early_when_so_many_left_that_the_minimum_is_out_of_reach() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    List<ScriptedDevice> devices = collecting(plan);

    devices.get(0).abort();
    devices.get(1).abort();
    coordinator.tick();

    assertThat(coordinator.round(plan, 1).state()).isInstanceOf(RoundState.Abandoned.class);
  }

  @Test
  void leaving_with_another_ticket_changes_nothing() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    List<ScriptedDevice> devices = collecting(plan);

    for (ScriptedDevice device : devices) {
      coordinator.sessions().abort(device.session(), device.id(), new byte[32], 0);
    }
    coordinator.tick();

    assertThat(coordinator.round(plan, 1).state()).isInstanceOf(RoundState.Collecting.class);
  }

  @Test
  void abandons_the_round_of_a_plan_that_a_newer_version_superseded() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    List<ScriptedDevice> devices = collecting(plan);
    devices.get(0).upload(Updates.update(plan, 1, 0));

    TrainingPlan newer = coordinator.apply(TestCoordinator.plan("a", 2, 3, 2, 3));

    assertThat(coordinator.round(plan, 1).state())
        .isEqualTo(new RoundState.Abandoned(2, "a newer version of the plan was applied"));
    assertThat(coordinator.round(plan, 2).planHash()).isEqualTo(newer.contentHash());
    assertThat(coordinator.round(plan, 2).state()).isEqualTo(new RoundState.Open());
    assertThat(coordinator.latest(plan.id()).version()).isZero();
  }

  @Test
  void the_last_round_finishes_the_plan() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 2));
    runRound(plan, 1);
    assertThat(planState(plan)).isEqualTo(RegisteredPlan.State.ACTIVE);
    runRound(plan, 2);

    coordinator.tick();

    assertThat(planState(plan)).isEqualTo(RegisteredPlan.State.FINISHED);
    assertThat(coordinator.coordinator.roundStore().list(plan.id(), 0, 10)).hasSize(2);
    assertThat(coordinator.device(1).poll())
        .isInstanceOfSatisfying(
            ComeBack.class,
            comeBack -> assertThat(comeBack.reason()).isEqualTo(ComeBack.Reason.NO_ROUND));
    assertThat(coordinator.log.sessions()).isEmpty();
  }

  private RegisteredPlan.State planState(TrainingPlan plan) {
    return coordinator.coordinator.plans().find(plan.id()).orElseThrow().state();
  }

  private List<byte[]> runRound(TrainingPlan plan, long number) {
    List<ScriptedDevice> devices = collecting(plan);
    List<byte[]> updates = new ArrayList<>();
    for (int i = 0; i < devices.size(); i++) {
      updates.add(Updates.update(plan, number, i));
      devices.get(i).upload(updates.get(i));
    }
    coordinator.tick();
    coordinator.tick();
    return updates;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void the_model_is_the_server_step_over_the_exact_sum_of_each_round(long seed) {
    Random random = new Random(seed);
    int size = 2 + random.nextInt(40);
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, size, 1, 4));
    ModelParameters expected = ModelParameters.initial(plan.model());
    OptimiserState state = OptimiserState.none();
    for (int round = 1; round <= 4; round++) {
      List<ScriptedDevice> devices = collecting(plan);
      List<byte[]> updates = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        if (i > 0 && random.nextInt(4) == 0) {
          devices.get(i).abort();
          continue;
        }
        byte[] update = Updates.update(plan, seed * 100 + round, i);
        updates.add(update);
        devices.get(i).upload(update);
        if (random.nextInt(3) == 0) {
          coordinator.tick();
        }
      }
      coordinator.tick();
      coordinator.tick();
      var step = Updates.step(plan, expected, state, updates);
      expected = step.parameters();
      state = step.state();

      assertThat(coordinator.latest(plan.id()).version()).isEqualTo(round);
      assertThat(coordinator.latest(plan.id()).clients()).isEqualTo(updates.size());
      assertThat(coordinator.model(plan.id())).isEqualTo(expected);
    }
  }

  // ---- sums that must not become a model ----

  @Test
  void a_sum_that_no_honest_devices_can_have_made_is_not_published() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    List<ScriptedDevice> devices = collecting(plan);
    int[] lanes = new int[WireLimits.HEADER_LANES + plan.parameters()];
    lanes[0] = 77;
    lanes[1] = 1 << 16;
    devices.get(0).upload(Updates.bytes(lanes));
    devices.get(1).upload(Updates.update(plan, 1, 1));

    coordinator.tick();

    assertNothingPublished(
        plan, "the sum can not come from honest devices: sum holds 78 clients, must be 1 to 2");
  }

  @Test
  void a_sum_that_counts_other_devices_than_brought_it_is_not_published() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    List<ScriptedDevice> devices = collecting(plan);
    devices.get(0).upload(new byte[4 * (WireLimits.HEADER_LANES + plan.parameters())]);
    devices.get(1).upload(Updates.update(plan, 1, 1));

    coordinator.tick();

    assertNothingPublished(plan, "the sum counts 1 devices but 2 have brought an update");
  }

  @Test
  void the_largest_step_that_a_hostile_device_can_cause_leaves_a_finite_model() {
    TrainingPlan plan =
        coordinator.apply(
            TestCoordinator.parse(
                """
                id: a
                version: 1
                population: test
                model: {kind: tabular, layers: [{units: 1, activation: sigmoid}]}
                features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
                client: {clip-norm: 10000}
                cohort: {size: 1, minimum: 1}
                server-optimiser: {kind: scaled-mean, learning-rate: 1000}
                aggregation: {mode: plain, development: true}
                rounds: 3
                """));
    List<ScriptedDevice> devices = collecting(plan);
    int[] lanes = new int[WireLimits.HEADER_LANES + plan.parameters()];
    Arrays.fill(lanes, WireLimits.HEADER_LANES, lanes.length, Integer.MIN_VALUE);
    lanes[0] = 1;
    lanes[1] = 1;
    devices.get(0).upload(Updates.bytes(lanes));

    coordinator.tick();

    assertThat(coordinator.round(plan, 1).state()).isInstanceOf(RoundState.Completed.class);
    for (float parameter : coordinator.model(plan.id()).toArray()) {
      assertThat(parameter).isFinite().isNegative();
    }
  }

  private void assertNothingPublished(TrainingPlan plan, String reason) {
    assertThat(coordinator.round(plan, 1).state()).isEqualTo(new RoundState.Abandoned(2, reason));
    assertThat(coordinator.latest(plan.id()).version()).isZero();
    coordinator.tick();
    assertThat(coordinator.round(plan, 2).baseVersion()).isZero();
  }
}
