package io.tacit.coordinator.rounds;

import io.tacit.coordinator.sessions.LiveSession;
import io.tacit.coordinator.sessions.Session;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What devices ask before they are in a session: for work, and where to bring it. Every call
 * checks, records a fact and returns; none moves a round or blocks. Thread-safe.
 */
public final class Rounds {

  private final LiveRounds live;
  private final PaceSteering pace;
  private final Clock clock;

  Rounds(LiveRounds live, PaceSteering pace, Clock clock) {
    this.live = live;
    this.pace = pace;
    this.clock = clock;
  }

  /**
   * A device asks for work. The same device gets the same work again until it has joined.
   *
   * @param population the app's population
   * @param client the device; unproven, so only for selection
   * @param modelKinds what it can train
   */
  public PollOutcome poll(String population, ClientId client, Set<String> modelKinds) {
    ComeBack.Reason reason = ComeBack.Reason.NO_ROUND;
    LiveRound turning = null;
    for (LiveRound round : live.all()) {
      if (!round.plan().population().equals(population)
          || !(round.round().state() instanceof RoundState.Open)) {
        continue;
      }
      turning = round;
      if (!modelKinds.contains(round.plan().model().kind())) {
        reason = ComeBack.Reason.MODEL_KIND_UNKNOWN;
      } else if (round.hasJoined(client)) {
        reason = ComeBack.Reason.ALREADY_JOINED;
      } else if (round.assign(client, clock.instant())) {
        return assignment(round);
      } else {
        reason = ComeBack.Reason.ROUND_FULL;
      }
    }
    return comeBack(turning, reason);
  }

  private PollOutcome assignment(LiveRound live) {
    Round round = live.round();
    return new PollOutcome.Assignment(
        round.id(), round.planVersion(), round.planHash(), round.baseModel(), timeLeft(live));
  }

  /** Until the last check-in is due, and the roster freezes at the latest. */
  private Duration timeLeft(LiveRound live) {
    Instant deadline = live.trainDeadline();
    if (deadline == null) {
      return live.plan().deadlines().train();
    }
    Duration left = Duration.between(clock.instant(), deadline);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private ComeBack comeBack(@Nullable LiveRound turning, ComeBack.Reason reason) {
    if (turning == null) {
      return new ComeBack(pace.comeBackAfter(0, 1), reason);
    }
    // Only who found no room tells how large the crowd is.
    int turnedAway = reason == ComeBack.Reason.ROUND_FULL ? turning.turnAway() : 0;
    int assignmentsMax = turning.plan().cohort().assignmentsMax();
    return new ComeBack(pace.comeBackAfter(turnedAway, assignmentsMax), reason);
  }

  /**
   * A device comes with an update that it has finished for this plan, round and model.
   *
   * @return a session, or when to come back if the round has moved on without it
   */
  public CheckInOutcome checkIn(
      RoundId id, ContentHash planHash, ContentHash modelHash, ClientId client) {
    LiveRound round = live.of(id.plan());
    if (round == null
        || !round.round().id().equals(id)
        || !round.round().planHash().equals(planHash)
        || !round.round().baseModel().equals(modelHash)) {
      return comeBack(round, ComeBack.Reason.STALE);
    }
    if (!(round.round().state() instanceof RoundState.Open) && !round.hasJoined(client)) {
      return comeBack(round, ComeBack.Reason.STALE);
    }
    Optional<LiveSession> seat = round.offer(client);
    if (seat.isEmpty()) {
      return comeBack(round, ComeBack.Reason.ROUND_FULL);
    }
    Session session = seat.get().session();
    return new CheckInOutcome.Offer(
        session.id(), session.suite().number(), timeLeft(round), round.plan().deadlines().input());
  }

  /** The round that is going on for a plan. */
  public Optional<Round> present(PlanId plan) {
    LiveRound round = live.of(plan);
    return round == null ? Optional.empty() : Optional.of(round.round());
  }

  /** The sessions of the round that is going on for a plan, by number. */
  public List<Session> presentSessions(PlanId plan) {
    LiveRound round = live.of(plan);
    return round == null ? List.of() : round.records();
  }
}
