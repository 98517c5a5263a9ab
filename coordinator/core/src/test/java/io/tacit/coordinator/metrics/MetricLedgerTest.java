package io.tacit.coordinator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.metrics.MetricLedger.Source;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.GroupMetrics;
import io.tacit.testing.SettableClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricLedgerTest {

  private static final PlanId PLAN = new PlanId("a");

  @TempDir Path directory;

  private final JdbcDataSource source = new JdbcDataSource();

  MetricLedgerTest() {
    source.setURL(
        "jdbc:h2:mem:"
            + UUID.randomUUID()
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
    source.setUser("sa");
  }

  /** As it was before rounds brought metrics, with versions 0 and 1 of a model. */
  private void before() throws SQLException {
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:db/migration")
        .target("7")
        .load()
        .migrate();
    execute(
        "insert into model_version (plan_id, version, round, hash, parameters, clients, created_at)"
            + " select 'a', v, v, '"
            + "0a".repeat(32)
            + "', 1, 1, timestamp with time zone '2026-11-24 10:00:00+00'"
            + " from (values (0), (1)) as versions (v)");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private MetricLedger ledger() {
    Database database = new Database(source);
    database.migrate();
    return new MetricLedger(
        database,
        new ModelRegistry(database, new ArtifactStore(directory), SettableClock.create()));
  }

  private void addRound(MetricLedger ledger, int version, long round, GroupMetrics group) {
    new Database(source)
        .doInTransaction(
            transaction -> ledger.addRound(transaction, PLAN, version, round, 10, List.of(group)));
  }

  @Test
  void reports_from_before_there_were_rounds_stay_what_they_were() throws SQLException {
    before();
    execute("insert into model_metric values ('a', 1, 'held-back', 550, 320, 319.5)");

    MetricLedger ledger = ledger();

    MetricSums report = MetricSums.exact(550, 320, 319.5);
    assertThat(ledger.list(PLAN, 0, 9))
        .containsExactly(new Measured(1, "held-back", 0, report, null, 0));
    assertThat(ledger.add(PLAN, 1, "held-back", MetricSums.exact(50, 30, 30)))
        .contains(new Measured(1, "held-back", 0, MetricSums.exact(600, 350, 349.5), null, 0));
  }

  @Test
  void rounds_and_reports_stand_side_by_side_and_are_never_mixed() throws SQLException {
    before();
    MetricLedger ledger = ledger();
    ledger.add(PLAN, 1, "held-back", MetricSums.exact(20, 10, 10));
    addRound(ledger, 1, 2, new GroupMetrics("held-back", 30.5, 12, 6, 2.25));

    addRound(ledger, 0, 1, new GroupMetrics("held-back", 9.9, 3, 3, 2.25));
    addRound(ledger, 0, 2, new GroupMetrics("other", 50, 3, 3, 2.25));

    assertThat(ledger.shown(PLAN, "held-back", 0, 1, Source.REPORTS))
        .extracting(Measured::first)
        .containsExactly(MetricSums.exact(20, 10, 10));
    assertThat(ledger.shown(PLAN, "held-back", 0, 1, Source.ROUNDS))
        .as("and not what is suppressed")
        .extracting(Measured::first)
        .containsExactly(new MetricSums(30.5, 12, 12, 2.25));
    assertThat(ledger.shown(PLAN, "held-back", 0, 0, Source.ROUNDS)).isEmpty();
    assertThat(ledger.list(PLAN, 1, 1)).hasSize(2);
    assertThat(ledger.list(PLAN, 0, 0)).hasSize(2);
  }

  @Test
  void a_round_is_kept_once() throws SQLException {
    before();
    MetricLedger ledger = ledger();
    GroupMetrics group = new GroupMetrics("held-back", 30, 12, 6, 0);
    addRound(ledger, 1, 2, group);

    assertThatThrownBy(() -> addRound(ledger, 1, 2, group))
        .isInstanceOf(DuplicateRowException.class);
    assertThat(ledger.list(PLAN, 0, 9)).hasSize(1);
  }

  @Test
  void what_an_operator_adds_to_a_small_group_is_told_to_nobody() throws SQLException {
    before();
    MetricLedger ledger = ledger();

    Measured few = ledger.add(PLAN, 1, "few", MetricSums.exact(9, 3, 3)).orElseThrow();
    Measured enough = ledger.add(PLAN, 1, "few", MetricSums.exact(1, 0, 0)).orElseThrow();

    assertThat(few).isEqualTo(new Measured(1, "few", 0, null, null, 0));
    assertThat(enough.first()).isEqualTo(MetricSums.exact(10, 3, 3));
  }

  @Test
  void noise_counts_in_the_error_of_a_mean_by_its_numerator_and_its_denominator() {
    MetricSums sums = new MetricSums(101, 50.5, 50.5, 9);

    assertThat(sums.errorSquared()).isCloseTo(0.25 / 101 + 9 * 1.25 / (101.0 * 101), within(1e-15));
    assertThat(new MetricSums(10, -4, -4, 9).errorSquared())
        .as("a mean below 0, which is all noise: as of 0")
        .isCloseTo(11.0 / 144 / 10 + 9 * 1.16 / 100, within(1e-15));
  }

  @Test
  void devices_that_all_agree_leave_some_doubt() {
    for (int hits : new int[] {0, 98}) {
      assertThat(MetricSums.exact(98, hits, hits).errorSquared())
          .isCloseTo(0.01 * 0.99 / 98, within(1e-15));
    }
    assertThat(MetricSums.exact(98, 49, 24.5).errorSquared())
        .as("of one half each")
        .isCloseTo(0.5 / 100 / 98, within(1e-15));
    assertThat(new MetricSums(1, 1, 1, 0).errorSquared())
        .as("of one device")
        .isCloseTo(2.0 / 9, within(1e-15));
  }

  @Test
  void the_same_devices_again_make_nothing_surer_but_the_noise() {
    MetricSums sums = new MetricSums(500, 200, 200, 25);

    assertThat(sums.errorSquared(100))
        .isCloseTo(
            new MetricSums(100, 40, 40, 0).errorSquared() + 25 * 1.16 / 250_000, within(1e-15));
  }

  @Test
  void sums_that_are_no_figures_are_refused() {
    assertThatThrownBy(() -> new MetricSums(0.5, 0, 0, 0))
        .hasMessageStartingWith("devices is 0.5, must be 1 or more");
    assertThatThrownBy(() -> new MetricSums(10, Double.NaN, 0, 0))
        .hasMessageStartingWith("total is NaN, must be finite");
    assertThatThrownBy(() -> new MetricSums(10, 1, 1, -1))
        .hasMessageStartingWith("noise variance is -1.0, must be 0 or more");
  }
}
