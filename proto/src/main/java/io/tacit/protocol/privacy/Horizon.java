package io.tacit.protocol.privacy;

/**
 * How often one device can take part.
 *
 * @param rounds of the plan, 1 to 100 million
 * @param participationsMax rounds that one device takes part in at the most, which the device
 *     itself enforces; 1 to rounds
 * @param samplingRate probability that a device takes part in a round, decided by a secret coin of
 *     its own; 1 if it is not, and then nothing is gained by being one of many
 */
public record Horizon(long rounds, long participationsMax, double samplingRate) {

  /** Rounds of a plan at most. */
  public static final long ROUNDS_MAX = 100_000_000;

  private static final double NOISE_MIN = 0.01;
  private static final double NOISE_MAX = 1e6;

  /** How close the search goes, relative. */
  private static final double PRECISION = 1e-9;

  public Horizon {
    if (rounds < 1 || rounds > ROUNDS_MAX) {
      throw new IllegalArgumentException(
          "rounds are " + rounds + ", must be 1 to " + ROUNDS_MAX + "; 100 to 1000 are usual");
    }
    if (participationsMax < 1 || participationsMax > rounds) {
      throw new IllegalArgumentException(
          "participations of one device are "
              + participationsMax
              + ", must be 1 to the "
              + rounds
              + " rounds; 5 are usual");
    }
    requireRate(samplingRate);
    if (samplingRate < 1 && participationsMax < rounds) {
      // The theorem is about coins that do not depend on each other; a cap makes them.
      throw new IllegalArgumentException(
          "participations of one device are "
              + participationsMax
              + ", must be all "
              + rounds
              + " rounds with a sampling rate of "
              + samplingRate
              + "; raise the cap, or set the sampling rate to 1");
    }
  }

  /** Rounds in which no coin decides: only the cap of the device counts. */
  public static Horizon capped(long rounds, long participationsMax) {
    return new Horizon(rounds, participationsMax, 1);
  }

  static void requireRate(double samplingRate) {
    if (!(samplingRate > 0 && samplingRate <= 1)) {
      throw new IllegalArgumentException(
          "sampling rate is "
              + samplingRate
              + ", must be above 0 and at most 1; use 1 unless each device tosses a secret coin");
    }
  }

  /** What somebody learns who sees the models and not who took part. */
  public RdpAccountant seenFromModels(double noiseMultiplier) {
    return RdpAccountant.EMPTY.plus(noiseMultiplier, samplingRate, participationsMax);
  }

  /** What somebody learns who also sees who takes part: no coin helps. */
  public RdpAccountant seenWithRosters(double noiseMultiplier) {
    return RdpAccountant.EMPTY.plus(noiseMultiplier, 1, participationsMax);
  }

  /**
   * The smallest noise multiplier whose epsilon against whoever sees the models is at most a
   * target. Say with {@link PrivacyCost} what the coordinator learns under it.
   *
   * @param epsilon target, above 0
   * @throws IllegalArgumentException if no usable noise reaches it, or delta is out of range
   */
  public double noiseMultiplierFor(double epsilon, double delta, long users) {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "epsilon is " + epsilon + ", must be above 0 and finite; 1 to 8 are usual");
    }
    double low = NOISE_MIN;
    double high = NOISE_MAX;
    double reached = epsilonOf(high, delta, users);
    if (reached > epsilon) {
      throw new IllegalArgumentException(
          "epsilon is "
              + epsilon
              + ", must be above "
              + reached
              + " for "
              + participationsMax
              + " participations; raise it, or lower the cap");
    }
    if (epsilonOf(low, delta, users) <= epsilon) {
      return low;
    }
    while (high > low * (1 + PRECISION)) {
      double middle = Math.sqrt(low * high);
      if (epsilonOf(middle, delta, users) <= epsilon) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  private double epsilonOf(double noiseMultiplier, double delta, long users) {
    return seenFromModels(noiseMultiplier).bound(delta, users).epsilon();
  }
}
