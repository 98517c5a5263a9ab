package io.tacit.protocol.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.MetricSettings.ReleaseBound;
import io.tacit.protocol.plan.MetricSettings.Segment;
import io.tacit.protocol.plan.PrivacySettings.Budget;
import io.tacit.protocol.plan.PrivacySettings.Mechanism;
import io.tacit.protocol.plan.PrivacySettings.Noise;
import io.tacit.protocol.privacy.HonestShare.Dishonest;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.PrivacyCost;
import io.tacit.protocol.privacy.RandomBits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What devices measure, in plans and in the sums of their updates. */
class MetricSettingsTest {

  private static final AggregationSettings TWO_SHARDS =
      AggregationSettings.secure(new ShardSettings(64, 32, ShardSettings.SuiteChoice.AUTO));

  private static final List<Segment> SEGMENTS =
      List.of(new Segment("few", 2), new Segment("many", 20));

  private static MetricSettings metrics(double noiseMultiplier) {
    return new MetricSettings(
        0.1, SEGMENTS, 10, noiseMultiplier, Budget.UNLIMITED, new ReleaseBound(0.02, 12, 5));
  }

  private static Noise noise(Mechanism mechanism) {
    return new Noise(mechanism, 2, 1e-5, 50_000, 5, 2, Dishonest.TENTH, Budget.UNLIMITED);
  }

  private static TrainingPlan plan(MetricSettings metrics, PrivacySettings privacy) {
    return new TrainingPlan(
        new PlanId("plan"),
        1,
        "test",
        new ModelSpecification.TwoTower(12, 4, true, 1),
        new FeatureSchema.Items(ContentHash.of(new byte[] {1}), 10, 2, Set.of("click")),
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, 1000, true, 0),
        new CohortSettings(128, 64, 1.3),
        new DeadlineSettings(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(60)),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.FED_ADAM, 0.1, 0.9, 0.99, 0.001),
        TWO_SHARDS,
        privacy,
        new EvaluationSettings(0.2, metrics),
        60,
        null);
  }

  private static TrainingPlan exact() {
    return plan(metrics(0), PrivacySettings.NONE);
  }

  private static TrainingPlan noisy(Mechanism mechanism) {
    return plan(metrics(3), noise(mechanism));
  }

  @ParameterizedTest
  @EnumSource(Mechanism.class)
  void travels_with_the_plan(Mechanism mechanism) {
    for (TrainingPlan plan : List.of(exact(), noisy(mechanism))) {
      TrainingPlan again = TrainingPlan.fromBytes(plan.toBytes());

      assertThat(again).isEqualTo(plan);
      assertThat(again.metricCost()).isEqualTo(plan.metricCost());
    }
  }

  @Test
  void a_plan_without_metrics_keeps_the_bytes_it_had() {
    assertThat(MetricMessages.encode(new EvaluationSettings(0.2)).hasMetrics()).isFalse();
  }

  @Test
  void each_device_is_in_the_group_of_its_experience_or_in_none() {
    MetricSettings metrics = metrics(0);

    assertThat(metrics.groups()).containsExactly("held-back", "few", "many");
    assertThat(metrics.group(true, 1)).isZero();
    assertThat(metrics.group(false, 1)).isEqualTo(-1);
    assertThat(IntStream.of(2, 19, 20, 9000).map(n -> metrics.group(false, n)).toArray())
        .containsExactly(1, 1, 2, 2);
  }

  @Test
  void without_segments_those_that_train_are_one_group() {
    MetricSettings metrics =
        new MetricSettings(0, List.of(), 10, 0, Budget.UNLIMITED, new ReleaseBound(0, 1, 1));

    assertThat(metrics.groups()).containsExactly("training");
    assertThat(metrics.group(false, 1)).isZero();
    assertThat(metrics.group(true, 1)).as("nobody is held back").isEqualTo(-1);
  }

  @Test
  void sums_of_groups_are_exact_without_noise_and_the_mean_is_as_if_nobody_had_measured() {
    TrainingPlan plan = exact();
    UpdateFormat format = plan.updateFormat();
    RandomBits bits = RandomBits.seeded(1);
    float[] update = new float[plan.parameters()];
    update[0] = 0.25f;
    int[] sum = new int[format.lanes()];
    add(sum, format.encode(update, 3, 0.5, new MetricReport(1, 1, 0.5), bits));
    add(sum, format.encode(update, 30, 0.5, new MetricReport(2, 0, 0), bits));
    add(sum, format.encode(update, 40, 0.5, new MetricReport(2, 1, 1), bits));
    add(sum, format.encode(update, 1, 0.5, null, bits));

    assertThat(format.decodeMetrics(sum))
        .containsExactly(
            new GroupMetrics("held-back", 0, 0, 0, 0),
            new GroupMetrics("few", 1, 1, 0.5, 0),
            new GroupMetrics("many", 2, 1, 1, 0));
    assertThat(format.metricFlaw(sum, 4)).isEmpty();
    MeanUpdate mean = format.decode(sum);
    assertThat(mean.values()).hasSize(plan.parameters());
    assertThat(mean.values()[0]).isCloseTo(0.25f, within(1e-5f));
    assertThat(mean.examples()).isEqualTo(74);
  }

  @Test
  void a_device_that_only_measures_does_not_shorten_the_step() {
    TrainingPlan plan = exact();
    UpdateFormat format = plan.updateFormat();
    RandomBits bits = RandomBits.seeded(2);
    float[] update = new float[plan.parameters()];
    update[3] = 0.5f;
    int[] sum = new int[format.lanes()];
    add(sum, format.encode(update, 3, 0.5, new MetricReport(1, 1, 0.5), bits));
    add(
        sum,
        format.encode(new float[plan.parameters()], 0, 0, new MetricReport(0, 0.5, 0.25), bits));

    MeanUpdate mean = format.decode(sum);

    assertThat(mean.clients()).isEqualTo(2);
    assertThat(mean.values()[3]).isCloseTo(0.5f, within(1e-4f));
    assertThat(mean.examples()).isEqualTo(3);
    assertThat(format.decodeMetrics(sum).get(0))
        .isEqualTo(new GroupMetrics("held-back", 1, 0.5, 0.25, 0));
  }

  /** Twenty thousand figures: 4 % are four standard deviations of their variance. */
  @Test
  void noise_in_each_figure_has_the_variance_that_it_says() {
    TrainingPlan plan = noisy(Mechanism.DISTRIBUTED);
    UpdateFormat format = plan.updateFormat();
    NoisePlan noise = plan.metricNoise().orElseThrow();
    RandomBits bits = RandomBits.seeded(3);
    MetricFormat metrics = MetricFormat.of(plan);
    int devices = 5;
    double squares = 0;
    int figures = 0;
    double claimed = 0;
    while (figures < 20_000) {
      int[] sum = new int[metrics.lanes()];
      for (int device = 0; device < devices; device++) {
        int[] lanes = new int[metrics.lanes()];
        metrics.encodeTo(lanes, 0, new MetricReport(1, 1, 0.5), bits);
        add(sum, lanes);
      }
      for (GroupMetrics group : metrics.decode(sum, 0, devices)) {
        boolean measured = group.group().equals("few");
        squares += Math.pow(group.devices() - (measured ? 5 : 0), 2);
        squares += Math.pow(group.first() - (measured ? 5 : 0), 2);
        squares += Math.pow(group.second() - (measured ? 2.5 : 0), 2);
        figures += 3;
        claimed = group.noiseVariance();
      }
    }

    assertThat(squares / figures / claimed).isCloseTo(1, within(0.04));
    assertThat(noise.sensitivity())
        .as("a device changes the figures by the root of three, and by rounding")
        .isBetween(Math.sqrt(3), 1.1 * Math.sqrt(3));
    assertThat(noise.noiseMultiplier()).isGreaterThanOrEqualTo(3).isCloseTo(3, within(1e-2));
    assertThat(format.lanes()).isEqualTo(16 + plan.parameters() + 9);
  }

  @Test
  void a_device_that_has_measured_nothing_is_hidden_in_noise_too() {
    MetricFormat metrics = MetricFormat.of(noisy(Mechanism.DISTRIBUTED));
    int[] lanes = new int[metrics.lanes()];

    metrics.encodeTo(lanes, 0, null, RandomBits.seeded(4));

    assertThat(lanes).doesNotContain(0);
  }

  @Test
  void a_trusted_coordinator_adds_noise_to_parameters_and_metrics() {
    TrainingPlan plan = noisy(Mechanism.CENTRAL);
    UpdateFormat format = plan.updateFormat();
    RandomBits bits = RandomBits.seeded(5);
    int[] sum = new int[format.lanes()];
    add(sum, format.encode(new float[plan.parameters()], 3, 0, new MetricReport(1, 1, 1), bits));
    assertThat(format.metricFlaw(sum, 1)).isEmpty();
    int[] before = sum.clone();

    format.addCentralNoise(sum, bits);

    long untouched = IntStream.range(16, sum.length).filter(i -> sum[i] == before[i]).count();
    assertThat(untouched).isLessThan(3);
    assertThat(sum).startsWith(IntStream.of(before).limit(16).toArray());
    assertThat(format.decodeMetrics(sum).get(1).noiseVariance()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 2})
  void sums_that_no_honest_devices_can_make_are_told_from_noise(int sign) {
    for (TrainingPlan plan : List.of(exact(), noisy(Mechanism.DISTRIBUTED))) {
      UpdateFormat format = plan.updateFormat();
      RandomBits bits = RandomBits.seeded(6);
      int[] sum = new int[format.lanes()];
      for (int device = 0; device < 40; device++) {
        float[] zeros = new float[plan.parameters()];
        add(sum, format.encode(zeros, 3, 0, new MetricReport(2, 1, 1), bits));
      }
      assertThat(format.metricFlaw(sum, 40)).isEmpty();

      sum[sum.length - 2] += sign * (1 << 29);

      assertThat(format.metricFlaw(sum, 40))
          .contains("its metrics are not what 40 devices can measure");
    }
  }

  @Test
  void nobody_counts_for_more_than_one_or_brings_more_of_a_metric_than_that() {
    UpdateFormat format = exact().updateFormat();
    RandomBits bits = RandomBits.seeded(8);
    float[] zeros = new float[exact().parameters()];
    int[] sum = new int[format.lanes()];
    add(sum, format.encode(zeros, 3, 0, new MetricReport(0, 1, 1), bits));
    for (int device = 1; device < 40; device++) {
      add(sum, format.encode(zeros, 3, 0, new MetricReport(2, 1, 1), bits));
    }
    int first = 16 + zeros.length;
    int one = 1 << 16;

    int[] crowd = sum.clone();
    crowd[first] += 9 * one;
    assertThat(format.metricFlaw(sum, 40)).isEmpty();
    assertThat(format.metricFlaw(crowd, 40)).as("a group that looks larger").isPresent();
    int[] good = sum.clone();
    good[first + 1] += one;
    assertThat(format.metricFlaw(good, 40)).as("more hits than devices").isPresent();
    int[] bad = sum.clone();
    bad[first + 8] -= 40 * one;
    assertThat(format.metricFlaw(bad, 40)).as("below nothing").isPresent();
  }

  @Test
  void metrics_cost_by_themselves_and_both_epsilons_are_told() {
    PrivacyCost cost = noisy(Mechanism.DISTRIBUTED).metricCost().orElseThrow();

    assertThat(cost.coordinator().epsilon()).isGreaterThan(cost.models().epsilon()).isFinite();
    assertThat(exact().metricCost()).isEmpty();
    assertThat(noisy(Mechanism.CENTRAL).metricCost().orElseThrow().coordinator().epsilon())
        .isInfinite();
  }

  @Test
  void two_sums_together_cost_what_their_divergences_add_up_to() {
    SplitMix64 random = new SplitMix64(7);
    for (int i = 0; i < 100; i++) {
      double one = random.nextDouble() * 10 + 0.1;
      double other = random.nextDouble() * 10 + 0.1;

      double both = NoisePlan.together(one, other);

      assertThat(1 / (both * both))
          .isCloseTo(1 / (one * one) + 1 / (other * other), within(1e-9 / (both * both)));
    }
    assertThat(NoisePlan.together(0, 3)).isZero();
    assertThat(NoisePlan.together(3, 0)).isZero();
  }

  @Test
  void what_leaves_a_device_has_noise_or_nothing_has() {
    assertFault(
        () -> plan(metrics(0), noise(Mechanism.DISTRIBUTED)),
        "evaluation.metrics.noise-multiplier is 0.0, must be above 0");
    assertFault(
        () -> plan(metrics(1), PrivacySettings.NONE),
        "evaluation.metrics.noise-multiplier is 1.0, must be 0 without privacy");
  }

  private static MetricSettings released(
      double heldBackShare, double noiseMultiplier, int devicesMinimum, int versions) {
    return new MetricSettings(
        heldBackShare,
        SEGMENTS,
        10,
        noiseMultiplier,
        Budget.UNLIMITED,
        new ReleaseBound(0.02, devicesMinimum, versions));
  }

  /** Of 128 devices in a round; with noise each of them comes five times at the most. */
  @Test
  void a_rule_that_no_version_can_ever_meet_is_refused_and_the_message_says_what_can_be_met() {
    assertThat(plan(released(0.25, 0, 32, 9), PrivacySettings.NONE)).isNotNull();
    assertFault(
        () -> plan(released(0.25, 0, 33, 9), PrivacySettings.NONE),
        "evaluation.metrics.release.devices-minimum is 33, must be 1 to 32, the different held-back"
            + " devices that can be expected to measure a version; lower it, hold back more, take a"
            + " larger cohort, or take more versions together with a cap on participations");
    for (Mechanism mechanism : Mechanism.values()) {
      assertThat(plan(released(0.25, 3, 32, 5), noise(mechanism))).isNotNull();
      assertFault(
          () -> plan(released(0.25, 3, 33, 5), noise(mechanism)),
          "evaluation.metrics.release.devices-minimum is 33, must be 1 to 32,");
      assertThat(plan(released(0.25, 3, 128, 20), noise(mechanism))).isNotNull();
      assertFault(
          () -> plan(released(0.25, 3, 129, 20), noise(mechanism)),
          "evaluation.metrics.release.devices-minimum is 129, must be 1 to 128,");
    }
  }

  @Test
  void a_plan_that_holds_nobody_back_releases_nothing_and_may_ask_for_any_number() {
    assertThat(plan(released(0, 0, 1_000_000, 1), PrivacySettings.NONE)).isNotNull();
  }

  @Test
  void a_window_counts_on_as_many_reports_of_one_device_as_there_may_be() {
    TrainingPlan often = noisy(Mechanism.DISTRIBUTED);

    assertThat(ReleaseWindow.of(0.25, 3, often.cohort(), often.privacy()))
        .isEqualTo(new ReleaseWindow(3, 32));
    assertThat(ReleaseWindow.of(0.25, 20, often.cohort(), often.privacy()))
        .isEqualTo(new ReleaseWindow(5, 128));
    assertThat(ReleaseWindow.of(0.25, 20, often.cohort(), PrivacySettings.NONE))
        .isEqualTo(new ReleaseWindow(20, 32));
    assertThat(ReleaseWindow.of(0.005, 1, often.cohort(), PrivacySettings.NONE).devicesMinimumMax())
        .as("a rule asks for one at the least")
        .isEqualTo(1);
  }

  @Test
  void settings_out_of_range_are_refused_by_name() {
    ReleaseBound release = new ReleaseBound(0, 1, 1);
    List<Segment> many = new ArrayList<>();
    for (int i = 1; i <= 17; i++) {
      many.add(new Segment("s" + i, i));
    }
    assertFault(
        () -> new EvaluationSettings(0, metrics(0)),
        "evaluation.validation-share is 0.0, must be above 0 with evaluation.metrics");
    assertFault(() -> settings(0.6, List.of(), 10), "evaluation.metrics.held-back-share is 0.6");
    assertFault(() -> settings(0, List.of(), 9), "evaluation.metrics.group-minimum is 9");
    assertFault(() -> settings(0, many, 10), "evaluation.metrics.segments is 17, must be 0 to 16");
    assertFault(() -> new Segment("held-back", 1), "evaluation.metrics.segments.name is");
    assertFault(() -> new Segment("Über", 1), "evaluation.metrics.segments.name is");
    assertFault(() -> new Segment("a", 0), "evaluation.metrics.segments.examples-minimum is 0");
    assertFault(
        () -> settings(0, List.of(new Segment("a", 5), new Segment("b", 5)), 10),
        "evaluation.metrics.segments.examples-minimum is 5, must be above the 5");
    assertFault(
        () -> settings(0, List.of(new Segment("a", 5), new Segment("a", 6)), 10),
        "evaluation.metrics.segments.name is \"a\", must be different for each");
    assertFault(
        () -> new ReleaseBound(-0.1, 1, 1), "evaluation.metrics.release.worse-by-max is -0.1");
    assertFault(() -> new ReleaseBound(0, 0, 1), "evaluation.metrics.release.devices-minimum is 0");
    assertFault(() -> new ReleaseBound(0, 1, 0), "evaluation.metrics.release.versions is 0");
    assertThatThrownBy(() -> new MetricReport(0, 1.5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be 0 to 1")
        .hasMessageNotContaining("1.5");
    assertThat(release.worseByMax()).isZero();
  }

  private static MetricSettings settings(double heldBack, List<Segment> segments, int minimum) {
    return new MetricSettings(
        heldBack, segments, minimum, 0, Budget.UNLIMITED, new ReleaseBound(0, 1, 1));
  }

  private static void assertFault(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable making, String start) {
    assertThatThrownBy(making)
        .isInstanceOf(InvalidPlanException.class)
        .hasMessageStartingWith(start);
  }

  private static void add(int[] sum, EncodedUpdate update) {
    add(sum, update.takeLanes());
  }

  private static void add(int[] sum, int[] lanes) {
    for (int i = 0; i < lanes.length; i++) {
      sum[i] += lanes[i];
    }
  }
}
