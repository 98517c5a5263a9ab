package io.tacit.coordinator.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.coordinator.database.Database;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.masking.MemberSet;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionStoreTest {

  private static final RoundId ROUND = new RoundId(new PlanId("a"), 1);
  private static final ContentHash HASH = ContentHash.of(new byte[] {1});
  private static final Instant NOW = Instant.parse("2026-11-30T10:15:30.123Z");
  private static final MemberSet U2 = MemberSet.of(12, 1, 2, 5, 12);
  private static final MemberSet U3 = MemberSet.of(12, 1, 5, 12);

  private static JdbcDataSource source() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(
        "jdbc:h2:mem:"
            + UUID.randomUUID()
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
    source.setUser("sa");
    return source;
  }

  private static Database withRound(JdbcDataSource source) {
    Database database = new Database(source);
    database.migrate();
    database.doInTransaction(
        transaction ->
            transaction.update(
                "insert into training_round (plan, number, plan_version, plan_hash, base_version,"
                    + " base_model, state, revision, assigned, bytes_up, opened_at)"
                    + " values ('a', 1, 1, 'x', 0, 'x', 'OPEN', 0, 0, 0, ?)",
                NOW));
    return database;
  }

  private static Session open(SessionStore store, Database database) {
    Session session =
        new Session(
            SessionId.fromHex("0a".repeat(16)),
            ROUND,
            1,
            Suite.HYBRID,
            new SessionState.Open(),
            0,
            NOW,
            null,
            null);
    database.doInTransaction(transaction -> store.insert(transaction, session));
    return session;
  }

  static Stream<SessionState> states() {
    return Stream.of(
        new SessionState.Open(),
        new SessionState.Collecting(12, HASH),
        new SessionState.RosterFrozen(12, HASH),
        new SessionState.SharesFrozen(12, HASH, U2),
        new SessionState.InputsFrozen(12, HASH, U2, U3),
        new SessionState.Unmasking(12, HASH, U2, U3),
        new SessionState.Summed(12, 4, 3, HASH),
        new SessionState.Aborted(12, "too few"));
  }

  @ParameterizedTest
  @MethodSource("states")
  void gives_back_each_state_at_the_end_of_the_way_there(SessionState last) {
    Database database = withRound(source());
    SessionStore store = new SessionStore(database);
    Session session = open(store, database);
    for (SessionState state : states().toList()) {
      if (last instanceof SessionState.Open) {
        break;
      }
      if (state instanceof SessionState.Open
          || (state instanceof SessionState.Collecting && !state.equals(last))
          || (state instanceof SessionState.Summed && !state.equals(last))) {
        continue;
      }
      session = session.moveTo(state, NOW.plusSeconds(9), state.isOver() ? NOW : null);
      store.move(session, null);
      if (state.equals(last)) {
        break;
      }
    }

    assertThat(store.find(session.id())).contains(session);
    assertThat(store.of(ROUND)).containsExactly(session);
    assertThat(store.ofRounds(ROUND.plan(), 1, 5)).containsExactly(session);
    assertThat(store.ofRounds(ROUND.plan(), 2, 5)).isEmpty();
  }

  @Test
  void a_transition_loses_if_the_row_has_moved_on() {
    Database database = withRound(source());
    SessionStore store = new SessionStore(database);
    Session opened = open(store, database);
    store.move(opened.moveTo(new SessionState.RosterFrozen(12, HASH), NOW, null), null);

    assertThatThrownBy(
            () -> store.move(opened.moveTo(new SessionState.Aborted(0, "x"), null, NOW), null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "session "
                + opened.id()
                + " is no longer at revision 0; another coordinator works on the same database");
  }

  @Test
  void keeps_the_list_that_was_published_with_the_roster() {
    Database database = withRound(source());
    SessionStore store = new SessionStore(database);
    Session session = open(store, database);
    assertThat(store.revocationList(session.id())).isEmpty();

    Session frozen = session.moveTo(new SessionState.RosterFrozen(12, HASH), NOW, null);
    store.move(frozen, new byte[] {3, 1, 4});
    store.move(frozen.moveTo(new SessionState.SharesFrozen(12, HASH, U2), NOW, null), null);

    assertThat(store.revocationList(session.id())).containsExactly(3, 1, 4);
  }

  @Test
  void rounds_from_before_there_were_shards_have_one_session_in_mode_plain() throws SQLException {
    JdbcDataSource source = source();
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:db/migration")
        .target("4")
        .load()
        .migrate();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      insertOld(statement, 1, "COMPLETED", "3, null, 2, '" + HASH.toHex() + "', 0.5, null");
      insertOld(statement, 2, "ABANDONED", "0, null, null, null, null, 'nobody came'");
      insertOld(statement, 3, "COLLECTING", "3, '" + HASH.toHex() + "', null, null, null, null");
    }
    Database database = new Database(source);
    database.migrate();
    SessionStore store = new SessionStore(database);

    assertThat(store.ofRounds(ROUND.plan(), 1, 3))
        .extracting(Session::suite)
        .containsOnly(Suite.PLAIN);
    assertThat(store.ofRounds(ROUND.plan(), 1, 3))
        .extracting(Session::state)
        .containsExactly(
            new SessionState.Summed(3, 3, 2, ContentHash.of(new byte[0])),
            new SessionState.Aborted(0, "nobody came"),
            new SessionState.Collecting(3, HASH));
    assertThat(store.find(SessionId.fromHex(String.format("%032x", 3)))).isPresent();
  }

  private static void insertOld(Statement statement, int number, String state, String rest)
      throws SQLException {
    statement.execute(
        "insert into training_round (plan, number, session_id, plan_version, plan_hash,"
            + " base_version, base_model, state, revision, assigned, bytes_up, opened_at,"
            + " roster_size, roster_hash, contributors, new_model, mean_loss, reason) values ('a', "
            + number
            + ", '"
            + String.format("%032x", number)
            + "', 1, 'x', 0, 'x', '"
            + state
            + "', 2, 0, 0, timestamp with time zone '2026-11-24 10:00:00+00', "
            + rest
            + ")");
  }
}
