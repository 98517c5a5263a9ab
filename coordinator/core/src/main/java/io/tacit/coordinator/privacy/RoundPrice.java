package io.tacit.coordinator.privacy;

import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import org.jspecify.annotations.Nullable;

/**
 * What a round of a plan tells about a device in it, by two mechanisms.
 *
 * @param updates by the sum of updates
 * @param metrics by the sums of what devices measured; null if they report nothing
 * @param participationsMax rounds that a device takes part in at the most
 */
record RoundPrice(Multipliers updates, @Nullable Multipliers metrics, int participationsMax) {

  static RoundPrice of(TrainingPlan plan) {
    return new RoundPrice(
        Multipliers.of(plan, plan.noise()),
        plan.evaluation().metrics() == null ? null : Multipliers.of(plan, plan.metricNoise()),
        plan.privacy() instanceof PrivacySettings.Noise noise
            ? noise.participationsMax()
            : plan.rounds());
  }

  /** By both: a device that reports does so in the round in which it trains. */
  Multipliers together() {
    return metrics == null ? updates : updates.together(metrics);
  }
}
