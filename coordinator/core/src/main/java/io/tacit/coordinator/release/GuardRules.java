package io.tacit.coordinator.release;

import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.Optional;

/** The rule for each plan: its own bound where it has metrics, else the usual one. Thread-safe. */
public final class GuardRules {

  private final PlanRegistry plans;
  private final GuardRule usual;

  /**
   * Rules of the plans in force.
   *
   * @param usual for plans whose devices report nothing
   */
  public GuardRules(PlanRegistry plans, GuardSettings usual) {
    this.plans = plans;
    this.usual = GuardRule.of(usual);
  }

  GuardRule of(PlanId plan) {
    return plans.find(plan).flatMap(registered -> ofMetrics(registered.plan())).orElse(usual);
  }

  private static Optional<GuardRule> ofMetrics(TrainingPlan plan) {
    return Optional.ofNullable(plan.evaluation().metrics())
        .map(metrics -> GuardRule.of(plan, metrics));
  }
}
