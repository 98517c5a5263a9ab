package io.tacit.coordinator.release;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.database.Row;
import io.tacit.coordinator.database.Transaction;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.Release;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What owners released: append-only, number by number. Of each plan the highest number is in force.
 *
 * <p>Guarantee: a release is added only in the place of the one that it says it replaces, the one
 * with the number before, whatever happens at the same time. Where nothing was released it may have
 * any number: devices may know releases that a lost database held. Whose signatures to take is not
 * decided here. Thread-safe, also across replicas on one database.
 */
public final class ReleaseRegistry {

  private static final String SELECT = "select bytes, released_at from model_release ";

  private final Database database;
  private final ModelRegistry models;
  private final Clock clock;

  /** A registry over its table. */
  public ReleaseRegistry(Database database, ModelRegistry models, Clock clock) {
    this.database = database;
    this.models = models;
    this.clock = clock;
  }

  /** Puts a release in force. When this returns, the outcome is durable. */
  public ReleaseOutcome release(Release release) {
    ReleaseOutcome outcome;
    try {
      outcome = database.inTransaction(transaction -> release(transaction, release));
    } catch (DuplicateRowException e) {
      // Another release with this number came in between; now it is in sight.
      outcome = database.inTransaction(transaction -> release(transaction, release));
    }
    database.makeDurable();
    return outcome;
  }

  private ReleaseOutcome release(Transaction transaction, Release release) {
    Optional<ReleasedModel> inForce = inForce(transaction, release.plan());
    if (inForce.isPresent() && inForce.get().release().equals(release)) {
      return new ReleaseOutcome.AlreadyReleased(inForce.get());
    }
    if (inForce.isPresent() && inForce.get().release().number() != release.number() - 1) {
      return new ReleaseOutcome.NotTheNext(inForce.get().release().number());
    }
    Optional<ModelVersion> model = models.find(transaction, release.plan(), release.modelVersion());
    if (model.isEmpty()) {
      return new ReleaseOutcome.UnknownVersion();
    } else if (!model.get().hash().equals(release.modelHash())) {
      return new ReleaseOutcome.OtherModel(model.get());
    }
    ReleasedModel released =
        new ReleasedModel(release, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    transaction.update(
        "insert into model_release (plan_id, number, model_version, bytes, released_at)"
            + " values (?, ?, ?, ?, ?)",
        release.plan().value(),
        release.number(),
        release.modelVersion(),
        release.toBytes(),
        released.releasedAt());
    return new ReleaseOutcome.Released(released);
  }

  /** The release of a plan that devices follow now; empty if nothing was released. */
  public Optional<ReleasedModel> inForce(PlanId plan) {
    return database.inTransaction(transaction -> inForce(transaction, plan));
  }

  private static Optional<ReleasedModel> inForce(Transaction transaction, PlanId plan) {
    return transaction.first(
        ReleaseRegistry::read,
        SELECT + "where plan_id = ? order by number desc limit 1",
        plan.value());
  }

  /**
   * Releases of a plan, the one in force first.
   *
   * @param before only those with a lower number
   * @param limit at most so many
   */
  public List<ReleasedModel> list(PlanId plan, int before, int limit) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                ReleaseRegistry::read,
                SELECT + "where plan_id = ? and number < ? order by number desc limit ?",
                plan.value(),
                before,
                limit));
  }

  private static ReleasedModel read(Row row) throws SQLException {
    return new ReleasedModel(Release.fromBytes(row.bytes("bytes")), row.instant("released_at"));
  }
}
