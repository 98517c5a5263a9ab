package io.tacit.coordinator.privacy;

import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;
import java.util.Optional;

/**
 * The noise of a sum, over what one device changes in it.
 *
 * @param models z against whoever sees what is published; 0 without noise
 * @param coordinator z against the coordinator; 0 without noise, or if it sees exact sums
 */
record Multipliers(double models, double coordinator) {

  static Multipliers of(TrainingPlan plan, Optional<NoisePlan> noise) {
    if (plan.aggregation().mode() == AggregationSettings.Mode.PLAIN) {
      // A model may be of fewer devices than the noise was planned for; devices charge it alike.
      int minimum = plan.cohort().minimum();
      return new Multipliers(noise.map(of -> of.noiseMultiplierOf(minimum)).orElse(0.0), 0);
    }
    return new Multipliers(
        noise.map(NoisePlan::noiseMultiplier).orElse(0.0),
        noise.map(NoisePlan::shardNoiseMultiplier).orElse(0.0));
  }

  /** Of two sums about the same devices. */
  Multipliers together(Multipliers other) {
    return new Multipliers(
        NoisePlan.together(models, other.models),
        NoisePlan.together(coordinator, other.coordinator));
  }
}
