package io.tacit.coordinator;

import io.tacit.coordinator.aggregation.SpoolSettings;
import io.tacit.coordinator.aggregation.SpoolUpdateLog;
import io.tacit.coordinator.aggregation.UpdateLog;
import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.rounds.RoundConductor;
import io.tacit.coordinator.rounds.RoundDepartment;
import io.tacit.coordinator.rounds.RoundListener;
import io.tacit.coordinator.rounds.RoundSettings;
import io.tacit.coordinator.rounds.RoundStore;
import io.tacit.coordinator.rounds.Rounds;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * A coordinator: its features put together over one data directory.
 *
 * <pre>
 *   DIRECTORY/metadata.mv.db   plans, rounds, model versions (H2)
 *   DIRECTORY/artifacts/       plans, models, optimiser states, catalogues, by content hash
 *   DIRECTORY/spool/           what clients sent, one directory per session going on
 *   DIRECTORY/ticket.key       secret of session tickets, readable by its owner only
 * </pre>
 */
public final class Coordinator implements AutoCloseable {

  private final Database database;
  private final UpdateLog log;
  private final ArtifactStore artifacts;
  private final ModelRegistry models;
  private final PlanRegistry plans;
  private final RoundDepartment rounds;

  /**
   * Over parts that are open already; closing it closes them.
   *
   * @param storage where things are kept
   * @param settings limits and pace of rounds
   * @param clock the time
   * @param random for session ids
   * @param listener hears of each transition
   */
  public Coordinator(
      Storage storage,
      RoundSettings settings,
      Clock clock,
      SecureRandom random,
      RoundListener listener) {
    this.database = storage.database();
    this.log = storage.log();
    this.artifacts = storage.artifacts();
    this.models = new ModelRegistry(database, artifacts, clock);
    this.plans = new PlanRegistry(database, artifacts, models, clock);
    this.rounds =
        RoundDepartment.over(
            new RoundDepartment.Neighbours(database, log, models, plans),
            settings,
            storage.ticketKey(),
            clock,
            random,
            listener);
  }

  /**
   * Where a coordinator keeps things.
   *
   * @param database metadata, migrated
   * @param artifacts plans, models, optimiser states, catalogues
   * @param log what clients send
   * @param ticketKey 32 secret bytes, the same after a restart
   */
  public record Storage(
      Database database, ArtifactStore artifacts, UpdateLog log, byte[] ticketKey) {

    /**
     * Opens, or makes, a data directory.
     *
     * @throws java.io.UncheckedIOException if it can not be made or written
     */
    public static Storage open(Path directory, SpoolSettings spool, Clock clock) {
      DataDirectory data = DataDirectory.open(directory);
      return new Storage(
          Database.openFile(data.database()),
          new ArtifactStore(data.artifacts()),
          new SpoolUpdateLog(data.spool(), spool, clock),
          data.ticketKey(new SecureRandom()));
    }

    @Override
    public String toString() {
      return "Storage";
    }
  }

  /** Plans and models on it: what administration works with. */
  public PlanRegistry plans() {
    return plans;
  }

  /** Versions of models. */
  public ModelRegistry models() {
    return models;
  }

  /** Plans, models and catalogues by content hash. */
  public ArtifactStore artifacts() {
    return artifacts;
  }

  /** What devices ask. */
  public Rounds rounds() {
    return rounds.rounds();
  }

  /** The history of rounds. */
  public RoundStore roundStore() {
    return rounds.store();
  }

  /** What moves rounds; to be started. */
  public RoundConductor conductor() {
    return rounds.conductor();
  }

  /** Stops conducting, then closes the storage. Nothing is lost: rounds go on after a restart. */
  @Override
  public void close() {
    rounds.close();
    log.close();
    database.close();
  }
}
