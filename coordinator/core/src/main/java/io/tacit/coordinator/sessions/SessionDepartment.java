package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.UpdateLog;
import io.tacit.coordinator.privacy.PrivacyLedger;
import io.tacit.protocol.WireLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The parts of this package, put together: what devices ask, and what moves sessions. */
public final class SessionDepartment implements AutoCloseable {

  /** Signatures and look-ups that wait for a thread; beyond them, callers are told to come back. */
  private static final int QUEUED_MAX = 20_000;

  /** A roster of the largest size comes again and again; about 20 MB. */
  private static final int MEMBERS_MAX = WireLimits.ROSTER_MAX;

  private final LiveSessions live = new LiveSessions();
  private final SessionStore store;
  private final SessionCourse course;
  private final Limits limits;
  private final Environment environment;
  private final DeviceSignatures signatures = new DeviceSignatures(MEMBERS_MAX);
  private final ThreadPoolExecutor workers = newWorkers();
  private final MaskPool maskPool = MaskPool.ofAllCores();

  /**
   * Limits of sessions.
   *
   * @param awaitCallsMax calls of Await held at a time
   * @param restartGrace time that a stage is given at least after a restart
   * @param checkpointBytes how much of a log may be folded again after a crash
   */
  public record Limits(int awaitCallsMax, Duration restartGrace, long checkpointBytes) {}

  /**
   * What sessions find around them.
   *
   * @param clock the time
   * @param trust vouches for devices
   * @param listener hears of transitions and cuts
   */
  public record Environment(Clock clock, DeviceTrust trust, SessionListener listener) {}

  /** Over the table of sessions, the ledger that they charge, and what clients send. */
  public SessionDepartment(
      SessionStore store,
      PrivacyLedger ledger,
      UpdateLog log,
      Limits limits,
      Environment environment) {
    this.store = store;
    this.limits = limits;
    this.environment = environment;
    SessionLogs logs = new SessionLogs(log, environment.clock());
    SessionSums sums = new SessionSums(limits.checkpointBytes());
    SessionReader reader = new SessionReader(signatures);
    Transitions transitions =
        new Transitions(
            store, ledger, logs, sums, environment.clock(), environment.listener(), reader);
    this.course =
        new SessionCourse(
            store,
            live,
            logs,
            sums,
            new SessionCourse.Stages(
                transitions,
                new OpenStages(transitions, sums, environment.trust(), reader),
                new SecureStages(transitions, sums, new Unmasker(maskPool), reader),
                reader),
            limits.restartGrace());
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
          Thread thread = new Thread(task, "session-worker");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** What moves sessions. */
  public SessionCourse course() {
    return course;
  }

  /**
   * What devices ask.
   *
   * @param ticketKey 32 secret bytes, the same after a restart
   * @param endings of rounds
   * @param wakeConductor tells it that there are new facts; must not block
   */
  public Sessions sessions(byte[] ticketKey, Endings endings, Runnable wakeConductor) {
    return new Sessions(
        live,
        store,
        endings,
        new Tickets(ticketKey),
        new StageWaits(limits.awaitCallsMax(), workers),
        new Sessions.Workers(
            environment.clock(),
            workers,
            wakeConductor,
            new StageChecks(signatures, environment.trust()),
            environment.listener()));
  }

  @Override
  public void close() {
    workers.shutdown();
    maskPool.close();
  }
}
