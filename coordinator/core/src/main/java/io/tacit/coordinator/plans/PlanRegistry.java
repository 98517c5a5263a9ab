package io.tacit.coordinator.plans;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.database.Row;
import io.tacit.coordinator.database.Transaction;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.RegisteredPlan.State;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.TrainingPlan;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The plans that were applied, version by version. At most one version of a plan is in force.
 *
 * <p>A plan may change from version to version in everything but its model and inputs: those give
 * the trained parameters their meaning. Thread-safe, also across replicas on one database.
 */
public final class PlanRegistry {

  /** Times that apply starts anew when another apply of the same plan came in between. */
  private static final int ATTEMPTS_MAX = 5;

  private static final int PARSED_MAX = 100;

  private static final String SELECT = "select bytes, hash, state, applied_at from plan ";

  private final Database database;
  private final ArtifactStore artifacts;
  private final ModelRegistry models;
  private final Clock clock;

  /** The conductor asks for the plans in force many times a second. */
  private final Map<ContentHash, TrainingPlan> parsed =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<ContentHash, TrainingPlan> eldest) {
              return size() > PARSED_MAX;
            }
          });

  /** A registry over its table; plans and catalogues are artifacts beside it. */
  public PlanRegistry(
      Database database, ArtifactStore artifacts, ModelRegistry models, Clock clock) {
    this.database = database;
    this.artifacts = artifacts;
    this.models = models;
    this.clock = clock;
  }

  /**
   * Puts a plan in force. The first version of a plan also begins its model's history. When this
   * returns, the outcome is durable.
   *
   * @throws InvalidPlanException if its catalogue was not uploaded, has another number of items or
   *     not what the plan's features read, or its end is over
   */
  public ApplyOutcome apply(PlanArtifact artifact) {
    TrainingPlan plan = artifact.plan();
    requireCatalogue(plan);
    requireNotExpired(plan);
    byte[] bytes = artifact.toBytes();
    RegisteredPlan candidate = new RegisteredPlan(plan, artifacts.put(bytes), State.ACTIVE, now());
    ModelVersion initial = models.latest(plan.id()).isPresent() ? null : models.initial(plan);
    ApplyOutcome outcome = apply(candidate, bytes, initial);
    database.makeDurable();
    return outcome;
  }

  /** Puts a plan in force that nobody signed, as {@link #apply(PlanArtifact)} does. */
  public ApplyOutcome apply(TrainingPlan plan) {
    return apply(PlanArtifact.unsigned(plan));
  }

  private ApplyOutcome apply(
      RegisteredPlan candidate, byte[] bytes, @Nullable ModelVersion initial) {
    for (int attempt = 1; ; attempt++) {
      try {
        return database.inTransaction(transaction -> apply(transaction, candidate, bytes, initial));
      } catch (DuplicateRowException e) {
        // Another apply of this plan won; with its version in sight the outcome is clear.
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private ApplyOutcome apply(
      Transaction transaction,
      RegisteredPlan candidate,
      byte[] bytes,
      @Nullable ModelVersion initial) {
    PlanId id = candidate.plan().id();
    Optional<RegisteredPlan> same = find(transaction, id, candidate.plan().version());
    if (same.isPresent() && same.get().hash().equals(candidate.hash())) {
      return new ApplyOutcome.AlreadyApplied(same.get());
    }
    Optional<RegisteredPlan> current = find(transaction, id);
    if (current.isPresent()) {
      TrainingPlan old = current.get().plan();
      if (candidate.plan().version() <= old.version()) {
        return new ApplyOutcome.VersionNotHigher(current.get());
      }
      if (!candidate.plan().model().equals(old.model())) {
        return new ApplyOutcome.ModelChanged(current.get(), "model");
      }
      if (!sameInputs(candidate.plan().features(), old.features())) {
        return new ApplyOutcome.ModelChanged(current.get(), "features");
      }
      supersede(transaction, old);
    }
    insert(transaction, candidate, bytes);
    if (current.isEmpty() && initial != null) {
      models.append(transaction, initial);
    }
    return new ApplyOutcome.Applied(candidate);
  }

  /** The version in force of every plan, by id. */
  public List<RegisteredPlan> list() {
    return database.inTransaction(
        transaction ->
            transaction.list(this::read, SELECT + "where current_id is not null order by id"));
  }

  /** The plans whose rounds are being run in a population, by id. */
  public List<RegisteredPlan> active(String population) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                this::read,
                SELECT
                    + "where current_id is not null and state = 'ACTIVE' and population = ?"
                    + " order by id",
                population));
  }

  /** The version of a plan that is in force. */
  public Optional<RegisteredPlan> find(PlanId id) {
    return database.inTransaction(transaction -> find(transaction, id));
  }

  /** One version of a plan. */
  public Optional<RegisteredPlan> find(PlanId id, int version) {
    return database.inTransaction(transaction -> find(transaction, id, version));
  }

  /** A plan as it was applied, with its owner's signature if it has one. */
  public PlanArtifact artifact(RegisteredPlan plan) {
    return database.inTransaction(
        transaction ->
            transaction
                .first(
                    row -> PlanArtifact.fromBytes(row.bytes("bytes")),
                    "select bytes from plan where id = ? and version = ?",
                    plan.plan().id().value(),
                    plan.plan().version())
                .orElseThrow());
  }

  /**
   * Marks a plan as finished, in the transaction that ends its last round.
   *
   * @return whether it was active
   */
  public boolean finish(Transaction transaction, PlanId id, int version) {
    return transaction.update(
            "update plan set state = 'FINISHED' where id = ? and version = ? and state = 'ACTIVE'",
            id.value(),
            version)
        == 1;
  }

  private Optional<RegisteredPlan> find(Transaction transaction, PlanId id) {
    return transaction.first(this::read, SELECT + "where current_id = ?", id.value());
  }

  private Optional<RegisteredPlan> find(Transaction transaction, PlanId id, int version) {
    return transaction.first(
        this::read, SELECT + "where id = ? and version = ?", id.value(), version);
  }

  /** If another apply did this first, the insert that follows finds the place taken. */
  private static void supersede(Transaction transaction, TrainingPlan old) {
    transaction.update(
        "update plan set state = 'SUPERSEDED', current_id = null where id = ? and version = ?",
        old.id().value(),
        old.version());
  }

  private static void insert(Transaction transaction, RegisteredPlan plan, byte[] bytes) {
    transaction.update(
        "insert into plan (id, version, population, hash, bytes, state, current_id, applied_at)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?)",
        plan.plan().id().value(),
        plan.plan().version(),
        plan.plan().population(),
        plan.hash().toHex(),
        bytes,
        plan.state().name(),
        plan.plan().id().value(),
        plan.appliedAt());
  }

  private RegisteredPlan read(Row row) throws SQLException {
    ContentHash hash = ContentHash.fromHex(row.text("hash"));
    TrainingPlan plan = parsed.get(hash);
    if (plan == null) {
      plan = TrainingPlan.fromBytes(row.bytes("bytes"));
      parsed.put(hash, plan);
    }
    return new RegisteredPlan(
        plan, hash, State.valueOf(row.text("state")), row.instant("applied_at"));
  }

  /** What counts as wanting an item may change; which row is which item may not. */
  private static boolean sameInputs(FeatureSchema one, FeatureSchema other) {
    if (one instanceof FeatureSchema.Items items && other instanceof FeatureSchema.Items old) {
      return items.mappingVersion() == old.mappingVersion()
          && items.catalogueHash().equals(old.catalogueHash())
          && items.unknownItemBuckets() == old.unknownItemBuckets()
          && items.itemFeatures().equals(old.itemFeatures())
          && items.userFeatures().equals(old.userFeatures());
    }
    return one.equals(other);
  }

  private void requireCatalogue(TrainingPlan plan) {
    if (!(plan.features() instanceof FeatureSchema.Items items)) {
      return;
    }
    Catalogue catalogue =
        new Catalogues(artifacts)
            .find(items.catalogueHash())
            .orElseThrow(() -> Catalogues.unknown(items.catalogueHash()));
    if (catalogue.size() != items.catalogueItems()) {
      throw new InvalidPlanException(
          "features.catalogue-items",
          items.catalogueItems(),
          catalogue.size() + ", the items of catalogue " + items.catalogueHash(),
          "leave it out, or set it to that");
    }
    items.requireFit(catalogue);
  }

  private void requireNotExpired(TrainingPlan plan) {
    if (plan.isExpired(clock.instant())) {
      throw new InvalidPlanException(
          "not-after",
          String.valueOf(plan.notAfter()),
          "later than now, " + now(),
          "set it to a later day and raise the version");
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
