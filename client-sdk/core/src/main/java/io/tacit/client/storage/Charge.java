package io.tacit.client.storage;

import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;

/**
 * What one participation says about a device: how much noise hides it, over what it can change at
 * the most.
 *
 * @param noiseMultiplier z of a published model; 0 without noise
 * @param shardNoiseMultiplier z of what the coordinator sees, the sum of one session; 0 if it is
 *     without noise, or is no sum
 * @param delta probability that the plan gives away, below 1; 0 without noise
 */
public record Charge(double noiseMultiplier, double shardNoiseMultiplier, double delta) {

  /** Nothing bounds what is learnt. */
  public static final Charge WITHOUT_NOISE = new Charge(0, 0, 0);

  public Charge {
    boolean isExact = noiseMultiplier == 0 && shardNoiseMultiplier == 0;
    if (!(noiseMultiplier >= 0 && shardNoiseMultiplier >= 0)
        || !(delta < 1 && (delta > 0 || isExact && delta == 0))) {
      throw new IllegalArgumentException(
          "noise multipliers are "
              + noiseMultiplier
              + " and "
              + shardNoiseMultiplier
              + " at delta "
              + delta
              + ", must be 0 or more, and delta above 0 and below 1");
    }
  }

  /** Of taking part in a plan once: by its update, and by what it measures. */
  public static Charge of(TrainingPlan plan) {
    if (!(plan.privacy() instanceof PrivacySettings.Noise settings)) {
      return WITHOUT_NOISE;
    }
    Charge update = of(plan, settings, plan.noise().get());
    return plan.metricNoise()
        .map(noise -> update.together(of(plan, settings, noise)))
        .orElse(update);
  }

  private static Charge of(TrainingPlan plan, PrivacySettings.Noise settings, NoisePlan noise) {
    if (plan.aggregation().mode() == AggregationSettings.Mode.SECURE) {
      return new Charge(noise.noiseMultiplier(), noise.shardNoiseMultiplier(), settings.delta());
    }
    // In the clear a model may be of fewer devices than the noise was planned for.
    double present =
        noise.isCentral() ? 1 : Math.min(1, (double) plan.cohort().minimum() / noise.honest());
    return new Charge(noise.noiseMultiplier() * Math.sqrt(present), 0, settings.delta());
  }

  /** Of both, which the same device leaves in the same round. */
  private Charge together(Charge other) {
    return new Charge(
        NoisePlan.together(noiseMultiplier, other.noiseMultiplier),
        NoisePlan.together(shardNoiseMultiplier, other.shardNoiseMultiplier),
        delta);
  }

  /** One that says no less than either. */
  Charge atLeast(Charge other) {
    return new Charge(
        Math.min(noiseMultiplier, other.noiseMultiplier),
        Math.min(shardNoiseMultiplier, other.shardNoiseMultiplier),
        delta == 0 || other.delta == 0
            ? Math.max(delta, other.delta)
            : Math.min(delta, other.delta));
  }
}
