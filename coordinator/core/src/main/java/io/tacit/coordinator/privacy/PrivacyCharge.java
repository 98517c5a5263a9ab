package io.tacit.coordinator.privacy;

import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;
import java.time.Instant;

/**
 * What one sum tells about the devices in it.
 *
 * @param session whose sum it is
 * @param round of the session
 * @param planVersion of the round
 * @param noiseMultiplier z against whoever sees the models; 0 without noise
 * @param shardNoiseMultiplier z against the coordinator; 0 without noise, or if it sees exact sums
 * @param participationsMax rounds of the plan that a device takes part in at the most, as that
 *     version says
 * @param contributors devices in the sum
 * @param at when it was charged
 */
public record PrivacyCharge(
    SessionId session,
    RoundId round,
    int planVersion,
    double noiseMultiplier,
    double shardNoiseMultiplier,
    int participationsMax,
    int contributors,
    Instant at) {

  /** The charge for a session of a plan whose sum is about to be known. */
  public static PrivacyCharge of(
      SessionId session, RoundId round, TrainingPlan plan, int contributors, Instant at) {
    boolean inTheClear = plan.aggregation().mode() == AggregationSettings.Mode.PLAIN;
    return new PrivacyCharge(
        session,
        round,
        plan.version(),
        plan.noise().map(NoisePlan::noiseMultiplier).orElse(0.0),
        inTheClear ? 0 : plan.noise().map(NoisePlan::shardNoiseMultiplier).orElse(0.0),
        plan.privacy() instanceof PrivacySettings.Noise noise
            ? noise.participationsMax()
            : plan.rounds(),
        contributors,
        at);
  }
}
