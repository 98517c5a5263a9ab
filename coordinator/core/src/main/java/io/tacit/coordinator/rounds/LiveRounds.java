package io.tacit.coordinator.rounds;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.SessionId;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The rounds that are going on: at most one for each plan. Thread-safe. */
final class LiveRounds {

  private final Map<PlanId, LiveRound> byPlan = new ConcurrentHashMap<>();
  private final Map<SessionId, LiveRound> bySession = new ConcurrentHashMap<>();

  void add(LiveRound live) {
    bySession.put(live.round().session(), live);
    byPlan.put(live.round().id().plan(), live);
  }

  void remove(LiveRound live) {
    byPlan.remove(live.round().id().plan(), live);
    bySession.remove(live.round().session(), live);
  }

  @Nullable LiveRound of(PlanId plan) {
    return byPlan.get(plan);
  }

  @Nullable LiveRound of(SessionId session) {
    return bySession.get(session);
  }

  Collection<LiveRound> all() {
    return byPlan.values();
  }
}
