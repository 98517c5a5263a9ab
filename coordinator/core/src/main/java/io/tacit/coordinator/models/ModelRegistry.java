package io.tacit.coordinator.models;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.database.Row;
import io.tacit.coordinator.database.Transaction;
import io.tacit.coordinator.optimiser.OptimiserState;
import io.tacit.coordinator.optimiser.StepOutcome;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The history of each plan's model: append-only, version by version.
 *
 * <p>A version is made in two moves, so that files are on the disk before any row names them:
 * {@link #initial} or {@link #successor} writes the files and returns the version; {@link #append}
 * adds its row in the caller's transaction, together with whatever else must happen with it. Files
 * whose row was never added are harmless. Thread-safe.
 */
public final class ModelRegistry {

  private static final String SELECT =
      "select plan_id, version, round, hash, parent, optimiser_state, parameters, clients,"
          + " mean_loss, created_at from model_version ";

  private final Database database;
  private final ArtifactStore artifacts;
  private final Clock clock;
  private final AtomicLong revision = new AtomicLong();

  /** A registry over its table and the files beside it. */
  public ModelRegistry(Database database, ArtifactStore artifacts, Clock clock) {
    this.database = database;
    this.artifacts = artifacts;
    this.clock = clock;
  }

  /**
   * Writes the initial parameters of a plan's model.
   *
   * @return version 0, to be appended
   */
  public ModelVersion initial(TrainingPlan plan) {
    ModelParameters parameters = ModelParameters.initial(plan.model());
    ContentHash hash = artifacts.put(parameters.toBytes());
    return new ModelVersion(plan.id(), 0, 0, hash, null, null, parameters.size(), 0, null, now());
  }

  /**
   * Writes the files of the model that a round made.
   *
   * @param parent the version that the round's devices trained from
   * @param round its number
   * @param step the server step's result
   * @param update what went into it
   * @return the next version, to be appended
   */
  public ModelVersion successor(
      ModelVersion parent, long round, StepOutcome.Step step, MeanUpdate update) {
    ContentHash hash = artifacts.put(step.parameters().toBytes());
    OptimiserState state = step.state();
    return new ModelVersion(
        parent.plan(),
        parent.version() + 1,
        round,
        hash,
        parent.version(),
        state.isNone() ? null : artifacts.put(state.toBytes()),
        step.parameters().size(),
        update.clients(),
        Double.isNaN(update.meanLoss()) ? null : update.meanLoss(),
        now());
  }

  /**
   * Adds a version to the history.
   *
   * @throws DuplicateRowException if the version, or one of the same round, is there already
   */
  public void append(Transaction transaction, ModelVersion model) {
    transaction.update(
        "insert into model_version (plan_id, version, round, hash, parent, optimiser_state,"
            + " parameters, clients, mean_loss, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        model.plan().value(),
        model.version(),
        model.round(),
        model.hash().toHex(),
        model.parent(),
        model.optimiserState() == null ? null : model.optimiserState().toHex(),
        model.parameters(),
        model.clients(),
        model.meanLoss(),
        model.createdAt());
    transaction.afterCommit(revision::incrementAndGet);
  }

  /**
   * Another number whenever this registry has new versions to show: what was read after asking for
   * it is current as long as it stays the same. Says nothing of versions that another process
   * appends to the same table.
   */
  public long revision() {
    return revision.get();
  }

  /** The newest version of a plan's model; empty if no such plan was ever applied. */
  public Optional<ModelVersion> latest(PlanId plan) {
    return database.inTransaction(transaction -> latest(transaction, plan));
  }

  /** As {@link #latest(PlanId)}, as a transaction sees it. */
  public Optional<ModelVersion> latest(Transaction transaction, PlanId plan) {
    return transaction.first(
        ModelRegistry::read,
        SELECT + "where plan_id = ? order by version desc limit 1",
        plan.value());
  }

  /** One version. */
  public Optional<ModelVersion> find(PlanId plan, int version) {
    return database.inTransaction(transaction -> find(transaction, plan, version));
  }

  /** As {@link #find(PlanId, int)}, as a transaction sees it. */
  public Optional<ModelVersion> find(Transaction transaction, PlanId plan, int version) {
    return transaction.first(
        ModelRegistry::read, SELECT + "where plan_id = ? and version = ?", plan.value(), version);
  }

  /**
   * Versions in ascending order.
   *
   * @param after only those above; -1 for all
   * @param limit at most so many
   */
  public List<ModelVersion> list(PlanId plan, int after, int limit) {
    return database.inTransaction(
        transaction ->
            transaction.list(
                ModelRegistry::read,
                SELECT + "where plan_id = ? and version > ? order by version limit ?",
                plan.value(),
                after,
                limit));
  }

  /**
   * Loads the parameters of a version.
   *
   * @throws MissingArtifactException if its file is gone
   * @throws CorruptArtifactException if its file is not what was written
   */
  public ModelParameters parameters(ModelVersion model) {
    byte[] file = artifacts.read(model.hash()).orElseThrow(() -> missing(model));
    return ModelParameters.fromBytes(file, model.parameters());
  }

  /**
   * Loads the server optimiser's state behind a version; none if the rule has none.
   *
   * @throws MissingArtifactException if its file is gone
   * @throws CorruptArtifactException if its file is not what was written
   */
  public OptimiserState optimiserState(ModelVersion model) {
    ContentHash state = model.optimiserState();
    return state == null
        ? OptimiserState.none()
        : OptimiserState.fromBytes(
            artifacts
                .read(state)
                .orElseThrow(() -> new MissingArtifactException("optimiser state", state)),
            model.parameters());
  }

  /** The failure that the file of a version is gone. */
  public MissingArtifactException missing(ModelVersion model) {
    return new MissingArtifactException("model", model.hash());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static ModelVersion read(Row row) throws SQLException {
    String state = row.textOrNull("optimiser_state");
    return new ModelVersion(
        new PlanId(row.text("plan_id")),
        row.integer("version"),
        row.longInteger("round"),
        ContentHash.fromHex(row.text("hash")),
        row.integerOrNull("parent"),
        state == null ? null : ContentHash.fromHex(state),
        row.integer("parameters"),
        row.integer("clients"),
        row.numberOrNull("mean_loss"),
        row.instant("created_at"));
  }
}
