package io.tacit.coordinator.rounds;

import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.privacy.PrivacyLedger;
import io.tacit.coordinator.sessions.LiveSession;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionCourse;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.plan.TrainingPlan;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Begins rounds, and puts together those that a stopped coordinator left. */
final class RoundOpener {

  private final RoundStore store;
  private final PrivacyLedger ledger;
  private final SessionCourse course;
  private final SecureRandom random;

  /** Who must not meet in the next round of a plan; for the conductor's thread alone. */
  private final Map<PlanId, Apart> apart = new HashMap<>();

  RoundOpener(RoundStore store, PrivacyLedger ledger, SessionCourse course, SecureRandom random) {
    this.store = store;
    this.ledger = ledger;
    this.course = course;
    this.random = random;
  }

  /**
   * A new round of a plan on the latest version of its model, durable when this returns. If it
   * fails, the row of the round may be there: look for it with {@link
   * RoundStore#unfinished(PlanId)} and take it up before opening another.
   */
  LiveRound open(TrainingPlan plan, ContentHash planHash, ModelVersion base, Instant now) {
    Round round =
        new Round(
            new RoundId(
                plan.id(), Math.max(store.lastNumber(plan.id()), ledger.lastLost(plan.id())) + 1),
            plan.version(),
            planHash,
            base.version(),
            base.hash(),
            new RoundState.Open(),
            0,
            0,
            0,
            now,
            null);
    List<Session> sessions = new ArrayList<>();
    for (int number = 1; number <= plan.sessionCount(); number++) {
      sessions.add(Session.open(round.id(), number, plan.suite(), random, now));
    }
    store.insert(round, sessions);
    List<LiveSession> live = new ArrayList<>();
    for (Session session : sessions) {
      live.add(course.open(session, plan, context(round, session)));
    }
    return live(round, plan, live, List.of());
  }

  /** The live form of a round. */
  LiveRound live(Round round, TrainingPlan plan, List<LiveSession> sessions, List<Session> lost) {
    SeatPlan seats =
        new SeatPlan(
            SeatPlan.shuffled(sessions, random::nextInt),
            plan.sessionSize(),
            plan.sessionMinimum(),
            apart.getOrDefault(round.id().plan(), Apart.NOBODY),
            random::nextInt);
    return new LiveRound(round, plan, sessions, lost, seats);
  }

  /** ctx0 of a session. */
  static byte[] context(Round round, Session session) {
    return Transcript.sessionContext(
        session.suite().number(),
        session.id(),
        round.planHash(),
        round.baseModel(),
        round.id().number());
  }

  /** A round is over: who accused whom will not meet in the next. */
  void remember(LiveRound over) {
    apart.put(over.round().id().plan(), new Apart(over.accusations()));
  }
}
