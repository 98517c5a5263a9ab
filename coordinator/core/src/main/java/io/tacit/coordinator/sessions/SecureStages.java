package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.MaskedSum;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The stages that mode PLAIN lacks: shares, masked updates, signatures, unmasking. Each freezes as
 * soon as everyone who is still there has answered, or enough have and the others are silent, and
 * at its deadline with those who have; with too few the session ends. For the conductor's thread
 * alone.
 */
final class SecureStages {

  private static final Logger LOG = Logger.getLogger(SecureStages.class);

  private final Transitions transitions;
  private final SessionSums sums;
  private final Unmasker unmasker;
  private final SessionReader reader;

  SecureStages(Transitions transitions, SessionSums sums, Unmasker unmasker, SessionReader reader) {
    this.transitions = transitions;
    this.sums = sums;
    this.unmasker = unmasker;
    this.reader = reader;
  }

  /** Moves a session whose roster is frozen, at most one transition. */
  void advance(LiveSession session) {
    SessionState state = session.session().state();
    if (state instanceof SessionState.SharesFrozen) {
      sums.foldWhatCame(session);
    }
    if (!isStageOver(session, state.stage())) {
      return;
    }
    if (state instanceof SessionState.RosterFrozen frozen) {
      freezeShares(session, frozen);
    } else if (state instanceof SessionState.SharesFrozen frozen) {
      freezeInputs(session, frozen);
    } else if (state instanceof SessionState.InputsFrozen frozen) {
      freezeSignatures(session, frozen);
    } else if (state instanceof SessionState.Unmasking unmasking) {
      unmask(session, unmasking);
    }
  }

  /** Whether all who are there have answered, too few can, or the time is over. */
  private boolean isStageOver(LiveSession session, Stage stage) {
    SessionFacts facts = session.facts();
    Collection<ClientId> expected = session.published().expected(stage);
    int present = facts.present(stage, expected);
    long answered = expected.stream().filter(client -> facts.hasAnswered(client, stage)).count();
    return answered >= present
        || present < needed(session, stage)
        || areOthersGone(session, stage, answered)
        || transitions.isPast(session.session().deadline());
  }

  private boolean areOthersGone(LiveSession session, Stage stage, long answered) {
    Published published = session.published();
    Instant heardAt = session.facts().heardAt();
    return heardAt != null
        && answered
            >= Silence.answersNeeded(
                stage, published.roster().size(), published.threshold(), needed(session, stage))
        && transitions.isPast(heardAt.plus(Silence.within(stage, session.plan().deadlines())));
  }

  private static int needed(LiveSession session, Stage stage) {
    return session.published().needed(stage, session.plan().aggregation().shards().survivors());
  }

  /** Ends the session if too few have answered a stage. */
  private boolean areEnough(LiveSession session, int answered, int expected, String done) {
    int needed = needed(session, session.session().state().stage());
    if (answered >= needed) {
      return true;
    }
    transitions.end(
        session,
        "only "
            + answered
            + " of "
            + expected
            + " devices had "
            + done
            + " when stage "
            + session.session().state().stage()
            + " closed, at least "
            + needed
            + " are needed");
    return false;
  }

  private void freezeShares(LiveSession session, SessionState.RosterFrozen frozen) {
    session.log().freeze(Stage.SHARE_KEYS);
    Published next = reader.shares(session.suite(), session.published(), session.log());
    if (areEnough(session, next.shares().u2().size(), frozen.rosterSize(), "shared their keys")) {
      transitions.move(
          session,
          new SessionState.SharesFrozen(
              frozen.rosterSize(), frozen.rosterHash(), next.shares().u2()),
          session.plan().deadlines().input(),
          next);
    }
  }

  private void freezeInputs(LiveSession session, SessionState.SharesFrozen frozen) {
    session.log().freeze(Stage.INPUT);
    Published next = SessionReader.inputs(session.published(), session.log());
    if (areEnough(session, next.inputs().u3().size(), frozen.u2().size(), "brought their update")) {
      transitions.move(
          session,
          new SessionState.InputsFrozen(
              frozen.rosterSize(), frozen.rosterHash(), next.shares().u2(), next.inputs().u3()),
          session.plan().deadlines().consistency(),
          next);
    }
  }

  private void freezeSignatures(LiveSession session, SessionState.InputsFrozen frozen) {
    session.log().freeze(Stage.CONSISTENCY);
    Published next = SessionReader.signatures(session.published(), session.log());
    if (areEnough(
        session, next.signatures().signers().size(), frozen.u3().size(), "signed the survivors")) {
      transitions.move(
          session,
          new SessionState.Unmasking(
              frozen.rosterSize(), frozen.rosterHash(), frozen.u2(), frozen.u3()),
          session.plan().deadlines().unmask(),
          next);
    }
  }

  private void unmask(LiveSession session, SessionState.Unmasking unmasking) {
    session.log().freeze(Stage.UNMASK);
    int answered = StageRecords.sizes(session.log(), Stage.UNMASK).size();
    if (!areEnough(session, answered, unmasking.u3().size(), "revealed their shares")) {
      return;
    }
    int[] lanes;
    try {
      lanes = sum(session);
    } catch (BadShareException e) {
      transitions.end(session, "the sum can not be unmasked: " + e.getMessage());
      return;
    }
    TrainingPlan plan = session.plan();
    int contributors = unmasking.u3().size();
    Optional<String> flaw = SumGate.of(plan).flaw(lanes, contributors);
    if (flaw.isPresent()) {
      transitions.end(session, "quarantined, it can not come from honest devices: " + flaw.get());
    } else {
      transitions.settle(session, lanes, contributors);
    }
  }

  /** The sum without masks. Repeatable: all that it comes from is in the log. */
  private int[] sum(LiveSession session) {
    MaskedSum folded = sums.foldWhatCame(session);
    int[] lanes = folded.snapshot().sum();
    Set<Integer> liars = unmasker.unmask(evidence(session), lanes);
    if (!liars.isEmpty()) {
      // By index on the roster, which is public: no name, no share.
      LOG.warnf("Session %s: members %s revealed wrong shares", session.session().id(), liars);
    }
    return lanes;
  }

  private MaskEvidence evidence(LiveSession session) {
    Published published = session.published();
    FrozenRoster roster = published.roster();
    return new MaskEvidence(
        session.suite(),
        session.sessionContext(),
        roster.ctx1(),
        published.threshold(),
        published.shares().u2(),
        published.inputs().u3(),
        roster.maskKeys(),
        reader.keyShares(session.suite(), roster, session.log()),
        reader.revealed(published, session.log()));
  }

  /** After a restart: the sum is not stored, but all that it came from is. */
  void findSumAgain(LiveSession session, SessionState.Summed summed) {
    int[] lanes;
    try {
      lanes =
          session.suite().isSecure() ? sum(session) : sums.foldWhatCame(session).snapshot().sum();
    } catch (BadShareException e) {
      throw new DamagedSessionException("its sum can not be unmasked again: " + e.getMessage());
    }
    if (!SumDigest.of(lanes).equals(summed.sumDigest())) {
      throw new DamagedSessionException("its sum is not the one that was found before");
    }
    session.keepSum(lanes);
  }
}
