package io.tacit.coordinator.privacy;

import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;

/**
 * What a round of a plan tells about a device in it.
 *
 * @param models z against whoever sees the models; 0 without noise
 * @param coordinator z against the coordinator; 0 without noise, or if it sees exact sums
 * @param participationsMax rounds that a device takes part in at the most
 */
record RoundPrice(double models, double coordinator, int participationsMax) {

  static RoundPrice of(TrainingPlan plan) {
    boolean inTheClear = plan.aggregation().mode() == AggregationSettings.Mode.PLAIN;
    return new RoundPrice(
        plan.noise().map(NoisePlan::noiseMultiplier).orElse(0.0),
        inTheClear ? 0 : plan.noise().map(NoisePlan::shardNoiseMultiplier).orElse(0.0),
        plan.privacy() instanceof PrivacySettings.Noise noise
            ? noise.participationsMax()
            : plan.rounds());
  }
}
