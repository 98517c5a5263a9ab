package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.SessionLog;
import io.tacit.coordinator.aggregation.UpdateLog;
import io.tacit.protocol.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/** The logs of the sessions of rounds, and the tidying up behind them. For one thread. */
final class SessionLogs {

  /** A partial upload whose last chunk is older than this is given up. */
  static final Duration PARTIAL_UPLOAD_AGE_MAX = Duration.ofMinutes(10);

  /** How often partial uploads are looked at. */
  static final Duration PARTIAL_UPLOAD_LOOK_EVERY = Duration.ofMinutes(1);

  private final UpdateLog log;
  private final Clock clock;

  /** Sessions that are over, until their logs are deleted. */
  private final Set<SessionId> over = new HashSet<>();

  private Instant nextLook;

  SessionLogs(UpdateLog log, Clock clock) {
    this.log = log;
    this.clock = clock;
    this.nextLook = clock.instant().plus(PARTIAL_UPLOAD_LOOK_EVERY);
  }

  SessionLog open(SessionId session) {
    return log.open(session);
  }

  /** The round of this session is over: its log goes with the next {@link #tidy}. */
  void release(SessionId session) {
    over.add(session);
  }

  /** After a restart: all other sessions are those of rounds that are over. */
  void releaseAllBut(Set<SessionId> unfinished) {
    for (SessionId session : log.sessions()) {
      if (!unfinished.contains(session)) {
        over.add(session);
      }
    }
  }

  /** Deletes what is no longer needed; what fails is tried again with the next call. */
  void tidy() {
    for (Iterator<SessionId> sessions = over.iterator(); sessions.hasNext(); ) {
      log.drop(sessions.next());
      sessions.remove();
    }
    Instant now = clock.instant();
    if (!now.isBefore(nextLook)) {
      nextLook = now.plus(PARTIAL_UPLOAD_LOOK_EVERY);
      log.expireStaged(now.minus(PARTIAL_UPLOAD_AGE_MAX));
    }
  }
}
