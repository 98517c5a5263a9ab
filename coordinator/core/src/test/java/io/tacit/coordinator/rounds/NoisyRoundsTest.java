package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.coordinator.privacy.PrivacyStanding;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionState;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.RandomBits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds under differential privacy: what is charged, when, and where the coordinator stops. */
class NoisyRoundsTest {

  private static final int SHARD = 10;

  private static final Duration STAGE = Duration.ofSeconds(20);

  private static final List<Stage> STAGES =
      List.of(Stage.SHARE_KEYS, Stage.INPUT, Stage.CONSISTENCY, Stage.UNMASK);

  private static final String DISTRIBUTED =
      "privacy: {mechanism: distributed, noise-multiplier: 1, users: 1000, participations-max: 5";

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

  /**
   * A plan of shards of 10; its model is the plain sum of means, so that sums can be read off it.
   */
  private static TrainingPlan plan(int version, int units, int size, String privacy) {
    return TestCoordinator.parse(
        """
        id: noisy
        version: %d
        population: test
        model: {kind: tabular, layers: [{units: %d, activation: relu}, {units: 1, activation: sigmoid}]}
        features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
        cohort: {size: %d, minimum: 7, over-selection: 2}
        deadlines: {train: 60s, advertise: 10s, share-keys: 20s, input: 20s, consistency: 20s, unmask: 20s}
        server-optimiser: {kind: mean}
        aggregation: {shards: {size: 10, minimum: 10, suite: classic}}
        rounds: 100
        %s
        """
            .formatted(version, units, size, privacy));
  }

  /** A round of devices first, first + 1, ..., up to and without a stage. */
  private List<SecureDevice> begin(TrainingPlan plan, int first, Stage until) {
    List<SecureDevice> devices = SecureRounds.joined(coordinator, first, plan.cohort().size());
    coordinator.tick();
    for (Stage stage : STAGES.subList(0, STAGES.indexOf(until))) {
      stage(plan, stage, devices);
    }
    return devices;
  }

  private void stage(TrainingPlan plan, Stage stage, List<SecureDevice> devices) {
    SecureRounds.each(
        devices,
        (device, number) ->
            switch (stage) {
              case SHARE_KEYS -> device.share();
              case INPUT -> device.upload(noise(plan, number));
              case CONSISTENCY -> device.sign();
              case UNMASK -> device.reveal();
              default -> throw new AssertionError(stage);
            });
    coordinator.tick();
  }

  private void wholeRound(TrainingPlan plan, int first) {
    stage(plan, Stage.UNMASK, begin(plan, first, Stage.UNMASK));
    coordinator.tick();
  }

  /** What a device sends whose update is all zero: its noise. */
  private static byte[] noise(TrainingPlan plan, int number) {
    return plan.updateFormat()
        .encode(new float[plan.parameters()], 5, 0.5, RandomBits.seeded(4711 + number))
        .toBytes();
  }

  private PrivacyStanding standing(TrainingPlan plan) {
    return coordinator.coordinator.privacy().standing(plan).orElseThrow();
  }

  private RoundState state(long round) {
    return coordinator
        .coordinator
        .roundStore()
        .find(new RoundId(new PlanId("noisy"), round))
        .orElseThrow()
        .state();
  }

  private List<Session> sessions(long round) {
    return coordinator.coordinator.sessionStore().of(new RoundId(new PlanId("noisy"), round));
  }

  @Test
  void a_sum_is_charged_before_anybody_is_asked_for_what_unmasks_it() {
    TrainingPlan plan = coordinator.apply(plan(1, 3, SHARD, DISTRIBUTED + "}"));
    List<SecureDevice> devices = begin(plan, 0, Stage.CONSISTENCY);
    assertThat(standing(plan).rounds()).isZero();
    assertThat(standing(plan).together().soFar().models().epsilon()).isZero();

    stage(plan, Stage.CONSISTENCY, devices);

    assertThat(devices.get(0).stage()).isEqualTo(Stage.UNMASK);
    assertThat(standing(plan).rounds()).isEqualTo(1);
    assertThat(standing(plan).together().soFar().models().epsilon()).isPositive();
  }

  @Test
  void a_charge_stays_when_its_session_comes_to_nothing_and_after_a_restart() {
    TrainingPlan plan = coordinator.apply(plan(1, 3, SHARD, DISTRIBUTED + "}"));
    begin(plan, 0, Stage.UNMASK);
    coordinator.pass(STAGE);
    assertThat(state(1)).isInstanceOf(RoundState.Abandoned.class);
    PrivacyStanding before = standing(plan);

    TestCoordinator restarted = coordinator.restarted();

    assertThat(before.rounds()).isEqualTo(1);
    assertThat(restarted.coordinator.privacy().standing(plan)).contains(before);
  }

  @Test
  void a_round_is_charged_once_however_many_shards_it_has_and_costs_more_against_the_coordinator() {
    TrainingPlan plan = coordinator.apply(plan(1, 3, 2 * SHARD, DISTRIBUTED + "}"));

    wholeRound(plan, 0);

    assertThat(state(1)).isInstanceOf(RoundState.Completed.class);
    assertThat(standing(plan).rounds()).isEqualTo(1);
    assertThat(standing(plan).together().soFar().coordinator().epsilon())
        .isGreaterThan(standing(plan).together().soFar().models().epsilon())
        .isFinite();
  }

  @Test
  void costs_after_as_many_rounds_as_a_device_may_take_part_in_what_the_plan_said() {
    String cap = DISTRIBUTED.replace("participations-max: 5", "participations-max: 2") + "}";
    TrainingPlan plan = coordinator.apply(plan(1, 3, SHARD, cap));

    for (int round = 0; round < 3; round++) {
      wholeRound(plan, 100 * round);
    }

    assertThat(standing(plan).rounds()).isEqualTo(3);
    assertThat(standing(plan).together().soFar().models().epsilon())
        .isCloseTo(standing(plan).together().atCap().models().epsilon(), within(1e-12));
    assertThat(standing(plan).together().soFar().coordinator().epsilon())
        .isCloseTo(standing(plan).together().atCap().coordinator().epsilon(), within(1e-12));
  }

  @Test
  void opens_no_round_over_budget_and_says_so_until_a_new_version_raises_it() {
    TrainingPlan unlimited = plan(1, 3, SHARD, DISTRIBUTED + "}");
    double ofTwo =
        io.tacit.protocol.privacy.RdpAccountant.EMPTY
            .plus(unlimited.noise().orElseThrow().noiseMultiplier(), 1, 2)
            .bound(1e-4, 1000)
            .epsilon();
    String budget = DISTRIBUTED + ", epsilon-models-max: " + (ofTwo + 0.01);
    TrainingPlan plan = coordinator.apply(plan(1, 3, SHARD, budget + "}"));
    wholeRound(plan, 0);
    wholeRound(plan, 100);
    coordinator.tick();

    assertThat(coordinator.coordinator.roundStore().list(plan.id(), 0, 10)).hasSize(2);
    assertThat(standing(plan).stop().orElseThrow())
        .startsWith("privacy budget: after one more round, epsilon against whoever sees the models")
        .contains("privacy.epsilon-models-max is " + (ofTwo + 0.01));

    TrainingPlan raised =
        coordinator.apply(plan(2, 3, SHARD, DISTRIBUTED + ", epsilon-models-max: 1000}"));

    assertThat(state(3)).isInstanceOf(RoundState.Open.class);
    assertThat(standing(raised).stop()).isEmpty();
    assertThat(standing(raised).rounds()).isEqualTo(2);
  }

  @Test
  void stops_at_the_budget_against_the_coordinator_too() {
    TrainingPlan plan =
        coordinator.apply(plan(1, 3, SHARD, DISTRIBUTED + ", epsilon-coordinator-max: 0.5}"));

    assertThat(coordinator.coordinator.roundStore().list(plan.id(), 0, 10)).isEmpty();
    assertThat(standing(plan).stop().orElseThrow())
        .startsWith("privacy budget: after one more round, epsilon against the coordinator");
  }

  @Test
  void a_version_without_noise_leaves_nothing_that_a_later_one_could_bound() {
    TrainingPlan exact = coordinator.apply(plan(1, 3, SHARD, ""));
    wholeRound(exact, 0);

    TrainingPlan noisy = coordinator.apply(plan(2, 3, SHARD, DISTRIBUTED + "}"));

    assertThat(standing(noisy).roundsWithoutNoise()).isEqualTo(1);
    assertThat(standing(noisy).together().soFar().models().epsilon()).isInfinite();
    assertThat(standing(noisy).together().soFar().coordinator().epsilon()).isInfinite();
    assertThat(standing(noisy).together().atCap().models().epsilon()).isFinite();
  }

  @Test
  void a_database_put_back_from_a_backup_counts_the_rounds_it_lost_and_gives_new_numbers() {
    TrainingPlan plan = coordinator.apply(plan(1, 3, SHARD, DISTRIBUTED + "}"));
    wholeRound(plan, 0);
    double ofOne = standing(plan).together().soFar().models().epsilon();

    // Round 2 is open here; rounds 2 to 4 took place before the backup was put back.
    coordinator.coordinator.privacy().noteLost(plan, 2, 4, coordinator.clock.instant());
    wholeRound(plan, 100);
    coordinator.tick();

    assertThat(state(5)).isInstanceOf(RoundState.Open.class);
    // One, the three that are lost, and round 2 once more: rather one too many than one too few.
    assertThat(standing(plan).rounds()).isEqualTo(5);
    assertThat(standing(plan).together().soFar().models().epsilon()).isGreaterThan(2 * ofOne);
    assertThat(standing(plan).together().soFar().models().epsilon())
        .isCloseTo(standing(plan).together().atCap().models().epsilon(), within(1e-12));
  }

  @Test
  void publishes_no_model_of_fewer_shards_than_the_noise_was_planned_for() {
    TrainingPlan plan =
        coordinator.apply(plan(1, 3, 2 * SHARD, DISTRIBUTED + ", shards-minimum: 2}"));
    List<SecureDevice> devices = begin(plan, 0, Stage.UNMASK);
    List<SecureDevice> ofOneShard =
        devices.stream()
            .filter(device -> device.session().equals(devices.get(0).session()))
            .toList();

    stage(plan, Stage.UNMASK, ofOneShard);
    coordinator.pass(STAGE);

    assertThat(state(1))
        .isInstanceOfSatisfying(
            RoundState.Abandoned.class,
            abandoned ->
                assertThat(abandoned.reason())
                    .startsWith(
                        "1 shards completed, privacy.shards-minimum is 2: a model of fewer"));
    assertThat(coordinator.latest(plan.id()).version()).isZero();
    assertThat(standing(plan).rounds()).isEqualTo(1);
  }

  @Test
  void a_quarantined_shard_is_charged_and_counts_as_not_completed() {
    TrainingPlan plan =
        coordinator.apply(plan(1, 3, 2 * SHARD, DISTRIBUTED + ", shards-minimum: 2}"));
    List<SecureDevice> devices = begin(plan, 0, Stage.INPUT);
    byte[] poison = noise(plan, 0);
    for (int i = 4 * 16; i < poison.length; i += 4) {
      poison[i + 3] = 0x3f;
    }
    SecureRounds.each(
        devices, (device, number) -> device.upload(number == 0 ? poison : noise(plan, number)));
    coordinator.tick();
    stage(plan, Stage.CONSISTENCY, devices);
    stage(plan, Stage.UNMASK, devices);
    coordinator.tick();

    assertThat(state(1)).isInstanceOf(RoundState.Abandoned.class);
    assertThat(sessions(1))
        .filteredOn(session -> session.state() instanceof SessionState.Aborted)
        .singleElement()
        .satisfies(
            session ->
                assertThat(((SessionState.Aborted) session.state()).reason())
                    .startsWith("quarantined"));
    assertThat(standing(plan).rounds()).isEqualTo(1);
  }

  @Test
  void the_noise_of_a_completed_session_is_that_of_all_its_devices_and_never_below_the_plans() {
    TrainingPlan plan = coordinator.apply(plan(1, 8_000, SHARD, DISTRIBUTED + "}"));
    NoisePlan noise = plan.noise().orElseThrow();

    wholeRound(plan, 0);

    double variance = variance(plan, SHARD * noise.scale());
    assertThat(variance).isCloseTo(SHARD * (double) noise.variance(), withinShare(0.04, noise));
    assertThat(Math.sqrt(variance / noise.boundSquared())).isGreaterThan(noise.noiseMultiplier());
  }

  private static org.assertj.core.data.Offset<Double> withinShare(double share, NoisePlan noise) {
    return within(share * SHARD * noise.variance());
  }

  @Test
  void a_trusted_coordinator_adds_its_noise_to_the_model_and_only_there() {
    String central = DISTRIBUTED.replace("distributed", "central") + "}";
    TrainingPlan plan = coordinator.apply(plan(1, 8_000, SHARD, central));
    NoisePlan noise = plan.noise().orElseThrow();

    wholeRound(plan, 0);

    // Devices sent zeros without noise: all that is in the model is the coordinator's.
    assertThat(variance(plan, SHARD * noise.scale()))
        .isCloseTo((double) noise.variance(), within(0.04 * noise.variance()));
    assertThat(standing(plan).together().soFar().models().epsilon()).isFinite();
    assertThat(standing(plan).together().soFar().coordinator().epsilon()).isInfinite();
  }

  /** Mean square of what the first round changed in the model, in steps of the sum. */
  private double variance(TrainingPlan plan, double stepsPerUnit) {
    assertThat(state(1)).isInstanceOf(RoundState.Completed.class);
    float[] before = ModelParameters.initial(plan.model()).toArray();
    float[] after = coordinator.model(plan.id()).toArray();
    double squares = 0;
    for (int i = 0; i < before.length; i++) {
      double steps = ((double) after[i] - before[i]) * stepsPerUnit;
      squares += steps * steps;
    }
    return squares / before.length;
  }

  @Test
  void reports_no_loss_that_devices_did_not_tell() {
    TrainingPlan plan = coordinator.apply(plan(1, 3, SHARD, DISTRIBUTED + "}"));

    wholeRound(plan, 0);

    assertThat(state(1))
        .isInstanceOfSatisfying(
            RoundState.Completed.class, completed -> assertThat(completed.meanLoss()).isNaN());
    assertThat(coordinator.latest(plan.id()).meanLoss()).isNull();
  }
}
