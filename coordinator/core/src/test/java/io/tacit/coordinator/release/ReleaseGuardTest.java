package io.tacit.coordinator.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import io.tacit.testing.Seeds;
import io.tacit.testing.SettableClock;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.assertj.core.data.Offset;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ReleaseGuardTest {

  private static final PlanId SMALL = new PlanId("small");
  private static final TaskKeyPair OWNER = TaskKeyPair.generate(new SecureRandom());
  private static final GuardSettings SETTINGS = new GuardSettings(0.02, 100);

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.create();
  private final JdbcConnectionPool source =
      JdbcConnectionPool.create(
          "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE", "sa", "");
  private final Database database = new Database(source);
  private ModelRegistry models;
  private PlanRegistry plans;
  private ReleaseRegistry releases;
  private MetricLedger metrics;
  private ReleaseGuard guard;

  /** With three versions of the model of a plan, of which the first is released. */
  @BeforeEach
  void open() {
    database.migrate();
    ArtifactStore artifacts = new ArtifactStore(directory);
    models = new ModelRegistry(database, artifacts, clock);
    plans = new PlanRegistry(database, artifacts, models, clock);
    plans.apply(PlanFile.parse(TestPlans.TABULAR, TestPlans.NO_CATALOGUES));
    for (int version = 1; version <= 3; version++) {
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
    releases = new ReleaseRegistry(database, models, clock);
    metrics = new MetricLedger(database, models);
    guard = guard(metrics);
    release(1, 1);
  }

  @AfterEach
  void close() {
    source.dispose();
  }

  private ReleaseGuard guard(MetricLedger ledger) {
    return new ReleaseGuard(
        database, models, releases, ledger, new GuardRules(plans, SETTINGS), clock);
  }

  private static ContentHash file(int version) {
    return ContentHash.of(new byte[] {(byte) version});
  }

  private void release(int number, int version) {
    release(number, version, ReleaseShare.ALL);
  }

  private void release(int number, int version, ReleaseShare share) {
    assertThat(releases.release(Release.sign(SMALL, number, version, file(version), share, OWNER)))
        .isInstanceOf(ReleaseOutcome.Released.class);
  }

  /** So many devices, of which a share has a hit and the others have none. */
  private void measured(int version, long devices, double share) {
    double hits = Math.rint(devices * share);
    metrics.add(SMALL, version, ReleaseGuard.HELD_BACK, MetricSums.exact(devices, hits, hits));
  }

  private Candidate.Reason refusal(int version) {
    assertThat(guard.propose(SMALL, version)).isInstanceOf(ProposalOutcome.Refused.class);
    assertThat(guard.isProposed(SMALL, version)).isFalse();
    return objection(version).reason();
  }

  private Candidate.Objection objection(int version) {
    return Objects.requireNonNull(guard.candidate(SMALL, version).orElseThrow().objection());
  }

  @Test
  void a_version_that_is_as_good_is_proposed_and_put_in_no_force() {
    measured(1, 10_000, 0.60);
    measured(2, 10_000, 0.60);

    ProposalOutcome outcome = guard.propose(SMALL, 2);

    assertThat(outcome).isInstanceOf(ProposalOutcome.Proposed.class);
    Candidate candidate = ((ProposalOutcome.Proposed) outcome).candidate();
    assertThat(candidate.difference().orElseThrow()).isZero();
    // Two binomial means of .6 over 10 000 each.
    assertThat(candidate.standardError().orElseThrow()).isBetween(0.00692, 0.00694);
    assertThat(guard.isProposed(SMALL, 2)).isTrue();
    assertThat(guard.isProposed(SMALL, 3)).isFalse();
    assertThat(releases.forAll(SMALL).orElseThrow().release().modelVersion()).isEqualTo(1);
    assertThat(guard.propose(SMALL, 2)).as("again").isEqualTo(outcome);
  }

  @Test
  void a_version_that_is_worse_than_the_bound_is_not_proposed_and_the_figures_say_why() {
    measured(1, 10_000, 0.60);
    measured(2, 10_000, 0.57);

    assertThat(refusal(2)).isEqualTo(Candidate.Reason.WORSE);
    assertThat(objection(2).detail())
        .isEqualTo(
            "its mean is -0.0300 against the released version, standard error 0.0070, may be at"
                + " most 0.02 below 0; train on");
  }

  @Test
  void a_version_that_may_be_worse_waits_for_more_devices() {
    measured(1, 400, 0.60);
    measured(2, 400, 0.60);
    assertThat(refusal(2))
        .as("400 devices tell .06 apart, not .02")
        .isEqualTo(Candidate.Reason.UNCERTAIN);

    measured(1, 9_600, 0.60);
    measured(2, 9_600, 0.60);
    assertThat(guard.propose(SMALL, 2)).isInstanceOf(ProposalOutcome.Proposed.class);
  }

  @Test
  void too_few_devices_tell_nothing_on_either_side() {
    assertThat(refusal(2)).isEqualTo(Candidate.Reason.TOO_FEW_DEVICES);
    measured(2, 10_000, 0.99);
    assertThat(refusal(2)).isEqualTo(Candidate.Reason.TOO_FEW_DEVICES);
    measured(1, 99, 0.1);
    assertThat(refusal(2)).isEqualTo(Candidate.Reason.TOO_FEW_DEVICES);
    measured(1, 1, 0);
    assertThat(guard.propose(SMALL, 2)).isInstanceOf(ProposalOutcome.Proposed.class);
  }

  @Test
  void what_other_groups_measured_does_not_count() {
    metrics.add(SMALL, 1, "trained", MetricSums.exact(10_000, 1, 1));
    metrics.add(SMALL, 2, "trained", MetricSums.exact(10_000, 9_000, 9_000));

    assertThat(refusal(2)).isEqualTo(Candidate.Reason.TOO_FEW_DEVICES);
  }

  @Test
  void nothing_is_proposed_that_is_not_newer_or_is_compared_with_nothing() {
    for (int version = 1; version <= 3; version++) {
      measured(version, 10_000, 0.6);
    }
    assertThat(refusal(1)).isEqualTo(Candidate.Reason.NOT_NEWER);
    assertThat(guard.propose(SMALL, 9)).isEqualTo(new ProposalOutcome.UnknownVersion());
    assertThat(guard.propose(new PlanId("other"), 1))
        .isEqualTo(new ProposalOutcome.UnknownVersion());
  }

  @Test
  void a_proposal_holds_for_the_release_that_it_was_compared_with() {
    measured(1, 10_000, 0.50);
    measured(2, 10_000, 0.50);
    measured(3, 10_000, 0.70);
    assertThat(guard.propose(SMALL, 2)).isInstanceOf(ProposalOutcome.Proposed.class);

    release(2, 3);

    assertThat(guard.isProposed(SMALL, 2)).isFalse();
    assertThat(refusal(2)).isEqualTo(Candidate.Reason.NOT_NEWER);
  }

  /** The metrics are read in between; whoever reads the release again then takes the other one. */
  @Test
  void a_proposal_names_the_release_that_it_was_compared_with_whatever_is_released_meanwhile() {
    measured(1, 10_000, 0.50);
    measured(2, 10_000, 0.90);
    measured(3, 10_000, 0.60);
    AtomicBoolean isReleased = new AtomicBoolean();
    DataSource interrupted =
        (DataSource)
            Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                  if (isReleased.compareAndSet(false, true)) {
                    release(2, 2);
                  }
                  return method.invoke(source, arguments);
                });

    assertThat(guard(new MetricLedger(new Database(interrupted), models)).propose(SMALL, 3))
        .isInstanceOf(ProposalOutcome.Proposed.class);

    assertThat(isReleased).isTrue();
    assertThat(guard.isProposed(SMALL, 3)).as("it is worse than the new one").isFalse();
    assertThat(refusal(3)).isEqualTo(Candidate.Reason.WORSE);
  }

  @Test
  void what_a_share_of_the_devices_has_is_compared_like_the_others_and_with_what_all_have() {
    measured(1, 10_000, 0.60);
    measured(2, 10_000, 0.10);
    measured(3, 10_000, 0.60);
    assertThat(guard.propose(SMALL, 3)).isInstanceOf(ProposalOutcome.Proposed.class);

    release(2, 2, new ReleaseShare(1_000));

    assertThat(refusal(2)).isEqualTo(Candidate.Reason.WORSE);
    assertThat(guard.candidates(SMALL, 10)).extracting(Candidate::version).containsExactly(3, 2);
    assertThat(guard.isProposed(SMALL, 3)).as("not better than the bad one alone").isTrue();

    release(3, 3, new ReleaseShare(5_000));
    assertThat(guard.isProposed(SMALL, 3)).as("until all have it").isTrue();
    release(4, 3);
    assertThat(guard.isProposed(SMALL, 3)).isFalse();
    assertThat(refusal(3)).isEqualTo(Candidate.Reason.NOT_NEWER);
  }

  @Test
  void after_a_bad_model_was_released_all_the_same_the_rollback_is_what_others_are_compared_with() {
    measured(1, 10_000, 0.60);
    measured(2, 10_000, 0.10);
    measured(3, 10_000, 0.20);
    assertThat(refusal(2)).isEqualTo(Candidate.Reason.WORSE);
    release(2, 2);
    assertThat(guard.propose(SMALL, 3))
        .as("better than the bad one")
        .isInstanceOf(ProposalOutcome.Proposed.class);

    release(3, 1);

    assertThat(guard.isProposed(SMALL, 3)).isFalse();
    assertThat(refusal(3)).isEqualTo(Candidate.Reason.WORSE);
    assertThat(guard.candidates(SMALL, 10)).extracting(Candidate::version).containsExactly(3, 2);
    assertThat(guard.candidates(SMALL, 1)).extracting(Candidate::version).containsExactly(3);
  }

  @Test
  void reports_add_up_whatever_comes_at_the_same_time() throws Exception {
    int threads = 8;
    ExecutorService reporters = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        done.add(
            reporters.submit(
                () -> {
                  for (int report = 0; report < 25; report++) {
                    metrics.add(SMALL, 2, "b", MetricSums.exact(2, 1.5, 1.25));
                  }
                }));
      }
      for (Future<?> report : done) {
        report.get();
      }
    } finally {
      reporters.shutdownNow();
    }
    assertThat(metrics.shown(SMALL, "b", 1, 2, MetricLedger.Source.REPORTS))
        .containsExactly(new Measured(2, "b", 0, MetricSums.exact(400, 300, 250), null, 0));
    assertThat(metrics.add(SMALL, 9, "b", MetricSums.exact(1, 1, 1))).isEmpty();
  }

  @Test
  void sums_that_no_values_between_0_and_1_have_are_refused() {
    assertThatThrownBy(() -> MetricSums.exact(0, 0, 0))
        .hasMessage("devices is 0, must be 1 to 1000000000; send the sums of what was measured");
    assertThatThrownBy(() -> MetricSums.exact(10, 11, 10)).hasMessageContaining("total is 11.0");
    assertThatThrownBy(() -> MetricSums.exact(10, Double.NaN, 1))
        .hasMessageContaining("total is NaN");
    assertThatThrownBy(() -> MetricSums.exact(10, 5, 5.1)).hasMessageContaining("squares is 5.1");
    assertThatThrownBy(() -> MetricSums.exact(10, 5, 2.4))
        .hasMessageContaining("squares is 2.4, must be 2.5 to 5.0");
    assertThatThrownBy(() -> metrics.add(SMALL, 1, "Held Back", MetricSums.exact(1, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(metrics.list(SMALL, 0, 9)).isEmpty();
  }

  static LongStream seeds() {
    return Seeds.upTo(20);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void the_error_of_sums_is_that_of_their_values_with_a_0_and_a_1_beside_them(long seed) {
    Random random = new Random(seed);
    double[] values = random.doubles(2 + random.nextInt(50)).toArray();
    double[] beside = DoubleStream.concat(DoubleStream.of(values), DoubleStream.of(0, 1)).toArray();
    double middle = DoubleStream.of(beside).average().orElseThrow();
    double variance =
        DoubleStream.of(beside)
            .map(value -> (value - middle) * (value - middle))
            .average()
            .orElseThrow();

    MetricSums sums =
        MetricSums.exact(
            values.length,
            DoubleStream.of(values).sum(),
            DoubleStream.of(values).map(value -> value * value).sum());

    assertThat(sums.mean())
        .isCloseTo(DoubleStream.of(values).average().orElseThrow(), Offset.offset(1e-12));
    assertThat(sums.errorSquared()).isCloseTo(variance / values.length, Offset.offset(1e-12));
  }
}
