package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.CorruptLogException;
import io.tacit.coordinator.aggregation.SessionLog;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Moves sessions from stage to stage, for the conductor's one thread. In each transition it
 * validates, persists, then publishes; so whoever hears of a transition can rely on it, whatever
 * dies. Broken storage leaves a session where it is; the call is made again.
 */
public final class SessionCourse {

  private final SessionStore store;
  private final LiveSessions live;
  private final SessionLogs logs;
  private final SessionSums sums;
  private final Stages stages;
  private final Duration restartGrace;

  /**
   * How sessions move.
   *
   * @param transitions makes what the others decide
   * @param open moves those whose roster fills, and those of mode PLAIN
   * @param secure moves the others
   * @param reader reads what earlier processes published
   */
  record Stages(
      Transitions transitions, OpenStages open, SecureStages secure, SessionReader reader) {}

  /**
   * @param restartGrace time that a stage is given at least after a restart, as devices back off
   */
  SessionCourse(
      SessionStore store,
      LiveSessions live,
      SessionLogs logs,
      SessionSums sums,
      Stages stages,
      Duration restartGrace) {
    this.store = store;
    this.live = live;
    this.logs = logs;
    this.sums = sums;
    this.stages = stages;
    this.restartGrace = restartGrace;
  }

  // ---- beginning and end ----

  /** The live form of a new session whose record is durable. */
  public LiveSession open(Session session, TrainingPlan plan, byte[] sessionContext) {
    LiveSession opened =
        new LiveSession(session, plan, sessionContext, logs.open(session.id()), Published.NOTHING);
    live.add(opened);
    return opened;
  }

  /**
   * The live form of a session that an earlier process left: what it has published is read from its
   * log, and so are its facts.
   *
   * @throws DamagedSessionException if acknowledged records are damaged, or are not those that were
   *     published
   */
  public LiveSession takeUp(Session stored, TrainingPlan plan, byte[] sessionContext) {
    LiveSession resumed;
    try {
      SessionLog log = logs.open(stored.id());
      Published published =
          stages
              .reader()
              .restore(stored, sessionContext, log, () -> store.revocationList(stored.id()));
      resumed = new LiveSession(withGrace(stored), plan, sessionContext, log, published);
      Instant now = stages.transitions().now();
      stages.reader().restoreFacts(resumed, now);
      // Devices back off while the coordinator is away: their silence says nothing yet.
      resumed.facts().recordHeard(now.plus(restartGrace));
    } catch (CorruptLogException e) {
      throw DamagedSessionException.of(e);
    }
    live.add(resumed);
    return resumed;
  }

  /** Devices back off while the coordinator is away: give them time to come back. */
  private Session withGrace(Session session) {
    Instant deadline = session.deadline();
    Instant earliest = stages.transitions().now().plus(restartGrace);
    return deadline == null || deadline.isAfter(earliest)
        ? session
        : session.withDeadline(earliest);
  }

  /** Ends a session that can not be taken up; gives its last record. */
  public Session giveUp(Session stored, String reason) {
    return stored.state() instanceof SessionState.Aborted
        ? stored
        : stages.transitions().giveUp(stored, reason);
  }

  /** Ends a session, if it is not over. */
  public void abort(LiveSession session, String reason) {
    if (session.isInDoubt()) {
      stages.transitions().cameThrough(session);
    }
    if (!session.session().state().isOver()) {
      stages.transitions().end(session, reason);
    }
  }

  /** The round of this session is over: its sum and its log are no longer needed. */
  public void forget(LiveSession session) {
    live.remove(session);
    sums.forget(session.session().id());
    logs.release(session.session().id());
  }

  /** After a restart: the logs of all sessions but those of these rounds are no longer needed. */
  public void forgetAllBut(List<RoundId> unfinished) {
    Set<SessionId> kept = new HashSet<>();
    for (RoundId round : unfinished) {
      store.of(round).stream()
          .filter(session -> !(session.state() instanceof SessionState.Aborted))
          .forEach(session -> kept.add(session.id()));
    }
    logs.releaseAllBut(kept);
  }

  /** Deletes what is no longer needed of logs. */
  public void tidy() {
    logs.tidy();
  }

  // ---- stage by stage ----

  /**
   * Moves a session as far as its facts and the time allow, at most one transition.
   *
   * @param trainingIsOver whether the time is over in which devices may join
   */
  public void advance(LiveSession session, boolean trainingIsOver) {
    if (session.isInDoubt() && stages.transitions().cameThrough(session)) {
      return;
    }
    try {
      step(session, trainingIsOver);
    } catch (CorruptLogException e) {
      giveUp(session, DamagedSessionException.of(e));
    } catch (DamagedSessionException e) {
      giveUp(session, e);
    }
  }

  private void giveUp(LiveSession session, DamagedSessionException damaged) {
    stages.transitions().end(session, String.valueOf(damaged.getMessage()));
  }

  private void step(LiveSession session, boolean trainingIsOver) {
    SessionState state = session.session().state();
    if (state instanceof SessionState.Open) {
      stages.open().advanceOpen(session, trainingIsOver);
    } else if (state instanceof SessionState.Collecting collecting) {
      stages.open().advanceCollecting(session, collecting);
    } else if (!state.isOver()) {
      stages.secure().advance(session);
    } else if (state instanceof SessionState.Summed summed && session.lacksSum()) {
      stages.secure().findSumAgain(session, summed);
    }
  }
}
