package io.tacit.coordinator.sessions;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.Row;
import io.tacit.coordinator.database.Transaction;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.masking.MemberSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The table of sessions. Thread-safe; methods block for the database. */
public final class SessionStore {

  private final Database database;

  /** A store over a migrated database. */
  public SessionStore(Database database) {
    this.database = database;
  }

  /** Adds a new session in the caller's transaction, that of its round. */
  public void insert(Transaction transaction, Session session) {
    transaction.update(
        "insert into aggregation_session (id, plan, round, number, suite, state, revision,"
            + " roster_size, opened_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        session.id().toHex(),
        session.round().plan().value(),
        session.round().number(),
        session.number(),
        session.suite().number(),
        session.state().word(),
        session.revision(),
        session.state().rosterSize(),
        session.openedAt());
  }

  /**
   * Writes a transition; durable when this returns.
   *
   * @param next the session after it; its revision is one above that of the row
   * @param revocationList what is published with the roster, where that freezes; else null
   * @param also what else belongs to the transition, in its transaction
   * @throws IllegalStateException if the row is no longer at that revision: another coordinator
   *     moved it
   */
  void move(Session next, byte @Nullable [] revocationList, Consumer<Transaction> also) {
    database.doDurably(
        transaction -> {
          move(transaction, next, revocationList);
          also.accept(transaction);
        });
  }

  /** The same where nothing else belongs to it. */
  void move(Session next, byte @Nullable [] revocationList) {
    move(next, revocationList, transaction -> {});
  }

  private static void move(
      Transaction transaction, Session next, byte @Nullable [] revocationList) {
    SessionState state = next.state();
    // What a state has no word on stays as it was: bitmaps and hashes are kept for audits.
    transaction.compareAndSet(
        "session " + next.id(),
        next.revision() - 1,
        "update aggregation_session set state = ?, revision = ?, roster_size = ?,"
            + " roster_hash = coalesce(?, roster_hash), u2 = coalesce(?, u2),"
            + " u3 = coalesce(?, u3), contributors = ?, sum_digest = ?, reason = ?,"
            + " deadline = ?, closed_at = ? where id = ? and revision = ?",
        state.word(),
        next.revision(),
        state.rosterSize(),
        rosterHash(state),
        bitmap(u2(state)),
        bitmap(u3(state)),
        state instanceof SessionState.Summed summed ? summed.contributors() : null,
        state instanceof SessionState.Summed summed ? summed.sumDigest().toHex() : null,
        state instanceof SessionState.Aborted aborted ? aborted.reason() : null,
        next.deadline(),
        next.closedAt(),
        next.id().toHex());
    if (revocationList != null) {
      transaction.update(
          "update aggregation_session set revocation_list = ? where id = ?",
          revocationList,
          next.id().toHex());
    }
  }

  /** The list that was published with the roster; empty if there was none. */
  byte[] revocationList(SessionId session) {
    return database.inTransaction(
        transaction ->
            transaction
                .first(
                    row -> row.bytes("revocation_list"),
                    "select revocation_list from aggregation_session where id = ? and"
                        + " revocation_list is not null",
                    session.toHex())
                .orElseGet(() -> new byte[0]));
  }

  /** Forces what was committed to the disk, where the commit itself does not. */
  void makeDurable() {
    database.makeDurable();
  }

  /** A session by its id. */
  public Optional<Session> find(SessionId session) {
    return database.inTransaction(
        transaction ->
            transaction.first(
                SessionStore::read,
                "select * from aggregation_session where id = ?",
                session.toHex()));
  }

  /** The sessions of a round, by number. */
  public List<Session> of(RoundId round) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                SessionStore::read,
                "select * from aggregation_session where plan = ? and round = ? order by number",
                round.plan().value(),
                round.number()));
  }

  /** The sessions of rounds first to last of a plan, by round and number. */
  public List<Session> ofRounds(PlanId plan, long first, long last) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                SessionStore::read,
                "select * from aggregation_session where plan = ? and round between ? and ?"
                    + " order by round, number",
                plan.value(),
                first,
                last));
  }

  private static @Nullable String rosterHash(SessionState state) {
    if (state instanceof SessionState.Collecting collecting) {
      return collecting.rosterHash().toHex();
    }
    return state instanceof SessionState.RosterFrozen frozen ? frozen.rosterHash().toHex() : null;
  }

  private static @Nullable MemberSet u2(SessionState state) {
    return state instanceof SessionState.SharesFrozen frozen ? frozen.u2() : null;
  }

  private static @Nullable MemberSet u3(SessionState state) {
    return state instanceof SessionState.InputsFrozen frozen ? frozen.u3() : null;
  }

  private static @Nullable String bitmap(@Nullable MemberSet members) {
    return members == null ? null : HexFormat.of().formatHex(members.toBitmap());
  }

  private static Session read(Row row) throws SQLException {
    return new Session(
        SessionId.fromHex(row.text("id")),
        new RoundId(new PlanId(row.text("plan")), row.longInteger("round")),
        row.integer("number"),
        Suite.ofNumber(row.integer("suite")),
        readState(row),
        row.integer("revision"),
        row.instant("opened_at"),
        row.instantOrNull("deadline"),
        row.instantOrNull("closed_at"));
  }

  private static SessionState readState(Row row) throws SQLException {
    int size = row.integer("roster_size");
    String word = row.text("state");
    return switch (word) {
      case "OPEN" -> new SessionState.Open();
      case "COLLECTING" -> new SessionState.Collecting(size, hash(row, "roster_hash"));
      case "ROSTER_FROZEN" -> new SessionState.RosterFrozen(size, hash(row, "roster_hash"));
      case "SHARES_FROZEN" ->
          new SessionState.SharesFrozen(size, hash(row, "roster_hash"), members(row, "u2", size));
      case "INPUTS_FROZEN" ->
          new SessionState.InputsFrozen(
              size, hash(row, "roster_hash"), members(row, "u2", size), members(row, "u3", size));
      case "UNMASKING" ->
          new SessionState.Unmasking(
              size, hash(row, "roster_hash"), members(row, "u2", size), members(row, "u3", size));
      case "SUMMED" -> summed(row, size);
      case "ABORTED" -> new SessionState.Aborted(size, row.text("reason"));
      default ->
          throw new IllegalStateException(
              "table aggregation_session has state "
                  + word
                  + "; it was written by a newer version");
    };
  }

  private static SessionState summed(Row row, int rosterSize) throws SQLException {
    String digest = row.textOrNull("sum_digest");
    return new SessionState.Summed(
        rosterSize,
        row.textOrNull("u2") == null ? rosterSize : members(row, "u2", rosterSize).size(),
        Objects.requireNonNullElse(row.integerOrNull("contributors"), 0),
        // Sessions from before there were shards have none.
        digest == null ? ContentHash.of(new byte[0]) : ContentHash.fromHex(digest));
  }

  private static ContentHash hash(Row row, String column) throws SQLException {
    return ContentHash.fromHex(row.text(column));
  }

  private static MemberSet members(Row row, String column, int rosterSize) throws SQLException {
    return MemberSet.fromBitmap(rosterSize, HexFormat.of().parseHex(row.text(column)));
  }
}
