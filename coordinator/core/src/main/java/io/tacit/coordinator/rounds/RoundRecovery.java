package io.tacit.coordinator.rounds;

import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.coordinator.sessions.DamagedSessionException;
import io.tacit.coordinator.sessions.LiveSession;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionCourse;
import io.tacit.coordinator.sessions.SessionState;
import io.tacit.coordinator.sessions.SessionStore;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Takes up rounds that an earlier process left; gives up sessions whose log is damaged. */
final class RoundRecovery {

  private static final Logger LOG = Logger.getLogger(RoundRecovery.class);

  private final PlanRegistry plans;
  private final SessionStore sessions;
  private final SessionCourse course;
  private final RoundOpener opener;

  RoundRecovery(
      PlanRegistry plans, SessionStore sessions, SessionCourse course, RoundOpener opener) {
    this.plans = plans;
    this.sessions = sessions;
    this.course = course;
    this.opener = opener;
  }

  /** The live form of an unfinished round; it may have no session that goes on. */
  LiveRound takeUp(Round round) {
    RegisteredPlan plan = planOf(round);
    List<LiveSession> live = new ArrayList<>();
    List<Session> lost = new ArrayList<>();
    for (Session session : sessions.of(round.id())) {
      if (session.state() instanceof SessionState.Aborted) {
        lost.add(session);
        continue;
      }
      try {
        live.add(course.takeUp(session, plan.plan(), RoundOpener.context(round, session)));
      } catch (DamagedSessionException e) {
        lost.add(course.giveUp(session, String.valueOf(e.getMessage())));
      }
    }
    LOG.infof("Round %s is taken up: %s", round.id(), round.state());
    return opener.live(round, plan.plan(), live, lost);
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
}
