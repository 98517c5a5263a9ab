package io.tacit.coordinator.rounds;

import io.tacit.protocol.PlanId;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The rounds that are going on: at most one for each plan. Thread-safe. */
final class LiveRounds {

  private final Map<PlanId, LiveRound> byPlan = new ConcurrentHashMap<>();

  void add(LiveRound live) {
    byPlan.put(live.round().id().plan(), live);
  }

  void remove(LiveRound live) {
    byPlan.remove(live.round().id().plan(), live);
  }

  @Nullable LiveRound of(PlanId plan) {
    return byPlan.get(plan);
  }

  Collection<LiveRound> all() {
    return byPlan.values();
  }
}
