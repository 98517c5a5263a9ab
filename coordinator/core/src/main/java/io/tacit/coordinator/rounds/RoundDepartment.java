package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.UpdateLog;
import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKeyCache;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The parts of this package, put together: what devices ask, what moves rounds, their history. */
public final class RoundDepartment implements AutoCloseable {

  /** Signatures and look-ups that wait for a thread; beyond them, callers are told to come back. */
  private static final int QUEUED_MAX = 20_000;

  /** A roster of the largest size comes again and again; about 10 MB. */
  private static final int IDENTITY_KEYS_MAX = WireLimits.ROSTER_MAX;

  private final Rounds rounds;
  private final RoundConductor conductor;
  private final RoundStore store;
  private final ThreadPoolExecutor workers;

  private RoundDepartment(
      Rounds rounds, RoundConductor conductor, RoundStore store, ThreadPoolExecutor workers) {
    this.rounds = rounds;
    this.conductor = conductor;
    this.store = store;
    this.workers = workers;
  }

  /**
   * The features that rounds build on.
   *
   * @param database of the table of rounds
   * @param log what clients send
   * @param models gets the new versions
   * @param plans says which rounds to run
   */
  public record Neighbours(
      Database database, UpdateLog log, ModelRegistry models, PlanRegistry plans) {}

  /**
   * Puts the parts together and takes up the rounds that an earlier process left, so that devices
   * may be let in at once; nothing moves before the conductor is started.
   *
   * @param ticketKey 32 secret bytes, the same after a restart
   * @param random for session ids and for the jitter of pacing
   */
  public static RoundDepartment over(
      Neighbours neighbours,
      RoundSettings settings,
      byte[] ticketKey,
      Clock clock,
      SecureRandom random,
      RoundListener listener) {
    RoundStore store = new RoundStore(neighbours.database());
    SessionLogs logs = new SessionLogs(neighbours.log(), clock);
    LiveRounds live = new LiveRounds();
    PaceSteering pace = new PaceSteering(settings.comeBackMin(), random::nextDouble);
    RoundConductor conductor =
        new RoundConductor(
            neighbours.plans(),
            store,
            live,
            new RoundOpener(store, logs, random),
            new RoundCloser(
                neighbours.database(),
                store,
                neighbours.models(),
                neighbours.plans(),
                logs,
                settings.checkpointBytes()),
            new RoundConductor.Conduct(clock, settings, pace, listener));
    conductor.recover();
    ThreadPoolExecutor workers = newWorkers();
    Rounds rounds =
        new Rounds(
            live,
            store,
            new Tickets(ticketKey),
            pace,
            new StageWaits(settings.awaitCallsMax()),
            new Rounds.Workers(
                clock, workers, conductor::wake, new IdentityKeyCache(IDENTITY_KEYS_MAX)));
    return new RoundDepartment(rounds, conductor, store, workers);
  }

  private static ThreadPoolExecutor newWorkers() {
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    return new ThreadPoolExecutor(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(QUEUED_MAX),
        task -> {
          Thread thread = new Thread(task, "round-worker");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** What devices ask. */
  public Rounds rounds() {
    return rounds;
  }

  /** What moves rounds. */
  public RoundConductor conductor() {
    return conductor;
  }

  /** Their history. */
  public RoundStore store() {
    return store;
  }

  @Override
  public void close() {
    conductor.close();
    workers.shutdown();
  }
}
