package io.tacit.protocol.privacy;

/**
 * Adds up what a series of Gaussian mechanisms says about one device, in Rényi differential privacy
 * (Mironov 2017), and converts the sum to (ε, δ) with the improved conversion (Canonne, Kamath and
 * Steinke 2020, proposition 12).
 *
 * <p>Guarantee: an upper bound under adaptive composition, for neighbours that differ by the
 * presence of one device. Assumes: the noise multiplier of each charge is the standard deviation of
 * the noise over the L2 sensitivity, and with a sampling rate below 1 that each device decided by a
 * secret coin of its own, unseen by whom the bound is against. The discrete Gaussian costs what the
 * continuous one does. Immutable and thread-safe.
 */
public final class RdpAccountant {

  /** The orders of Google's dp_accounting: 1.1 to 10.9 by tenths, 11 to 63, and four large. */
  private static final double[] ORDERS = orders();

  /** Nothing spent yet. */
  public static final RdpAccountant EMPTY = new RdpAccountant(new double[ORDERS.length]);

  private final double[] divergences;

  private RdpAccountant(double[] divergences) {
    this.divergences = divergences;
  }

  private static double[] orders() {
    double[] orders = new double[99 + 53 + 4];
    for (int i = 0; i < 99; i++) {
      orders[i] = 1 + (i + 1) / 10.0;
    }
    for (int i = 0; i < 53; i++) {
      orders[99 + i] = 11 + i;
    }
    for (int i = 0; i < 4; i++) {
      orders[99 + 53 + i] = 128 << i;
    }
    return orders;
  }

  /**
   * This and a number of rounds more.
   *
   * @param noiseMultiplier z, the noise's standard deviation over the sensitivity; 0 or more
   * @param samplingRate q, probability of a device to take part in a round; 1 if it is not decided
   *     by its own secret coin
   * @param rounds 0 or more
   * @throws IllegalArgumentException if an argument is out of range
   */
  public RdpAccountant plus(double noiseMultiplier, double samplingRate, long rounds) {
    if (!(noiseMultiplier >= 0)) {
      throw new IllegalArgumentException(
          "noise multiplier is "
              + noiseMultiplier
              + ", must be 0 or more; 0 is no noise, and 0.5 to 8 are usual");
    }
    Horizon.requireRate(samplingRate);
    if (rounds < 0) {
      throw new IllegalArgumentException(
          "rounds are " + rounds + ", must be 0 or more; spent privacy never comes back");
    }
    if (rounds == 0) {
      return this;
    }
    double[] sum = divergences.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += rounds * SampledGaussian.divergence(noiseMultiplier, samplingRate, ORDERS[i]);
    }
    return new RdpAccountant(sum);
  }

  /** This and all that another has added up about the same device. */
  public RdpAccountant plus(RdpAccountant other) {
    double[] sum = divergences.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.divergences[i];
    }
    return new RdpAccountant(sum);
  }

  /**
   * The smallest epsilon over all orders.
   *
   * @param delta above 0 and below 1/users
   * @param users devices that the population may have, at least 1
   * @throws IllegalArgumentException if delta is so large that one user in the population may be
   *     published whole
   */
  public PrivacyBound bound(double delta, long users) {
    requireDelta(delta, users);
    return best(divergences, delta);
  }

  static PrivacyBound best(double[] divergences, double delta) {
    PrivacyBound best = PrivacyBound.none(delta);
    for (int i = 0; i < divergences.length; i++) {
      double epsilon = epsilon(ORDERS[i], divergences[i], delta);
      if (epsilon < best.epsilon()) {
        best = new PrivacyBound(epsilon, delta, ORDERS[i]);
      }
    }
    return best;
  }

  /** What one order says. */
  static double epsilon(double order, double divergence, double delta) {
    // A divergence so small that the total variation is below delta: epsilon 0 holds.
    if (delta * delta + Math.expm1(-divergence) > 0) {
      return 0;
    }
    return Math.max(0, divergence + Math.log1p(-1 / order) - Math.log(delta * order) / (order - 1));
  }

  /** The orders, ascending; a copy. */
  static double[] ordersUsed() {
    return ORDERS.clone();
  }

  static void requireDelta(double delta, long users) {
    if (users < 1) {
      throw new IllegalArgumentException(
          "users are "
              + users
              + ", must be 1 or more; say how many devices the population may have");
    }
    if (!(delta > 0 && delta < 1.0 / users)) {
      throw new IllegalArgumentException(
          "delta is "
              + delta
              + ", must be above 0 and below 1/users = "
              + 1.0 / users
              + " for "
              + users
              + " users; choose a tenth of that");
    }
  }

  @Override
  public String toString() {
    return "RdpAccountant[" + divergences.length + " orders]";
  }
}
