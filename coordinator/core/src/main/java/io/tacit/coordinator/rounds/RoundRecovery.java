package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.CorruptLogException;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.plans.RegisteredPlan;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Takes up rounds that an earlier process left; gives up those whose log is damaged. */
final class RoundRecovery {

  private static final Logger LOG = Logger.getLogger(RoundRecovery.class);

  private final PlanRegistry plans;
  private final RoundStore store;
  private final LiveRounds live;
  private final RoundOpener opener;
  private final RoundCloser closer;
  private final RoundConductor.Conduct conduct;

  RoundRecovery(
      PlanRegistry plans,
      RoundStore store,
      LiveRounds live,
      RoundOpener opener,
      RoundCloser closer,
      RoundConductor.Conduct conduct) {
    this.plans = plans;
    this.store = store;
    this.live = live;
    this.opener = opener;
    this.closer = closer;
    this.conduct = conduct;
  }

  /** Adds an unfinished round to those that are going on, or ends it. */
  void takeUp(Round round) {
    RegisteredPlan plan = planOf(round);
    Instant now = conduct.clock().instant();
    try {
      LiveRound resumed = opener.resume(withGrace(round, now), plan.plan(), now);
      if (holdsFrozenRoster(resumed)) {
        live.add(resumed);
        LOG.infof("Round %s is taken up: %s", round.id(), round.state());
      } else {
        giveUp(round, "its log is damaged: it does not hold the roster that was frozen");
      }
    } catch (CorruptLogException e) {
      giveUp(round, damaged(e));
    }
  }

  /** Why a round with such a log is given up. */
  static String damaged(CorruptLogException e) {
    return "its log is damaged: " + e.getMessage();
  }

  private RegisteredPlan planOf(Round round) {
    return plans
        .find(round.id().plan(), round.planVersion())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "version "
                        + round.planVersion()
                        + " of the plan of round "
                        + round.id()
                        + " is not in the database; restore it"));
  }

  private boolean holdsFrozenRoster(LiveRound resumed) {
    return !(resumed.round().state() instanceof RoundState.Collecting collecting)
        || opener.roster(resumed).hash().equals(collecting.rosterHash());
  }

  private void giveUp(Round round, String reason) {
    Round next =
        round.moveTo(
            new RoundState.Abandoned(round.state().rosterSize(), reason),
            round.assigned(),
            round.bytesUp(),
            null,
            conduct.clock().instant());
    store.move(next);
    closer.forget(next);
    conduct.tell(next);
  }

  /** Devices back off while the coordinator is away: give them time to come back. */
  private Round withGrace(Round round, Instant now) {
    Instant deadline = round.deadline();
    Instant earliest = now.plus(conduct.settings().restartGrace());
    return deadline == null || deadline.isAfter(earliest) ? round : round.withDeadline(earliest);
  }
}
