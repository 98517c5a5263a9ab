package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.UpdateLog;
import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.metrics.MetricLedger;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.privacy.PrivacyLedger;
import io.tacit.coordinator.sessions.DeviceTrust;
import io.tacit.coordinator.sessions.SessionDepartment;
import io.tacit.coordinator.sessions.SessionStore;
import io.tacit.coordinator.sessions.Sessions;
import java.security.SecureRandom;
import java.time.Clock;

/** The parts of this package and its sessions, put together. */
public final class RoundDepartment implements AutoCloseable {

  private final Rounds rounds;
  private final Sessions sessions;
  private final RoundConductor conductor;
  private final RoundStore store;
  private final SessionStore sessionStore;
  private final SessionDepartment department;

  private RoundDepartment(
      Rounds rounds,
      Sessions sessions,
      RoundConductor conductor,
      RoundStore store,
      SessionStore sessionStore,
      SessionDepartment department) {
    this.rounds = rounds;
    this.sessions = sessions;
    this.conductor = conductor;
    this.store = store;
    this.sessionStore = sessionStore;
    this.department = department;
  }

  /**
   * The features that rounds build on.
   *
   * @param database of the tables of rounds and sessions
   * @param log what clients send
   * @param artifacts gets the records of rounds
   * @param models gets the new versions
   * @param plans says which rounds to run
   * @param metrics gets what devices measured
   * @param ledger what rounds let be learnt, and may
   */
  public record Neighbours(
      Database database,
      UpdateLog log,
      ArtifactStore artifacts,
      ModelRegistry models,
      PlanRegistry plans,
      MetricLedger metrics,
      PrivacyLedger ledger) {}

  /**
   * What rounds find around them.
   *
   * @param ticketKey 32 secret bytes, the same after a restart
   * @param clock the time
   * @param random for session ids, shards, noise that the coordinator adds, and the jitter of
   *     pacing
   * @param trust vouches for devices
   * @param listener hears of transitions and cuts
   */
  public record Environment(
      byte[] ticketKey,
      Clock clock,
      SecureRandom random,
      DeviceTrust trust,
      RoundListener listener) {

    @Override
    public String toString() {
      return "Environment";
    }
  }

  /**
   * Puts the parts together and takes up the rounds that an earlier process left, so that devices
   * may be let in at once; nothing moves before the conductor is started.
   */
  public static RoundDepartment over(
      Neighbours neighbours, RoundSettings settings, Environment environment) {
    SessionStore sessionStore = new SessionStore(neighbours.database());
    RoundStore store = new RoundStore(neighbours.database(), sessionStore);
    SessionDepartment department =
        new SessionDepartment(
            sessionStore,
            neighbours.ledger(),
            neighbours.log(),
            new SessionDepartment.Limits(
                settings.awaitCallsMax(), settings.restartGrace(), settings.checkpointBytes()),
            new SessionDepartment.Environment(
                environment.clock(), environment.trust(), environment.listener()));
    LiveRounds live = new LiveRounds();
    SecureRandom random = environment.random();
    PaceSteering pace = new PaceSteering(settings.comeBackMin(), random::nextDouble);
    RoundOpener opener = new RoundOpener(store, neighbours.ledger(), department.course(), random);
    RoundConductor conductor =
        new RoundConductor(
            neighbours.plans(),
            store,
            live,
            new RoundConductor.Steps(
                neighbours.ledger(),
                opener,
                new RoundRecovery(neighbours.plans(), sessionStore, department.course(), opener),
                department.course(),
                new RoundCloser(
                    store,
                    neighbours.models(),
                    neighbours.artifacts(),
                    new RoundCompletion(
                        neighbours.database(),
                        store,
                        neighbours.models(),
                        neighbours.plans(),
                        neighbours.metrics()),
                    random)),
            new RoundConductor.Conduct(
                environment.clock(), settings, pace, environment.listener()));
    conductor.recover();
    return new RoundDepartment(
        new Rounds(live, pace, environment.clock()),
        department.sessions(environment.ticketKey(), new RoundEndings(store), conductor::wake),
        conductor,
        store,
        sessionStore,
        department);
  }

  /** What devices ask before they are in a session. */
  public Rounds rounds() {
    return rounds;
  }

  /** What they ask of their session. */
  public Sessions sessions() {
    return sessions;
  }

  /** What moves rounds. */
  public RoundConductor conductor() {
    return conductor;
  }

  /** Their history. */
  public RoundStore store() {
    return store;
  }

  /** The history of sessions. */
  public SessionStore sessionStore() {
    return sessionStore;
  }

  @Override
  public void close() {
    conductor.close();
    department.close();
  }
}
