package io.tacit.coordinator;

import io.tacit.coordinator.aggregation.SpoolSettings;
import io.tacit.coordinator.aggregation.SpoolUpdateLog;
import io.tacit.coordinator.aggregation.UpdateLog;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.metrics.MetricLedger;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.privacy.PrivacyLedger;
import io.tacit.coordinator.release.CurrentModels;
import io.tacit.coordinator.release.GuardRules;
import io.tacit.coordinator.release.GuardSettings;
import io.tacit.coordinator.release.ReleaseGuard;
import io.tacit.coordinator.release.ReleaseRegistry;
import io.tacit.coordinator.rounds.RoundConductor;
import io.tacit.coordinator.rounds.RoundDepartment;
import io.tacit.coordinator.rounds.RoundListener;
import io.tacit.coordinator.rounds.RoundSettings;
import io.tacit.coordinator.rounds.RoundStore;
import io.tacit.coordinator.rounds.Rounds;
import io.tacit.coordinator.sessions.DeviceTrust;
import io.tacit.coordinator.sessions.SessionStore;
import io.tacit.coordinator.sessions.Sessions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * A coordinator: its features put together over one data directory.
 *
 * <pre>
 *   DIRECTORY/metadata.mv.db   plans, rounds, model versions, releases, audit log (H2)
 *   DIRECTORY/artifacts/       plans, models, optimiser states, catalogues, by content hash
 *   DIRECTORY/spool/           what clients sent, one directory per session going on
 *   DIRECTORY/lock             held by the one coordinator that uses the directory
 *   DIRECTORY/ticket.key       secret of session tickets, readable by its owner only
 * </pre>
 */
public final class Coordinator implements AutoCloseable {

  private final Storage storage;
  private final Clock clock;
  private final ModelRegistry models;
  private final PlanRegistry plans;
  private final ReleaseRegistry releases;
  private final MetricLedger metrics;
  private final ReleaseGuard guard;
  private final CurrentModels currentModels;
  private final RoundDepartment rounds;
  private final AuditLog audit;
  private final PrivacyLedger privacy;

  /** One that takes any device; see the other. */
  public Coordinator(
      Storage storage,
      RoundSettings settings,
      Clock clock,
      SecureRandom random,
      RoundListener listener) {
    this(storage, settings, clock, random, DeviceTrust.ANYONE, listener);
  }

  /**
   * Over parts that are open already; closing it closes them.
   *
   * @param storage where things are kept
   * @param settings limits and pace of rounds
   * @param clock the time
   * @param random for session ids, shards and noise
   * @param trust vouches for the devices of secure sessions
   * @param listener hears of each transition
   */
  public Coordinator(
      Storage storage,
      RoundSettings settings,
      Clock clock,
      SecureRandom random,
      DeviceTrust trust,
      RoundListener listener) {
    this.storage = storage;
    this.clock = clock;
    this.models = new ModelRegistry(storage.database(), storage.artifacts(), clock);
    this.plans = new PlanRegistry(storage.database(), storage.artifacts(), models, clock);
    this.releases = new ReleaseRegistry(storage.database(), models, clock);
    this.metrics = new MetricLedger(storage.database(), models);
    this.guard =
        new ReleaseGuard(
            storage.database(),
            models,
            releases,
            metrics,
            new GuardRules(plans, GuardSettings.DEFAULTS),
            clock);
    this.currentModels = new CurrentModels(plans, models, releases, clock);
    this.audit = new AuditLog(storage.database(), clock);
    this.privacy = new PrivacyLedger(storage.database());
    this.rounds =
        RoundDepartment.over(
            new RoundDepartment.Neighbours(
                storage.database(),
                storage.log(),
                storage.artifacts(),
                models,
                plans,
                metrics,
                privacy),
            settings,
            new RoundDepartment.Environment(storage.ticketKey(), clock, random, trust, listener));
  }

  /**
   * Where a coordinator keeps things.
   *
   * @param database metadata, migrated
   * @param artifacts plans, models, optimiser states, catalogues
   * @param log what clients send
   * @param ticketKey 32 secret bytes, the same after a restart
   * @param whenClosed lets go of what they lie in
   */
  public record Storage(
      Database database,
      ArtifactStore artifacts,
      UpdateLog log,
      byte[] ticketKey,
      Runnable whenClosed)
      implements AutoCloseable {

    /** Parts that lie nowhere in common, such as those of a simulation. */
    public Storage(Database database, ArtifactStore artifacts, UpdateLog log, byte[] ticketKey) {
      this(database, artifacts, log, ticketKey, () -> {});
    }

    /**
     * Opens, or makes, a data directory.
     *
     * @throws java.io.UncheckedIOException if it can not be made or written, or another coordinator
     *     uses it
     */
    public static Storage open(Path directory, SpoolSettings spool, Clock clock) {
      DataDirectory data = DataDirectory.open(directory);
      try {
        return open(data, spool, clock);
      } catch (RuntimeException e) {
        data.close();
        throw e;
      }
    }

    private static Storage open(DataDirectory data, SpoolSettings spool, Clock clock) {
      byte[] ticketKey = data.ticketKey(new SecureRandom());
      ArtifactStore artifacts = new ArtifactStore(data.artifacts());
      UpdateLog log = new SpoolUpdateLog(data.spool(), spool, clock);
      try {
        return new Storage(
            Database.openFile(data.database()), artifacts, log, ticketKey, data::close);
      } catch (RuntimeException e) {
        log.close();
        throw e;
      }
    }

    @Override
    public void close() {
      try (database;
          log) {
        // Nothing: closing them is all.
      } finally {
        whenClosed.run();
      }
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

  /** Which of them owners released. */
  public ReleaseRegistry releases() {
    return releases;
  }

  /** What devices measured of them. */
  public MetricLedger metrics() {
    return metrics;
  }

  /** Which of them may be released by that. */
  public ReleaseGuard guard() {
    return guard;
  }

  /** What people did. */
  public AuditLog audit() {
    return audit;
  }

  /** Its time. */
  public Clock clock() {
    return clock;
  }

  /** What sums told about devices. */
  public PrivacyLedger privacy() {
    return privacy;
  }

  /** What devices recommend with. */
  public CurrentModels currentModels() {
    return currentModels;
  }

  /** Plans, models and catalogues by content hash. */
  public ArtifactStore artifacts() {
    return storage.artifacts();
  }

  /** What devices ask before they are in a session. */
  public Rounds rounds() {
    return rounds.rounds();
  }

  /** What they ask of their session. */
  public Sessions sessions() {
    return rounds.sessions();
  }

  /** The history of sessions. */
  public SessionStore sessionStore() {
    return rounds.sessionStore();
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
    storage.close();
  }
}
