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
        .contains(MetricSums.exact(600, 350, 349.5));
  }

  @Test
  void rounds_and_reports_stand_side_by_side_and_are_never_mixed() throws SQLException {
    before();
    MetricLedger ledger = ledger();
    ledger.add(PLAN, 1, "held-back", MetricSums.exact(20, 10, 10));
    addRound(ledger, 1, 2, new GroupMetrics("held-back", 30.5, 12, 6, 2.25));

    assertThat(ledger.sums(PLAN, "held-back", 0, 1, Source.REPORTS))
        .contains(MetricSums.exact(20, 10, 10));
    assertThat(ledger.sums(PLAN, "held-back", 0, 1, Source.ROUNDS))
        .contains(new MetricSums(30.5, 12, 12, 2.25));
    assertThat(ledger.list(PLAN, 1, 1)).hasSize(2);
    assertThat(ledger.list(PLAN, 0, 0)).isEmpty();
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
  void noise_counts_in_the_error_of_a_mean_by_its_numerator_and_its_denominator() {
    MetricSums sums = new MetricSums(101, 50.5, 50.5, 9);

    assertThat(sums.errorSquared()).isCloseTo(0.25 / 100 + 9 * 1.25 / (101.0 * 101), within(1e-15));
    assertThat(new MetricSums(1, 1, 1, 0).errorSquared()).isEqualTo(1);
    assertThat(new MetricSums(10, -4, -4, 9).errorSquared())
        .as("a mean below 0, which is all noise")
        .isCloseTo(9 * 1.16 / 100, within(1e-15));
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
