package io.tacit.coordinator.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.metrics.Measured;
import io.tacit.coordinator.metrics.MetricLedger;
import io.tacit.coordinator.metrics.MetricSums;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.plans.TestPlans;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.GroupMetrics;
import io.tacit.protocol.plan.Release;
import io.tacit.testing.Seeds;
import io.tacit.testing.SettableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Versions compared by the bound of their plan, by what its devices measured in rounds. */
class ReleaseBoundTest {

  private static final PlanId SMALL = new PlanId("small");
  private static final TaskKeyPair OWNER = TaskKeyPair.generate(new SecureRandom());
  private static final int GROUP_MINIMUM = 10;
  private static final int RELEASED = 2;
  private static final int VERSIONS = 6;

  private static final String WITH_METRICS =
      TestPlans.TABULAR
          + """
          cohort: {size: 1000, minimum: 500}
          evaluation:
            validation-share: 0.2
            metrics: {release: {worse-by-max: 0.05, devices-minimum: 100, versions: 3}}
          """;

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.create();
  private final Database database = Database.inMemory();
  private PlanRegistry plans;
  private MetricLedger metrics;
  private ReleaseGuard guard;

  /** With six versions of the model of a plan, of which the second is released. */
  @BeforeEach
  void open() {
    ArtifactStore artifacts = new ArtifactStore(directory);
    ModelRegistry models = new ModelRegistry(database, artifacts, clock);
    plans = new PlanRegistry(database, artifacts, models, clock);
    plans.apply(PlanFile.parse(WITH_METRICS, TestPlans.NO_CATALOGUES));
    for (int version = 1; version <= VERSIONS; version++) {
      ModelVersion model =
          new ModelVersion(
              SMALL,
              version,
              version,
              file(version),
              version - 1,
              null,
              2,
              3,
              0.5,
              clock.instant());
      database.doInTransaction(transaction -> models.append(transaction, model));
    }
    ReleaseRegistry releases = new ReleaseRegistry(database, models, clock);
    metrics = new MetricLedger(database, models);
    guard =
        new ReleaseGuard(
            database,
            models,
            releases,
            metrics,
            new GuardRules(plans, GuardSettings.DEFAULTS),
            clock);
    releases.release(Release.sign(SMALL, 1, RELEASED, file(RELEASED), OWNER));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static ContentHash file(int version) {
    return ContentHash.of(new byte[] {(byte) version});
  }

  /** What the round that started from a version says of the devices that were held back. */
  private void round(int version, double devices, double first, double noiseVariance) {
    List<GroupMetrics> groups =
        List.of(new GroupMetrics("held-back", devices, first, first / 2, noiseVariance));
    database.doInTransaction(
        transaction ->
            metrics.addRound(transaction, SMALL, version, version + 1L, GROUP_MINIMUM, groups));
  }

  /** The released version and the two before it, each by 1000 devices with a mean of .6. */
  private void releasedIsMeasured(double noiseVariance) {
    for (int version = RELEASED - 2; version <= RELEASED; version++) {
      round(version, 1000, 600, noiseVariance);
    }
  }

  private Candidate candidate(int version) {
    return guard.candidate(SMALL, version).orElseThrow();
  }

  private String detail(int version) {
    return Objects.requireNonNull(candidate(version).objection()).detail();
  }

  private Candidate.Reason reason(int version) {
    return Objects.requireNonNull(candidate(version).objection()).reason();
  }

  @Test
  void takes_as_many_versions_together_as_the_plan_says_and_counts_the_noise_in_the_error() {
    for (int version = 0; version <= RELEASED; version++) {
      round(version, 100, 60, 4);
    }
    for (int version = 3; version <= 5; version++) {
      round(version, 100, 57, 4);
    }

    Candidate candidate = candidate(5);

    assertThat(candidate.findings())
        .as("reports of a hundred devices at the least, as each may have come three times")
        .isEqualTo(new Findings(new MetricSums(300, 171, 171, 12), 100));
    assertThat(candidate.released())
        .isEqualTo(new Findings(new MetricSums(300, 180, 180, 12), 100));
    assertThat(candidate.difference().orElseThrow()).isCloseTo(-0.03, within(1e-12));
    // m' (1 - m') / 100 + 12 (1 + m²) / 300² for .57 and .6, with m' = (100 m + 1) / 102.
    double error =
        Math.sqrt(
            58.0 * 44 / (102 * 102) / 100
                + 12 * 1.3249 / 90_000
                + 61.0 * 41 / (102 * 102) / 100
                + 12 * 1.36 / 90_000);
    assertThat(candidate.standardError().orElseThrow()).isCloseTo(error, within(1e-12));
    assertThat(error).isCloseTo(0.0722, within(1e-4));
  }

  @Test
  void a_version_is_proposed_within_the_bound_of_its_plan_and_not_beyond() {
    releasedIsMeasured(0);
    for (int version = 3; version <= 5; version++) {
      round(version, 1000, 590, 0);
    }
    round(6, 1000, 300, 0);

    // Worse by .01, give or take .022: the usual bound of .01 would stop it, that of .05 does not.
    assertThat(candidate(5).objection()).isNull();
    assertThat(guard.propose(SMALL, 5)).isInstanceOf(ProposalOutcome.Proposed.class);
    assertThat(reason(6)).isEqualTo(Candidate.Reason.WORSE);
    assertThat(guard.propose(SMALL, 6)).isInstanceOf(ProposalOutcome.Refused.class);
    assertThat(guard.isProposed(SMALL, 6)).isFalse();
  }

  @Test
  void noise_makes_uncertain_what_would_be_certain_without_it() {
    releasedIsMeasured(0);
    for (int version = 3; version <= 5; version++) {
      round(version, 1000, 590, 1000);
    }

    assertThat(reason(5)).isEqualTo(Candidate.Reason.UNCERTAIN);
  }

  @Test
  void a_newer_version_does_not_borrow_from_the_released_one() {
    releasedIsMeasured(0);
    round(3, 99, 10, 0);

    assertThat(reason(3)).isEqualTo(Candidate.Reason.TOO_FEW_DEVICES);
    assertThat(detail(3))
        .isEqualTo(
            "99 held-back devices have measured it and 1000 the released version, must be at least"
                + " 100 each; its round is over: wait for a newer version's turn, hold more devices"
                + " back (evaluation.metrics.held-back-share), take larger cohorts (cohort.size),"
                + " or, where participations are capped, raise"
                + " evaluation.metrics.release.versions");
  }

  @Test
  void three_times_the_same_hundred_devices_are_a_hundred() {
    releasedIsMeasured(0);
    for (int version = 3; version <= 5; version++) {
      round(version, 99, 60, 0);
    }

    assertThat(reason(5)).as("297 reports").isEqualTo(Candidate.Reason.TOO_FEW_DEVICES);

    round(6, 103, 60, 0);
    assertThat(Objects.requireNonNull(candidate(6).findings()).devices())
        .as("as many as in one round at the least")
        .isEqualTo(103);
  }

  @Test
  void devices_that_may_come_only_once_are_so_many_as_there_are_reports() {
    plans.apply(
        PlanFile.parse(
            WITH_METRICS
                    .replace("version: 1", "version: 2")
                    .replace("metrics: {", "metrics: {noise-multiplier: 1, ")
                + "privacy: {mechanism: central, noise-multiplier: 1, users: 100000,"
                + " participations-max: 1}\n",
            TestPlans.NO_CATALOGUES));
    for (int version = 3; version <= 5; version++) {
      round(version, 99, 60, 1);
    }

    assertThat(candidate(5).findings())
        .isEqualTo(new Findings(new MetricSums(297, 180, 180, 3), 297));
  }

  @Test
  void nobody_is_told_to_wait_for_what_can_not_come() {
    releasedIsMeasured(0);
    for (int version = 3; version < VERSIONS; version++) {
      round(version, 100, 60, 0);
    }

    assertThat(reason(5)).isEqualTo(Candidate.Reason.UNCERTAIN);
    assertThat(detail(5))
        .contains("its round is over: wait for a newer version's turn, hold more devices back")
        .doesNotContain("more devices measure it");
    assertThat(detail(VERSIONS))
        .as("its round is to come")
        .endsWith("the round that starts from it measures it: wait until that is over");
  }

  @Test
  void a_released_version_that_too_few_measured_is_told_apart() {
    round(RELEASED, 99, 60, 0);
    round(3, 1000, 600, 0);

    assertThat(detail(3))
        .endsWith(
            "the rounds that measured the released version are over: release a version by hand,"
                + " lower evaluation.metrics.release.devices-minimum, or raise"
                + " evaluation.metrics.release.versions");
  }

  @Test
  void a_released_version_whose_own_round_gave_nothing_is_taken_by_those_before_it() {
    round(RELEASED - 2, 800, 480, 0);
    round(RELEASED - 1, 1000, 600, 0);
    round(RELEASED, 9, 9, 0);
    round(3, 1000, 620, 0);

    assertThat(candidate(3).released())
        .isEqualTo(new Findings(new MetricSums(1800, 1080, 1080, 0), 1000));
    assertThat(candidate(3).objection()).isNull();
  }

  @Test
  void a_plan_that_holds_nobody_back_says_so() {
    plans.apply(
        PlanFile.parse(
            WITH_METRICS
                .replace("version: 1", "version: 2")
                .replace("metrics: {", "metrics: {held-back-share: 0, "),
            TestPlans.NO_CATALOGUES));

    assertThat(reason(3)).isEqualTo(Candidate.Reason.TOO_FEW_DEVICES);
    assertThat(detail(3))
        .isEqualTo(
            "the plan holds nobody back to measure versions, as its"
                + " evaluation.metrics.held-back-share is 0; raise it, or release by hand");
  }

  @Test
  void a_version_that_nobody_measured_is_not_proposed_for_those_before_it() {
    releasedIsMeasured(0);
    round(3, 1000, 900, 0);

    assertThat(candidate(3).objection()).isNull();
    assertThat(candidate(4).findings()).isNull();
    assertThat(reason(4)).isEqualTo(Candidate.Reason.TOO_FEW_DEVICES);
  }

  @Test
  void exact_sums_of_operators_do_not_count_where_devices_report() {
    releasedIsMeasured(1);
    metrics.add(SMALL, 3, "held-back", MetricSums.exact(10_000, 10_000, 10_000));

    assertThat(guard.countsReports(SMALL)).isFalse();
    assertThat(reason(3)).isEqualTo(Candidate.Reason.TOO_FEW_DEVICES);
  }

  @Test
  void a_later_version_of_the_plan_without_metrics_goes_by_the_usual_bound_and_reports() {
    releasedIsMeasured(0);
    round(3, 1000, 600, 0);
    plans.apply(
        PlanFile.parse(
            TestPlans.TABULAR.replace("version: 1", "version: 2"), TestPlans.NO_CATALOGUES));

    assertThat(guard.countsReports(SMALL)).isTrue();
    assertThat(reason(3)).as("rounds do not count").isEqualTo(Candidate.Reason.TOO_FEW_DEVICES);
    metrics.add(SMALL, RELEASED, "held-back", MetricSums.exact(10_000, 6_000, 6_000));
    metrics.add(SMALL, 3, "held-back", MetricSums.exact(10_000, 6_300, 6_300));
    assertThat(candidate(3).objection()).isNull();
  }

  @Test
  void a_suppressed_version_is_left_out_of_what_is_taken_together() {
    releasedIsMeasured(0);
    round(3, 9.9, 9, 0);
    round(4, -3, 9, 0);
    round(5, 500, 300, 0);

    assertThat(candidate(5).findings())
        .isEqualTo(new Findings(new MetricSums(500, 300, 300, 0), 500));
    assertThat(candidate(3).findings()).isNull();
  }

  static LongStream seeds() {
    return Seeds.upTo(50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void no_noise_however_wild_upsets_the_comparison(long seed) {
    Random random = new Random(seed);
    for (int version = 0; version < VERSIONS; version++) {
      double[] figures = {
        random.nextGaussian() * 100,
        random.nextGaussian() * 100,
        Math.abs(random.nextGaussian()) * 1e6
      };
      if (random.nextInt(10) == 0) {
        figures[random.nextInt(2)] = random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY;
      }
      round(version, figures[0], figures[1], figures[2]);
    }

    for (Candidate candidate : guard.candidates(SMALL, VERSIONS)) {
      assertThat(candidate.difference().orElse(0.0)).isFinite();
      assertThat(candidate.standardError().orElse(1.0)).isFinite().isPositive();
    }
    for (Measured measured : metrics.list(SMALL, 0, VERSIONS)) {
      MetricSums first = measured.first();
      if (first != null) {
        assertThat(first.devices()).isGreaterThanOrEqualTo(GROUP_MINIMUM);
      }
      assertThat(measured.second() == null).isEqualTo(measured.isSuppressed());
    }
  }
}
