package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.MaskedSum;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The roster of a session, and what follows it in mode PLAIN. For the conductor's thread alone. */
final class OpenStages {

  private final Transitions transitions;
  private final SessionSums sums;
  private final DeviceTrust trust;
  private final SessionReader reader;

  /**
   * @param trust has the list that is published with rosters
   */
  OpenStages(Transitions transitions, SessionSums sums, DeviceTrust trust, SessionReader reader) {
    this.transitions = transitions;
    this.sums = sums;
    this.trust = trust;
    this.reader = reader;
  }

  void advanceOpen(LiveSession session, boolean trainingIsOver) {
    // In this order: devices join meanwhile, and who filled the roster must be counted as present.
    int joined = session.joinedCount();
    boolean full = joined >= session.plan().sessionSize();
    int present = session.facts().presentBeforeRoster();
    int minimum = session.plan().sessionMinimum();
    boolean waitsNoMore = full || trainingIsOver || transitions.isPast(rosterDeadline(session));
    if (waitsNoMore && present >= minimum) {
      freezeRoster(session);
    } else if (trainingIsOver) {
      transitions.end(
          session,
          present
              + " devices had joined when the time to train was over, the plan asks for at least "
              + minimum);
    } else if (full) {
      transitions.end(
          session,
          "the roster is full but only "
              + present
              + " devices have not left again, the plan asks for at least "
              + minimum);
    }
  }

  /** When a roster that has its minimum waits no longer; null while nobody has joined. */
  private static @Nullable Instant rosterDeadline(LiveSession session) {
    Instant first = session.firstJoinedAt();
    return first == null ? null : first.plus(session.plan().deadlines().advertise());
  }

  private void freezeRoster(LiveSession session) {
    session.log().freeze(Stage.ADVERTISE);
    // What is durable in the log is the roster; an answer that is still on its way to us included.
    if (!session.suite().isSecure()) {
      PlainRoster roster = SessionReader.plainRoster(session.log());
      roster.clients().forEach(client -> session.facts().recordJoined(client, transitions.now()));
      transitions.move(
          session,
          new SessionState.Collecting(roster.size(), roster.hash()),
          session.plan().deadlines().input(),
          Published.NOTHING);
      return;
    }
    byte[] revocationList = trust.revocationList();
    Published published =
        reader.roster(session.suite(), session.sessionContext(), session.log(), revocationList);
    published
        .roster()
        .members()
        .forEach(client -> session.facts().recordJoined(client, transitions.now()));
    transitions.move(
        session,
        new SessionState.RosterFrozen(
            published.roster().size(), ContentHash.fromDigest(published.roster().ctx1())),
        session.plan().deadlines().shareKeys(),
        published,
        revocationList);
  }

  void advanceCollecting(LiveSession session, SessionState.Collecting collecting) {
    sums.foldWhatCame(session);
    SessionFacts facts = session.facts();
    int present = facts.present(Stage.INPUT, facts.answered(Stage.ADVERTISE));
    if (facts.count(Stage.INPUT) < present && !transitions.isPast(session.session().deadline())) {
      return;
    }
    session.log().freeze(Stage.INPUT);
    MaskedSum sum = sums.foldWhatCame(session);
    int minimum = session.plan().sessionMinimum();
    if (sum.members().size() < minimum) {
      transitions.end(
          session,
          sum.members().size()
              + " of "
              + collecting.rosterSize()
              + " devices had brought their update when the round closed, the plan asks for at"
              + " least "
              + minimum);
      return;
    }
    transitions.settle(session, sum.snapshot().sum(), sum.members().size());
  }
}
