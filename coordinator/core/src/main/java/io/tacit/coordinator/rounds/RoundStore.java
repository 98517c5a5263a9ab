package io.tacit.coordinator.rounds;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.Row;
import io.tacit.coordinator.database.Transaction;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionStore;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of rounds. Thread-safe; methods block for the database. */
public final class RoundStore {

  /** Rounds in one answer of {@link #list}. */
  public static final int LIST_MAX = 1_000;

  private final Database database;
  private final SessionStore sessions;

  /** A store over a migrated database. */
  public RoundStore(Database database, SessionStore sessions) {
    this.database = database;
    this.sessions = sessions;
  }

  /** Adds a new round and its sessions, durable when this returns. */
  void insert(Round round, List<Session> sessions) {
    database.doDurably(
        transaction -> {
          transaction.update(
              "insert into training_round (plan, number, plan_version, plan_hash, base_version,"
                  + " base_model, state, revision, assigned, bytes_up, opened_at)"
                  + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              round.id().plan().value(),
              round.id().number(),
              round.planVersion(),
              round.planHash().toHex(),
              round.baseVersion(),
              round.baseModel().toHex(),
              round.state().word(),
              round.revision(),
              round.assigned(),
              round.bytesUp(),
              round.openedAt());
          sessions.forEach(session -> this.sessions.insert(transaction, session));
        });
  }

  /**
   * Writes a transition in the caller's transaction.
   *
   * @param next the round after it; its revision is one above that of the row
   * @throws IllegalStateException if the row is no longer at that revision: another coordinator
   *     moved it
   */
  void move(Transaction transaction, Round next) {
    RoundState state = next.state();
    transaction.compareAndSet(
        "round " + next.id(),
        next.revision() - 1,
        "update training_round set state = ?, revision = ?, roster_size = ?,"
            + " contributors = ?, new_model = ?, mean_loss = ?, record_hash = ?, reason = ?,"
            + " assigned = ?, bytes_up = ?, closed_at = ?"
            + " where plan = ? and number = ? and revision = ?",
        state.word(),
        next.revision(),
        state.rosterSize(),
        state instanceof RoundState.Completed completed ? completed.contributors() : null,
        state instanceof RoundState.Completed completed ? completed.newModel().toHex() : null,
        state instanceof RoundState.Completed completed && !Double.isNaN(completed.meanLoss())
            ? completed.meanLoss()
            : null,
        state instanceof RoundState.Completed completed && completed.record() != null
            ? completed.record().toHex()
            : null,
        state instanceof RoundState.Abandoned abandoned ? abandoned.reason() : null,
        next.assigned(),
        next.bytesUp(),
        next.closedAt(),
        next.id().plan().value(),
        next.id().number());
  }

  /** Writes a transition in a transaction of its own; durable when this returns. */
  void move(Round next) {
    database.doDurably(transaction -> move(transaction, next));
  }

  /** The rounds that were going on when the coordinator stopped. */
  List<Round> unfinished() {
    return database.inTransaction(
        transaction ->
            transaction.list(
                RoundStore::read,
                "select * from training_round where state in ('OPEN', 'COLLECTING')"));
  }

  /** The round of a plan that is going on. */
  Optional<Round> unfinished(PlanId plan) {
    return database.inTransaction(
        transaction ->
            transaction.first(
                RoundStore::read,
                "select * from training_round where plan = ? and state in ('OPEN', 'COLLECTING')",
                plan.value()));
  }

  /** Forces what was committed to the disk, where the commit itself does not. */
  void makeDurable() {
    database.makeDurable();
  }

  /** The record of the latest completed round of a plan that has one. */
  Optional<ContentHash> lastRecord(PlanId plan) {
    return database.inTransaction(
        transaction ->
            transaction.first(
                row -> ContentHash.fromHex(row.text("record_hash")),
                "select record_hash from training_round where plan = ? and record_hash is not null"
                    + " order by number desc limit 1",
                plan.value()));
  }

  /** The number of the latest round of a plan, 0 if it has none. */
  long lastNumber(PlanId plan) {
    return database.inTransaction(
        transaction ->
            transaction
                .first(
                    row -> row.longInteger("last"),
                    "select coalesce(max(number), 0) as last from training_round where plan = ?",
                    plan.value())
                .orElse(0L));
  }

  /** A round by its id. */
  public Optional<Round> find(RoundId id) {
    return database.inTransaction(
        transaction ->
            transaction.first(
                RoundStore::read,
                "select * from training_round where plan = ? and number = ?",
                id.plan().value(),
                id.number()));
  }

  /**
   * Rounds of a plan in ascending order.
   *
   * @param after only rounds with a higher number
   * @param limit 1 to {@link #LIST_MAX}
   */
  public List<Round> list(PlanId plan, long after, int limit) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                RoundStore::read,
                "select * from training_round where plan = ? and number > ? order by number limit"
                    + " ?",
                plan.value(),
                after,
                limit));
  }

  private static Round read(Row row) throws SQLException {
    return new Round(
        new RoundId(new PlanId(row.text("plan")), row.longInteger("number")),
        row.integer("plan_version"),
        ContentHash.fromHex(row.text("plan_hash")),
        row.integer("base_version"),
        ContentHash.fromHex(row.text("base_model")),
        readState(row),
        row.integer("revision"),
        row.integer("assigned"),
        row.longInteger("bytes_up"),
        row.instant("opened_at"),
        row.instantOrNull("closed_at"));
  }

  private static RoundState readState(Row row) throws SQLException {
    String word = row.text("state");
    return switch (word) {
      case "OPEN" -> new RoundState.Open();
      case "COLLECTING" -> new RoundState.Collecting(row.integer("roster_size"));
      case "COMPLETED" ->
          new RoundState.Completed(
              row.integer("roster_size"),
              row.integer("contributors"),
              ContentHash.fromHex(row.text("new_model")),
              Objects.requireNonNullElse(row.numberOrNull("mean_loss"), Double.NaN),
              hashOrNull(row.textOrNull("record_hash")));
      case "ABANDONED" -> new RoundState.Abandoned(row.integer("roster_size"), row.text("reason"));
      default ->
          throw new IllegalStateException(
              "table training_round has state " + word + "; it was written by a newer version");
    };
  }

  private static @Nullable ContentHash hashOrNull(@Nullable String hex) {
    return hex == null ? null : ContentHash.fromHex(hex);
  }
}
