package io.tacit.coordinator.sessions;

import io.tacit.coordinator.database.Transaction;
import io.tacit.coordinator.privacy.PrivacyCharge;
import io.tacit.coordinator.privacy.PrivacyLedger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes transitions of sessions: durable first, then visible, then told. For the conductor's thread
 * alone.
 */
final class Transitions {

  private static final Logger LOG = Logger.getLogger(Transitions.class);

  private final SessionStore store;
  private final PrivacyLedger ledger;
  private final SessionLogs logs;
  private final SessionSums sums;
  private final Clock clock;
  private final SessionListener listener;
  private final SessionReader reader;

  Transitions(
      SessionStore store,
      PrivacyLedger ledger,
      SessionLogs logs,
      SessionSums sums,
      Clock clock,
      SessionListener listener,
      SessionReader reader) {
    this.store = store;
    this.ledger = ledger;
    this.logs = logs;
    this.sums = sums;
    this.clock = clock;
    this.listener = listener;
    this.reader = reader;
  }

  /** Makes a transition durable, then shows it. */
  void move(LiveSession session, SessionState state, @Nullable Duration time, Published published) {
    move(session, state, time, published, null);
  }

  /**
   * The same where the roster freezes.
   *
   * @param revocationList what is published with it, or null
   */
  void move(
      LiveSession session,
      SessionState state,
      @Nullable Duration time,
      Published published,
      byte @Nullable [] revocationList) {
    Session next =
        session
            .session()
            .moveTo(state, time == null ? null : now().plus(time), state.isOver() ? now() : null);
    session.setInDoubt(true);
    cut(next, Cut.Moment.BEFORE_COMMIT);
    store.move(next, revocationList, transaction -> charge(transaction, session, next));
    cut(next, Cut.Moment.AFTER_COMMIT);
    session.setInDoubt(false);
    show(session, next, published);
  }

  /**
   * Charges the sum of a session before it can be known: under masks before anybody is asked for
   * what takes them off, in the clear before the first update may come.
   */
  private void charge(Transaction transaction, LiveSession session, Session next) {
    int contributors =
        next.state() instanceof SessionState.Unmasking unmasking
            ? unmasking.u3().size()
            : next.state() instanceof SessionState.Collecting collecting
                ? collecting.rosterSize()
                : 0;
    if (contributors > 0) {
      ledger.charge(
          transaction,
          new PrivacyCharge(next.id(), next.round(), session.plan(), contributors, now()));
    }
  }

  private void show(LiveSession session, Session next, Published published) {
    session.publish(next, published, () -> cut(next, Cut.Moment.MID_SEND));
    if (next.state() instanceof SessionState.Aborted) {
      // Nothing of it will be used: what devices sent goes at once.
      sums.forget(next.id());
      logs.release(next.id());
    }
    tell(next);
    cut(next, Cut.Moment.AFTER_SEND);
  }

  /** Asks the database whether the transition came through that failed while it was written. */
  boolean cameThrough(LiveSession session) {
    Session stored = store.find(session.session().id()).orElseThrow();
    boolean moved = stored.revision() != session.session().revision();
    if (moved) {
      store.makeDurable();
      show(
          session,
          stored,
          reader.restore(
              stored,
              session.sessionContext(),
              session.log(),
              () -> store.revocationList(stored.id())));
    }
    session.setInDoubt(false);
    return moved;
  }

  private void tell(Session session) {
    LOG.infof(
        "Session %s, shard %d of round %s: %s",
        session.id(), session.number(), session.round(), session.state());
    listener.onTransition(session);
  }

  private void cut(Session session, Cut.Moment moment) {
    listener.onCut(new Cut("session." + session.state().word(), moment));
  }

  /** The sum is known: a session that has it is over. */
  void settle(LiveSession session, int[] lanes, int contributors) {
    SessionState state = session.session().state();
    int shared =
        state instanceof SessionState.Unmasking unmasking
            ? unmasking.u2().size()
            : state.rosterSize();
    session.keepSum(lanes);
    move(
        session,
        new SessionState.Summed(state.rosterSize(), shared, contributors, SumDigest.of(lanes)),
        null,
        session.published());
  }

  /** Ends a session that will have no sum. */
  void end(LiveSession session, String reason) {
    SessionState state = session.session().state();
    move(session, new SessionState.Aborted(state.rosterSize(), reason), null, Published.NOTHING);
  }

  /** Ends a session that can not be taken up; gives its last record. */
  Session giveUp(Session stored, String reason) {
    if (stored.state().isOver() && stored.state() instanceof SessionState.Aborted) {
      return stored;
    }
    Session ended =
        stored.moveTo(new SessionState.Aborted(stored.state().rosterSize(), reason), null, now());
    store.move(ended, null);
    logs.release(ended.id());
    tell(ended);
    return ended;
  }

  /** The time. */
  Instant now() {
    return clock.instant();
  }

  /** Whether a point in time has come. */
  boolean isPast(@Nullable Instant deadline) {
    return deadline != null && !now().isBefore(deadline);
  }
}
