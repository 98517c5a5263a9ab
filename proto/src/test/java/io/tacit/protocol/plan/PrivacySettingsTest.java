package io.tacit.protocol.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.AggregationSettings.Mode;
import io.tacit.protocol.plan.AggregationSettings.Weighting;
import io.tacit.protocol.plan.PrivacySettings.Budget;
import io.tacit.protocol.plan.PrivacySettings.Mechanism;
import io.tacit.protocol.plan.PrivacySettings.Noise;
import io.tacit.protocol.privacy.HonestShare.Dishonest;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.PrivacyCost;
import io.tacit.protocol.privacy.RandomBits;
import io.tacit.protocol.privacy.RdpAccountant;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivacySettingsTest {

  private static final AggregationSettings TWO_SHARDS =
      AggregationSettings.secure(new ShardSettings(64, 32, ShardSettings.SuiteChoice.AUTO));

  private static Noise noise(Mechanism mechanism) {
    return new Noise(mechanism, 2, 1e-5, 50_000, 5, 2, Dishonest.TENTH, new Budget(8, 30));
  }

  private static TrainingPlan plan(AggregationSettings aggregation, PrivacySettings privacy) {
    return new TrainingPlan(
            new PlanId("plan"),
            1,
            "test",
            new ModelSpecification.TwoTower(12, 4, true, 1),
            new FeatureSchema.Items(ContentHash.of(new byte[] {1}), 10, 2, Set.of("click")),
            new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, 1000, true, 0),
            new CohortSettings(128, 64, 1.3),
            new DeadlineSettings(
                Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(60)),
            new ServerOptimiserSettings(
                ServerOptimiserSettings.Kind.FED_ADAM, 0.1, 0.9, 0.99, 0.001),
            aggregation,
            new EvaluationSettings(0),
            60)
        .withPrivacy(privacy);
  }

  @ParameterizedTest
  @EnumSource(Mechanism.class)
  void travels_with_the_plan(Mechanism mechanism) {
    TrainingPlan plan = plan(TWO_SHARDS, noise(mechanism));

    TrainingPlan again = TrainingPlan.fromBytes(plan.toBytes());

    assertThat(again).isEqualTo(plan);
    assertThat(again.privacy()).isEqualTo(noise(mechanism));
    assertThat(again.privacyCost()).isEqualTo(plan.privacyCost());
  }

  @Test
  void no_limit_travels_as_no_limit() {
    Noise unlimited =
        new Noise(
            Mechanism.DISTRIBUTED, 2, 1e-5, 50_000, 5, 2, Dishonest.THRESHOLD, Budget.UNLIMITED);

    assertThat(TrainingPlan.fromBytes(plan(TWO_SHARDS, unlimited).toBytes()).privacy())
        .isEqualTo(unlimited);
  }

  @Test
  void a_plan_without_noise_keeps_the_bytes_it_had() {
    TrainingPlan plan = plan(TWO_SHARDS, PrivacySettings.NONE);

    assertThat(PlanMessages.encode(plan).hasPrivacy()).isFalse();
    assertThat(plan.noise()).isEmpty();
    assertThat(plan.privacyCost()).isEmpty();
  }

  @Test
  void the_noise_of_the_devices_is_counted_over_the_shards_that_must_complete() {
    TrainingPlan plan = plan(TWO_SHARDS, noise(Mechanism.DISTRIBUTED));

    NoisePlan noise = plan.noise().orElseThrow();

    // Rosters of 32 to 64: t less a tenth is least at 32 (22 - 3) and at 40 (27 - 4 = 23) no less.
    assertThat(noise.honestPerShard()).isEqualTo(19);
    assertThat(noise.honest()).isEqualTo(38);
    assertThat(noise.noiseMultiplier()).isGreaterThanOrEqualTo(2).isCloseTo(2, within(1e-3));
    assertThat(noise.shardNoiseMultiplier()).isCloseTo(2 / Math.sqrt(2), within(1e-3));
  }

  @Test
  void the_share_of_a_roster_that_must_be_in_its_sum_travels_and_takes_noise_off_each_device() {
    AggregationSettings asking =
        AggregationSettings.secure(new ShardSettings(64, 32, ShardSettings.SuiteChoice.AUTO, 90));
    TrainingPlan plan = plan(asking, noise(Mechanism.DISTRIBUTED));
    TrainingPlan before = plan(TWO_SHARDS, noise(Mechanism.DISTRIBUTED));

    NoisePlan noise = plan.noise().orElseThrow();

    // 29 of 32 less 3.
    assertThat(noise.honestPerShard()).isEqualTo(26);
    assertThat(noise.sensitivity()).isCloseTo(1, within(1e-2));
    assertThat(unitsPerDevice(noise) / unitsPerDevice(before.noise().orElseThrow()))
        .isCloseTo(Math.sqrt(19.0 / 26), within(1e-2));
    // What may be learnt is as before: the noise of sums is.
    assertThat(plan.privacyCost().orElseThrow().models().epsilon())
        .isCloseTo(before.privacyCost().orElseThrow().models().epsilon(), within(1e-2));
    assertThat(TrainingPlan.fromBytes(plan.toBytes())).isEqualTo(plan);
    assertThat(plan.contentHash()).isNotEqualTo(before.contentHash());
  }

  private static double unitsPerDevice(NoisePlan noise) {
    return Math.sqrt((double) noise.variance()) / noise.scale();
  }

  @Test
  void a_plan_that_asks_for_no_share_keeps_the_bytes_it_had() {
    AggregationSettings shards =
        AggregationSettings.secure(new ShardSettings(40, 20, ShardSettings.SuiteChoice.AUTO));

    assertThat(
            PlanMessages.encode(plan(shards, noise(Mechanism.DISTRIBUTED)))
                .getAggregation()
                .getShards()
                .toByteArray())
        .as("size 40, minimum 20, suite 1, and nothing behind them")
        .containsExactly(8, 40, 16, 20, 24, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 66, 101})
  void refuses_a_share_of_a_roster_that_is_no_share_above_the_threshold(int percent) {
    assertThatThrownBy(() -> new ShardSettings(64, 32, ShardSettings.SuiteChoice.AUTO, percent))
        .isInstanceOf(InvalidPlanException.class)
        .hasMessage(
            "aggregation.shards.survivors-percent is "
                + percent
                + ", must be 67 to 100; leave it out for the two thirds that secure aggregation"
                + " takes in any case");
  }

  @Test
  void costs_more_against_the_coordinator_than_against_whoever_sees_the_models() {
    PrivacyCost cost = plan(TWO_SHARDS, noise(Mechanism.DISTRIBUTED)).privacyCost().orElseThrow();

    assertThat(cost.coordinator().epsilon()).isGreaterThan(cost.models().epsilon()).isFinite();
    assertThat(cost.models().delta()).isEqualTo(1e-5);
  }

  @Test
  void promises_nothing_against_a_coordinator_that_is_trusted_or_sees_updates_in_the_clear() {
    AggregationSettings clear = new AggregationSettings(Mode.PLAIN, true, Weighting.UNIFORM, 100);

    PrivacyCost trusted = plan(TWO_SHARDS, noise(Mechanism.CENTRAL)).privacyCost().orElseThrow();
    PrivacyCost plain = plan(clear, noise(Mechanism.DISTRIBUTED)).privacyCost().orElseThrow();

    assertThat(trusted.coordinator().epsilon()).isInfinite();
    assertThat(plain.coordinator().epsilon()).isInfinite();
    assertThat(plain.assumptions())
        .contains("Updates travel in the clear: nothing is hidden from the coordinator.");
    assertThat(plain.models().epsilon()).isFinite();
  }

  @Test
  void a_model_in_the_clear_may_have_the_noise_of_the_smallest_cohort_only() {
    AggregationSettings clear =
        new AggregationSettings(
            Mode.PLAIN,
            true,
            Weighting.UNIFORM,
            100,
            new ShardSettings(64, 64, ShardSettings.SuiteChoice.AUTO));
    TrainingPlan plan = plan(clear, noise(Mechanism.DISTRIBUTED));
    NoisePlan noise = plan.noise().orElseThrow();
    int minimum = plan.cohort().minimum();
    int few = noise.honest() / 4;
    assertThat(minimum).as("fewer than the noise counts on").isLessThan(noise.honest());

    assertThat(noise.noiseMultiplierOf(few) / noise.noiseMultiplier())
        .isCloseTo(Math.sqrt((double) few / noise.honest()), within(1e-12));
    assertThat(noise.noiseMultiplierOf(noise.honest() + 1)).isEqualTo(noise.noiseMultiplier());
    assertThat(NoisePlan.central(2, 1, 10, 64).noiseMultiplierOf(1))
        .as("one addition by the coordinator")
        .isEqualTo(NoisePlan.central(2, 1, 10, 64).noiseMultiplier());
    PrivacyCost cost = plan.privacyCost().orElseThrow();
    assertThat(cost.models().epsilon())
        .isCloseTo(
            RdpAccountant.EMPTY
                .plus(noise.noiseMultiplierOf(minimum), 1, 5)
                .bound(1e-5, 50_000)
                .epsilon(),
            within(1e-9));
    assertThat(cost.assumptions())
        .contains(
            "At least "
                + minimum
                + " devices in a published model followed the protocol and added their noise.")
        .noneMatch(line -> line.contains("secure aggregation"));
  }

  @Test
  void a_cap_above_the_rounds_costs_what_it_allows_as_rounds_that_fail_late_count_too() {
    Noise often =
        new Noise(
            Mechanism.DISTRIBUTED, 2, 1e-5, 50_000, 1_000, 2, Dishonest.TENTH, Budget.UNLIMITED);
    Noise always =
        new Noise(Mechanism.DISTRIBUTED, 2, 1e-5, 50_000, 60, 2, Dishonest.TENTH, Budget.UNLIMITED);

    assertThat(plan(TWO_SHARDS, often).privacyCost().orElseThrow().models().epsilon())
        .isGreaterThan(plan(TWO_SHARDS, always).privacyCost().orElseThrow().models().epsilon());
  }

  @Test
  void neither_loss_nor_examples_leave_under_noise() {
    TrainingPlan plan = plan(TWO_SHARDS, noise(Mechanism.DISTRIBUTED));

    int[] lanes =
        plan.updateFormat()
            .encode(new float[plan.parameters()], 7, 0.25, RandomBits.seeded(1))
            .takeLanes();

    assertThat(lanes).hasSize(plan.updateFormat().lanes());
    assertThat(lanes[0]).isEqualTo(1);
    for (int i = 1; i < 16; i++) {
      assertThat(lanes[i]).as("header lane " + i).isZero();
    }
    assertThat(plan.updateFormat().decode(lanes).examples()).isZero();
    assertThat(plan.updateFormat().decode(lanes).meanLoss()).isNaN();
  }

  @Test
  void refuses_weights_by_examples_under_noise() {
    AggregationSettings weighted =
        new AggregationSettings(Mode.SECURE, false, Weighting.EXAMPLES, 100);

    assertThatThrownBy(() -> plan(weighted, noise(Mechanism.DISTRIBUTED)))
        .isInstanceOf(InvalidPlanException.class)
        .hasMessageStartingWith("aggregation.weighting is examples, must be uniform with noise");
  }

  @Test
  void refuses_more_shards_than_a_cohort_has() {
    Noise three =
        new Noise(Mechanism.DISTRIBUTED, 2, 1e-5, 50_000, 5, 3, Dishonest.TENTH, Budget.UNLIMITED);

    assertThatThrownBy(() -> plan(TWO_SHARDS, three))
        .isInstanceOf(InvalidPlanException.class)
        .hasMessageStartingWith("privacy.shards-minimum is 3, must be 1 to 2");
  }

  @Test
  void refuses_noise_that_the_integers_can_not_hold() {
    Noise tiny =
        new Noise(
            Mechanism.DISTRIBUTED, 1e-9, 1e-5, 50_000, 5, 2, Dishonest.TENTH, Budget.UNLIMITED);

    assertThatThrownBy(() -> plan(TWO_SHARDS, tiny))
        .isInstanceOf(InvalidPlanException.class)
        .hasMessageStartingWith("privacy: noise of one addition");
  }

  @Test
  void refuses_numbers_out_of_range_and_says_which() {
    assertFault(() -> make(0, 1e-5, 50_000, 5), "privacy.noise-multiplier is 0.0, must be");
    assertFault(() -> make(Double.NaN, 1e-5, 50_000, 5), "privacy.noise-multiplier is NaN");
    assertFault(() -> make(2, 2e-5, 50_000, 5), "privacy.delta is 2.0E-5, must be above 0 and");
    assertFault(() -> make(2, 0, 50_000, 5), "privacy.delta is 0.0, must be above 0 and below");
    assertFault(() -> make(2, Double.NaN, 50_000, 5), "privacy.delta is NaN");
    assertFault(() -> make(2, 1e-5, 1, 5), "privacy.users is 1, must be 2 to 10000000000");
    assertFault(() -> make(2, 1e-5, 50_000, 0), "privacy.participations-max is 0, must be 1 to");
    assertFault(() -> new Budget(0, 1), "epsilon-models-max is 0.0, must be above 0");
    assertFault(() -> new Budget(1, -1), "epsilon-coordinator-max is -1.0, must be");
  }

  private static Noise make(double z, double delta, long users, int participations) {
    return new Noise(
        Mechanism.DISTRIBUTED,
        z,
        delta,
        users,
        participations,
        1,
        Dishonest.TENTH,
        Budget.UNLIMITED);
  }

  private static void assertFault(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(InvalidPlanException.class)
        .hasMessageStartingWith(message);
  }
}
