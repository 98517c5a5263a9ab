package io.tacit.coordinator.audit;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.database.Row;
import io.tacit.coordinator.database.Transaction;
import io.tacit.protocol.ContentHash;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The log of what people did.
 *
 * <p>Guarantee: a line that was answered for is on the disk, and {@link #verify} finds a line that
 * was removed, altered, inserted or moved since, as long as a later hash is known. Assumes: the
 * head was kept outside of the database. Who can write the database can write the whole log anew,
 * and only a head that they do not hold tells. Thread-safe; several processes may share a database.
 */
public final class AuditLog {

  /** Most lines that {@link #list} answers. */
  public static final int LIST_MAX = 1_000;

  /** How often another process may take the next number before it is given up. */
  private static final int ATTEMPTS_MAX = 20;

  private static final String SELECT =
      "select number, happened_at, subject, authentication, remote_address, action, target,"
          + " outcome, hash from audit_entry ";

  private final Database database;
  private final Clock clock;

  /** A log over its table. */
  public AuditLog(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Adds a line, and returns when it is on the disk.
   *
   * @throws io.tacit.coordinator.database.DatabaseException if it can not be stored
   */
  public AuditEntry append(AuditEvent event) {
    AuditEntry entry = appendInTurn(event);
    database.makeDurable();
    return entry;
  }

  /** One at a time in this process; another process that was faster has taken the number. */
  private synchronized AuditEntry appendInTurn(AuditEvent event) {
    for (int attempt = 1; ; attempt++) {
      try {
        return database.inTransaction(transaction -> append(transaction, event));
      } catch (DuplicateRowException e) {
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private AuditEntry append(Transaction transaction, AuditEvent event) {
    Optional<AuditEntry> last =
        transaction.first(AuditLog::read, SELECT + "order by number desc limit 1");
    AuditEntry entry =
        AuditEntry.following(
            last.map(AuditEntry::hash).orElse(AuditEntry.BEFORE_THE_FIRST),
            last.map(AuditEntry::number).orElse(0L) + 1,
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            event);
    transaction.update(
        "insert into audit_entry (number, happened_at, subject, authentication, remote_address,"
            + " action, target, outcome, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        entry.number(),
        entry.at(),
        event.subject(),
        event.authentication(),
        event.remoteAddress(),
        event.action(),
        event.target(),
        event.outcome(),
        entry.hash().toHex());
    return entry;
  }

  /**
   * Lines in ascending order.
   *
   * @param after only those with a higher number; 0 for all
   * @param limit at most so many, 1 to {@link #LIST_MAX}
   */
  public List<AuditEntry> list(long after, int limit) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                AuditLog::read, SELECT + "where number > ? order by number limit ?", after, limit));
  }

  /**
   * Reads the whole log and computes every hash again.
   *
   * @param kept a hash that the log had at some time, to find among the lines; null for none
   */
  public AuditVerification verify(@Nullable ContentHash kept) {
    ContentHash previous = AuditEntry.BEFORE_THE_FIRST;
    boolean keptSeen = kept == null || kept.equals(previous);
    long number = 0;
    List<AuditEntry> page;
    do {
      page = list(number, LIST_MAX);
      for (AuditEntry entry : page) {
        number++;
        if (entry.number() != number) {
          return new AuditVerification.Broken(number, "line " + number + " is missing");
        }
        if (!entry.follows(previous)) {
          return new AuditVerification.Broken(
              number,
              "line " + number + " does not follow the line before it: one of them was altered");
        }
        previous = entry.hash();
        keptSeen |= previous.equals(kept);
      }
    } while (page.size() == LIST_MAX);
    return keptSeen
        ? new AuditVerification.Intact(number, previous)
        : new AuditVerification.HeadMissing(number, previous);
  }

  private static AuditEntry read(Row row) throws SQLException {
    return new AuditEntry(
        row.longInteger("number"),
        row.instant("happened_at"),
        new AuditEvent(
            row.text("subject"),
            row.text("authentication"),
            row.text("remote_address"),
            row.text("action"),
            row.text("target"),
            row.text("outcome")),
        hash(row.text("hash")));
  }

  /** What is no hash any more stands for one that no line has, so that the check finds it. */
  private static ContentHash hash(String hex) {
    try {
      return ContentHash.fromHex(hex);
    } catch (IllegalArgumentException e) {
      return AuditEntry.BEFORE_THE_FIRST;
    }
  }
}
