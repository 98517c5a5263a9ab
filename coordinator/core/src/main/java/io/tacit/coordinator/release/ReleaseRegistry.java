package io.tacit.coordinator.release;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.database.Row;
import io.tacit.coordinator.database.Transaction;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What owners released: append-only, number by number. Of each plan and device, the highest number
 * of those is in force whose share includes the device; one for all devices ends all before it.
 *
 * <p>Guarantee: a release is added only in the place of the one that it says it replaces, the one
 * with the number before, whatever happens at the same time, and where anything is released,
 * something is for every device. Where nothing was released it may have any number: devices may
 * know releases that a lost database held. Whose signatures to take is not decided here.
 * Thread-safe, also across replicas on one database.
 */
public final class ReleaseRegistry {

  /** How many releases for a share of the devices may follow one another. */
  static final int PARTIAL_MAX = 100;

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
    List<ReleasedModel> present = sinceForAll(transaction, release.plan());
    if (!present.isEmpty() && present.get(0).release().equals(release)) {
      return new ReleaseOutcome.AlreadyReleased(present.get(0));
    }
    if (!present.isEmpty() && present.get(0).release().number() != release.number() - 1) {
      return new ReleaseOutcome.NotTheNext(present.get(0).release().number());
    }
    if (!release.share().isAll() && present.isEmpty()) {
      return new ReleaseOutcome.NothingForAll();
    } else if (!release.share().isAll() && present.size() > PARTIAL_MAX) {
      return new ReleaseOutcome.TooManyShares(PARTIAL_MAX);
    }
    Optional<ModelVersion> model = models.find(transaction, release.plan(), release.modelVersion());
    if (model.isEmpty()) {
      return new ReleaseOutcome.UnknownVersion();
    } else if (!model.get().hash().equals(release.modelHash())) {
      return new ReleaseOutcome.OtherModel(model.get());
    }
    return new ReleaseOutcome.Released(insert(transaction, release));
  }

  private ReleasedModel insert(Transaction transaction, Release release) {
    ReleasedModel released =
        new ReleasedModel(release, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    transaction.update(
        "insert into model_release (plan_id, number, model_version, bytes, released_at, share)"
            + " values (?, ?, ?, ?, ?, ?)",
        release.plan().value(),
        release.number(),
        release.modelVersion(),
        release.toBytes(),
        released.releasedAt(),
        release.share().parts());
    return released;
  }

  /** The release of a plan for all its devices that is in force; empty if nothing was released. */
  public Optional<ReleasedModel> forAll(PlanId plan) {
    List<ReleasedModel> present = inForce(plan);
    return present.isEmpty() ? Optional.empty() : Optional.of(present.get(present.size() - 1));
  }

  /**
   * The releases of a plan that some device follows now, the newest first. A device follows the
   * first of them whose share includes it.
   *
   * @return shares grow, and the last is for all; empty if nothing was released
   */
  public List<ReleasedModel> inForce(PlanId plan) {
    List<ReleasedModel> inForce = new ArrayList<>();
    int parts = 0;
    for (ReleasedModel released :
        database.inTransaction(transaction -> sinceForAll(transaction, plan))) {
      ReleaseShare share = released.release().share();
      // Nobody follows one whose devices are all in the share of a later one.
      if (share.parts() > parts) {
        inForce.add(released);
        parts = share.parts();
      }
    }
    return inForce;
  }

  /** The newest release for all devices, and before it in the list what came after it. */
  private static List<ReleasedModel> sinceForAll(Transaction transaction, PlanId plan) {
    return transaction.list(
        ReleaseRegistry::read,
        SELECT
            + "where plan_id = ? and number >= (select max(number) from model_release"
            + " where plan_id = ? and share = ?) order by number desc limit ?",
        plan.value(),
        plan.value(),
        ReleaseShare.PARTS,
        PARTIAL_MAX + 1);
  }

  /**
   * Releases of a plan, the newest first.
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
