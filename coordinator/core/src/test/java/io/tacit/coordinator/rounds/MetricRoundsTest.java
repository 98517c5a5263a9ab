package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.coordinator.metrics.Measured;
import io.tacit.coordinator.metrics.MetricLedger;
import io.tacit.coordinator.metrics.MetricSums;
import io.tacit.coordinator.privacy.PrivacyStanding;
import io.tacit.coordinator.sessions.SessionState;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.MetricReport;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.RandomBits;
import io.tacit.protocol.privacy.RdpAccountant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What devices measure in rounds: what is kept of it, what is charged, and who may see it. */
class MetricRoundsTest {

  private static final PlanId PLAN = new PlanId("measured");
  private static final int SHARD = 10;
  private static final int COHORT = 3 * SHARD;

  private static final Duration STAGE = Duration.ofSeconds(20);

  private static final List<Stage> STAGES =
      List.of(Stage.SHARE_KEYS, Stage.INPUT, Stage.CONSISTENCY, Stage.UNMASK);

  private static final String DISTRIBUTED =
      "privacy: {mechanism: distributed, noise-multiplier: 1, users: 1000, participations-max: 5}";

  /** How far honest noise may be from its mean, in standard deviations. */
  private static final double SIGMAS = 6;

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

  /** A plan of shards of 10 with three groups: held back, few examples, many. */
  private static TrainingPlan plan(int version, String privacy, String metrics) {
    return TestCoordinator.parse(
        """
        id: measured
        version: %d
        population: test
        model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
        features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
        cohort: {size: %d, minimum: 7, over-selection: 2}
        deadlines: {train: 60s, advertise: 10s, share-keys: 20s, input: 20s, consistency: 20s, unmask: 20s}
        server-optimiser: {kind: mean}
        aggregation: {shards: {size: 10, minimum: 10, suite: classic}}
        rounds: 100
        %s
        evaluation:
          validation-share: 0.2
          metrics: {held-back-share: 0.4, segments: [{name: few, examples-minimum: 1}, {name: many, examples-minimum: 20}]%s}
        """
            .formatted(version, COHORT, privacy, metrics));
  }

  private static TrainingPlan exact() {
    return plan(1, "", "");
  }

  /** With little noise in metrics, so that groups of ten devices can be told. */
  private static TrainingPlan noisy(String mechanism) {
    return plan(1, DISTRIBUTED.replace("distributed", mechanism), ", noise-multiplier: 0.1");
  }

  /** Twelve are held back, six have few examples, twelve many: what each of them measured. */
  private static MetricReport report(int number) {
    if (number < 12) {
      return new MetricReport(0, number % 2, number % 2 / 2.0);
    }
    return number < 18 ? new MetricReport(1, 1, 1) : new MetricReport(2, 0.25, 0.75);
  }

  /** The update of a device is zero; those that are held back trained on nothing. */
  private static byte[] update(TrainingPlan plan, int number, @Nullable MetricReport report) {
    return update(plan, report, 4711 + number);
  }

  private static byte[] update(TrainingPlan plan, @Nullable MetricReport report, long seed) {
    return plan.updateFormat()
        .encode(
            new float[plan.parameters()],
            report != null && report.group() == 0 ? 0 : 5,
            0.5,
            report,
            RandomBits.seeded(seed))
        .toBytes();
  }

  private List<SecureDevice> begin(
      TrainingPlan plan, int first, Stage until, IntFunction<byte[]> updates) {
    List<SecureDevice> devices = SecureRounds.joined(coordinator, first, plan.cohort().size());
    coordinator.tick();
    for (Stage stage : STAGES.subList(0, STAGES.indexOf(until))) {
      stage(stage, devices, updates);
    }
    return devices;
  }

  private void stage(Stage stage, List<SecureDevice> devices, IntFunction<byte[]> updates) {
    SecureRounds.each(
        devices,
        (device, number) ->
            switch (stage) {
              case SHARE_KEYS -> device.share();
              case INPUT -> device.upload(updates.apply(number));
              case CONSISTENCY -> device.sign();
              case UNMASK -> device.reveal();
              default -> throw new AssertionError(stage);
            });
    coordinator.tick();
  }

  private List<SecureDevice> wholeRound(int first, TrainingPlan plan, IntFunction<byte[]> updates) {
    List<SecureDevice> devices = begin(plan, first, Stage.UNMASK, updates);
    stage(Stage.UNMASK, devices, updates);
    coordinator.tick();
    return devices;
  }

  private void wholeRound(int first, TrainingPlan plan) {
    wholeRound(first, plan, number -> update(plan, number, report(number)));
  }

  private List<Measured> measured() {
    return coordinator.coordinator.metrics().list(PLAN, 0, 100);
  }

  private Optional<Measured> measured(int version, String group) {
    return measured().stream()
        .filter(measured -> measured.version() == version && measured.group().equals(group))
        .findFirst();
  }

  private MetricSums first(int version, String group) {
    return Objects.requireNonNull(measured(version, group).orElseThrow().first());
  }

  private MetricSums second(int version, String group) {
    return Objects.requireNonNull(measured(version, group).orElseThrow().second());
  }

  private PrivacyStanding standing(TrainingPlan plan) {
    return coordinator.coordinator.privacy().standing(plan).orElseThrow();
  }

  private RoundState state(long round) {
    return coordinator
        .coordinator
        .roundStore()
        .find(new RoundId(PLAN, round))
        .orElseThrow()
        .state();
  }

  /** Sessions that were charged, by mechanism. */
  private int charges(String mechanism) {
    return coordinator.database.inTransaction(
        transaction ->
            transaction
                .list(
                    row -> row.text("session"),
                    "select session from privacy_charge where mechanism = ?",
                    mechanism)
                .size());
  }

  // ---- what is kept ----

  @Test
  void sums_are_kept_for_the_version_that_the_round_started_from_once() {
    TrainingPlan plan = coordinator.apply(exact());

    wholeRound(0, plan);

    assertThat(measured()).extracting(Measured::version).containsOnly(0);
    assertThat(measured()).extracting(Measured::round).containsOnly(1L);
    assertThat(measured()).extracting(Measured::group).containsExactly("few", "held-back", "many");
    assertThat(first(0, "held-back")).isEqualTo(new MetricSums(12, 6, 6, 0));
    assertThat(second(0, "held-back")).isEqualTo(new MetricSums(12, 3, 3, 0));
    assertThat(first(0, "many").mean()).isEqualTo(0.25);
    assertThat(second(0, "many").mean()).isEqualTo(0.75);
    List<Measured> before = measured();

    wholeRound(100, plan);

    assertThat(measured()).hasSize(6).endsWith(before.toArray(new Measured[0]));
    assertThat(measured(1, "held-back").orElseThrow().round()).isEqualTo(2);
    assertThat(coordinator.latest(PLAN).version()).isEqualTo(2);
  }

  @Test
  void a_group_is_shown_when_it_is_large_enough_and_never_in_part() {
    TrainingPlan plan = coordinator.apply(exact());

    wholeRound(0, plan);
    wholeRound(
        100,
        plan,
        number -> update(plan, number, new MetricReport(number < SHARD ? 1 : 2, 0.5, 0.5)));

    assertThat(measured(0, "few").orElseThrow().isSuppressed()).as("of six devices").isTrue();
    assertThat(measured(0, "few").orElseThrow().second()).isNull();
    assertThat(measured(1, "few").orElseThrow().isSuppressed()).as("of ten devices").isFalse();
    assertThat(measured(1, "held-back").orElseThrow().isSuppressed()).as("of none").isTrue();
    assertThat(
            coordinator.coordinator.metrics().shown(PLAN, "few", 0, 1, MetricLedger.Source.ROUNDS))
        .as("what is suppressed is in no sum")
        .extracting(Measured::first)
        .containsExactly(new MetricSums(10, 5, 5, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"distributed", "central"})
  void under_noise_figures_say_how_far_off_they_are_and_small_groups_stay_hidden(String mechanism) {
    TrainingPlan plan = coordinator.apply(noisy(mechanism));
    NoisePlan noise = plan.metricNoise().orElseThrow();
    double additions = noise.isCentral() ? 1 : COHORT;

    wholeRound(0, plan);

    MetricSums first = first(0, "held-back");
    MetricSums second = second(0, "held-back");
    double sigma = Math.sqrt(first.noiseVariance());
    assertThat(first.noiseVariance())
        .isCloseTo(additions * noise.variance() / Math.pow(noise.scale(), 2), within(1e-9));
    assertThat(sigma / noise.sensitivity())
        .as("never below the plan's, but for rounding")
        .isGreaterThanOrEqualTo(noise.noiseMultiplier() * (1 - 1e-12));
    assertThat(first.devices()).isCloseTo(12, within(SIGMAS * sigma));
    assertThat(first.total()).isCloseTo(6, within(SIGMAS * sigma));
    assertThat(second.total()).isCloseTo(3, within(SIGMAS * sigma));
    assertThat(measured(0, "few").orElseThrow().isSuppressed()).as("of about six").isTrue();
    assertThat(measured(0, "few").orElseThrow().noiseVariance())
        .as("of a group that is suppressed")
        .isEqualTo(first.noiseVariance());
  }

  /** Of which the first three have devices; the others are noise alone. */
  private static TrainingPlan ofManyGroups(String mechanism) {
    List<MetricSettings.Segment> segments =
        IntStream.rangeClosed(1, 16)
            .mapToObj(i -> new MetricSettings.Segment("segment-%02d".formatted(i), i))
            .toList();
    return noisy(mechanism)
        .withEvaluation(
            new EvaluationSettings(
                0.2,
                new MetricSettings(
                    0.4,
                    segments,
                    10,
                    0.1,
                    PrivacySettings.Budget.UNLIMITED,
                    new MetricSettings.ReleaseBound(0.01, 12, 1))));
  }

  /** The spread of 408 figures is off by a third once in a million times; twice the noise is 2. */
  @ParameterizedTest
  @ValueSource(strings = {"distributed", "central"})
  void under_noise_figures_are_as_far_off_as_they_say_and_no_nearer(String mechanism) {
    TrainingPlan plan = coordinator.apply(ofManyGroups(mechanism));
    int rounds = 8;
    for (int round = 0; round < rounds; round++) {
      int seed = 10_000 * round;
      wholeRound(100 * round, plan, number -> update(plan, report(number), seed + number));
    }

    KeptNoise noise = KeptNoise.in(coordinator.database, MetricRoundsTest::truth);

    assertThat(noise.figures()).isEqualTo(3 * 17 * rounds);
    assertThat(noise.spread()).as("over what is claimed").isBetween(0.65, 1.4);
  }

  /** Devices and their two sums, by {@link #report}. */
  private static List<Double> truth(String group) {
    return switch (group) {
      case "held-back" -> List.of(12.0, 6.0, 3.0);
      case "segment-01" -> List.of(6.0, 6.0, 6.0);
      case "segment-02" -> List.of(12.0, 3.0, 9.0);
      default -> List.of(0.0, 0.0, 0.0);
    };
  }

  @Test
  void a_round_of_a_plan_without_metrics_keeps_none() {
    TrainingPlan plan =
        coordinator.apply(
            SecureRounds.plan("measured", io.tacit.protocol.Suite.CLASSIC, SHARD, SHARD, 7, 9));

    wholeRound(0, plan, number -> update(plan, number, null));

    assertThat(coordinator.latest(PLAN).version()).isEqualTo(1);
    assertThat(measured()).isEmpty();
    assertThat(charges("UPDATES")).isEqualTo(1);
    assertThat(charges("METRICS")).isZero();
  }

  @Test
  void a_liar_in_the_metrics_has_its_shard_quarantined() {
    TrainingPlan plan = coordinator.apply(exact());
    byte[] boast = update(plan, 29, report(29));
    boast[boast.length - 5] = 0x40; // The first metric of the last group, near 2^30.

    List<SecureDevice> devices =
        wholeRound(0, plan, number -> number == 29 ? boast : update(plan, number, report(number)));

    assertThat(state(1)).isInstanceOf(RoundState.Completed.class);
    assertThat(coordinator.coordinator.sessionStore().of(new RoundId(PLAN, 1)))
        .filteredOn(session -> session.state() instanceof SessionState.Aborted)
        .singleElement()
        .satisfies(
            session -> {
              assertThat(session.id()).isEqualTo(devices.get(29).session());
              assertThat(((SessionState.Aborted) session.state()).reason())
                  .isEqualTo(
                      "quarantined, it can not come from honest devices: its metrics are not what"
                          + " 10 devices can measure");
            });
    long others =
        devices.subList(0, 12).stream()
            .filter(device -> !device.session().equals(devices.get(29).session()))
            .count();
    assertThat(keptDevices("held-back")).isEqualTo(others);
    assertThat(charges("METRICS")).as("it was charged all the same").isEqualTo(3);
  }

  /** As it is stored: not for anybody to see. */
  private double keptDevices(String group) {
    return coordinator.database.inTransaction(
        transaction ->
            transaction
                .first(
                    row -> row.number("devices"),
                    "select devices from group_metric where device_group = ?",
                    group)
                .orElseThrow());
  }

  // ---- what is charged ----

  @Test
  void an_abandoned_round_keeps_nothing_and_both_charges_stay() {
    TrainingPlan plan = coordinator.apply(noisy("distributed"));

    begin(plan, 0, Stage.UNMASK, number -> update(plan, number, report(number)));
    coordinator.pass(STAGE);

    assertThat(state(1)).isInstanceOf(RoundState.Abandoned.class);
    assertThat(measured()).isEmpty();
    assertThat(charges("UPDATES")).isEqualTo(3);
    assertThat(charges("METRICS")).isEqualTo(3);
    assertThat(standing(plan).metrics().orElseThrow().soFar().models().epsilon()).isPositive();
    assertThat(coordinator.restarted().coordinator.privacy().standing(plan))
        .contains(standing(plan));
  }

  @Test
  void metrics_are_charged_when_updates_are_and_not_before() {
    TrainingPlan plan = coordinator.apply(noisy("distributed"));
    IntFunction<byte[]> updates = number -> update(plan, number, report(number));
    List<SecureDevice> devices = begin(plan, 0, Stage.CONSISTENCY, updates);
    assertThat(charges("METRICS")).isZero();

    stage(Stage.CONSISTENCY, devices, updates);

    assertThat(charges("METRICS")).isEqualTo(3).isEqualTo(charges("UPDATES"));
  }

  @Test
  void what_both_tell_together_is_what_two_sums_of_one_round_cost() {
    TrainingPlan plan = coordinator.apply(noisy("distributed"));
    double updates = plan.noise().orElseThrow().noiseMultiplier();
    double metrics = plan.metricNoise().orElseThrow().noiseMultiplier();

    wholeRound(0, plan);
    wholeRound(100, plan);

    PrivacyStanding standing = standing(plan);
    double both =
        RdpAccountant.EMPTY.plus(updates, 1, 2).plus(metrics, 1, 2).bound(1e-4, 1000).epsilon();
    assertThat(standing.together().soFar().models().epsilon()).isCloseTo(both, within(1e-9));
    assertThat(standing.together().soFar().models().epsilon())
        .isGreaterThan(standing.updates().soFar().models().epsilon())
        .isGreaterThan(standing.metrics().orElseThrow().soFar().models().epsilon());
    assertThat(standing.together().soFar().coordinator().epsilon())
        .isGreaterThan(standing.together().soFar().models().epsilon())
        .isFinite();
    assertThat(standing.metrics().orElseThrow().atCap().models().epsilon())
        .isCloseTo(plan.metricCost().orElseThrow().models().epsilon(), within(1e-9));
    assertThat(standing.assumptions())
        .anyMatch(line -> line.startsWith("By what it measured, one device changes"));
  }

  @Test
  void a_trusted_coordinator_is_told_to_see_metrics_exactly() {
    TrainingPlan plan = coordinator.apply(noisy("central"));

    wholeRound(0, plan);

    PrivacyStanding.Spending metrics = standing(plan).metrics().orElseThrow();
    assertThat(metrics.soFar().models().epsilon()).isFinite();
    assertThat(metrics.soFar().coordinator().epsilon()).isInfinite();
  }

  @Test
  void no_round_is_opened_over_the_budget_of_metrics_until_a_new_version_raises_it() {
    String noise = ", noise-multiplier: 2";
    double ofOne =
        RdpAccountant.EMPTY
            .plus(plan(1, DISTRIBUTED, noise).metricNoise().orElseThrow().noiseMultiplier(), 1, 1)
            .bound(1e-4, 1000)
            .epsilon();
    TrainingPlan plan =
        coordinator.apply(plan(1, DISTRIBUTED, noise + ", epsilon-models-max: " + (ofOne + 0.01)));
    wholeRound(0, plan);
    coordinator.tick();

    assertThat(coordinator.coordinator.roundStore().list(PLAN, 0, 10)).hasSize(1);
    assertThat(standing(plan).stop().orElseThrow())
        .startsWith(
            "privacy budget of metrics: after one more round, epsilon against whoever sees the"
                + " models could be ")
        .contains("evaluation.metrics.epsilon-models-max is " + (ofOne + 0.01));

    TrainingPlan raised = coordinator.apply(plan(2, DISTRIBUTED, noise));

    assertThat(state(2)).isInstanceOf(RoundState.Open.class);
    assertThat(standing(raised).stop()).isEmpty();
  }

  @Test
  void rounds_end_at_the_budget_of_metrics_against_the_coordinator_too() {
    TrainingPlan plan =
        coordinator.apply(
            plan(1, DISTRIBUTED, ", noise-multiplier: 2, epsilon-coordinator-max: 0.5"));

    assertThat(coordinator.coordinator.roundStore().list(PLAN, 0, 10)).isEmpty();
    assertThat(standing(plan).stop().orElseThrow())
        .startsWith("privacy budget of metrics: after one more round, epsilon against the")
        .contains("evaluation.metrics.epsilon-coordinator-max is 0.5");
  }

  @Test
  void lost_rounds_have_told_metrics_too() {
    TrainingPlan plan = coordinator.apply(noisy("distributed"));

    coordinator.coordinator.privacy().noteLost(plan, 2, 6, coordinator.clock.instant());

    PrivacyStanding standing = standing(plan);
    assertThat(standing.rounds()).isEqualTo(5);
    assertThat(standing.metrics().orElseThrow().soFar())
        .isEqualTo(standing.metrics().get().atCap());
    assertThat(standing.together().soFar()).isEqualTo(standing.together().atCap());
  }

  @Test
  void a_version_without_metrics_forgets_nothing_of_those_before() {
    TrainingPlan plan = coordinator.apply(noisy("distributed"));
    wholeRound(0, plan);
    PrivacyStanding before = standing(plan);

    TrainingPlan silent =
        coordinator.apply(
            TestCoordinator.parse(
                io.tacit.coordinator.plans.PlanFile.toYaml(plan)
                    .replaceFirst("version: 1\n", "version: 2\n")
                    .replaceFirst("(?s)evaluation:.*", "")));

    assertThat(silent.evaluation().metrics()).isNull();
    PrivacyStanding.Spending metrics = standing(silent).metrics().orElseThrow();
    assertThat(metrics.soFar()).isEqualTo(before.metrics().orElseThrow().soFar());
    assertThat(metrics.atCap().models().epsilon()).isZero();
    assertThat(standing(silent).together().soFar()).isEqualTo(before.together().soFar());
    assertThat(measured()).as("what was measured stays").hasSize(3);
  }
}
