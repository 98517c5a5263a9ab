package io.tacit.protocol.plan;

import io.tacit.protocol.privacy.HonestShare;
import io.tacit.protocol.privacy.NoisePlan;

/** What a plan's models may reveal about one device. Immutable. */
public sealed interface PrivacySettings {

  /** No noise: nothing bounds what a model reveals. */
  PrivacySettings NONE = new None();

  /** No differential privacy. */
  record None() implements PrivacySettings {}

  /**
   * Differential privacy by Gaussian noise on integers, for one device as the unit.
   *
   * @param mechanism who adds the noise
   * @param noiseMultiplier z, the noise of a published sum over what one device changes in it;
   *     above 0 to 1e6
   * @param delta probability that is given away, above 0 and below 1/users
   * @param users devices that the population may ever have, 2 to 10^10
   * @param participationsMax rounds of this plan, over all its versions, that a device takes part
   *     in; the device itself counts; 1 to 1 000 000
   * @param shardsMinimum shards that must complete or no model is published, 1 to those of the
   *     cohort
   * @param dishonest whose noise is not counted on
   * @param budget at which the coordinator stops
   */
  record Noise(
      Mechanism mechanism,
      double noiseMultiplier,
      double delta,
      long users,
      int participationsMax,
      int shardsMinimum,
      HonestShare.Dishonest dishonest,
      Budget budget)
      implements PrivacySettings {

    public Noise {
      Fields.within(
          "privacy.noise-multiplier",
          noiseMultiplier,
          Double.MIN_NORMAL,
          NoisePlan.NOISE_MULTIPLIER_MAX,
          "tacit privacy plan computes it for a target epsilon");
      Fields.within("privacy.users", users, 2, USERS_MAX, "devices that may ever take part");
      if (!(delta > 0 && delta < 1.0 / users)) {
        throw new InvalidPlanException(
            "privacy.delta",
            delta,
            "above 0 and below " + 1.0 / users + ", one over privacy.users",
            "with a larger one, publishing somebody whole would be allowed");
      }
      Fields.within(
          "privacy.participations-max", participationsMax, 1, 1_000_000, "5 to 50 are usual");
    }
  }

  /** Devices of a population at most: more than there are people. */
  long USERS_MAX = 10_000_000_000L;

  /** Who adds the noise. */
  enum Mechanism {
    /** Each device its part: neither models nor the sums that the coordinator sees are exact. */
    DISTRIBUTED,
    /** The coordinator, which is trusted with the exact sums. */
    CENTRAL
  }

  /**
   * The epsilons at which the coordinator opens no more rounds of a plan, over all its versions.
   *
   * @param models against whoever sees the models, above 0; infinite for no limit
   * @param coordinator against the coordinator itself, above 0; infinite for no limit
   */
  record Budget(double models, double coordinator) {

    /** Only the devices' own count limits the plan. */
    public static final Budget UNLIMITED =
        new Budget(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    public Budget {
      requirePositive("epsilon-models-max", models);
      requirePositive("epsilon-coordinator-max", coordinator);
    }

    private static void requirePositive(String field, double epsilon) {
      if (!(epsilon > 0)) {
        throw new InvalidPlanException(
            field, epsilon, "above 0", "leave it out for no limit but the participations");
      }
    }
  }
}
