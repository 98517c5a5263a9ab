package io.tacit.protocol.privacy;

import io.tacit.protocol.WireLimits;

/**
 * How updates become noisy integers: the scale, the bound on what one device can change in the sum,
 * and the variance of the noise. Both sides compute it alike from the plan.
 *
 * <p>Guarantee: a published sum has noise of standard deviation at least {@code noiseMultiplier()}
 * times the L2 norm that one device can add, both in integers, and the sum over {@code clientsMax}
 * honest devices does not wrap around (but for noise beyond ten standard deviations). Assumes,
 * where devices add the noise, the {@link HonestShare}. Immutable and thread-safe.
 *
 * <p>Distributed noise follows Kairouz, Liu and Steinke 2021 (arXiv 2102.06387): a sum of discrete
 * Gaussians is not quite one, but from a σ of 4 steps on the difference is below 10^-60 and left
 * out.
 */
public final class NoisePlan {

  /** σ of the added noise in integer steps, where nothing speaks for another. */
  private static final double SIGMA_USUAL = 1000;

  /** σ where 1000 would leave so few steps that rounding lengthens updates. */
  private static final double SIGMA_FINE = 4000;

  /** By how much rounding may lengthen an update before the finer scale is taken. */
  private static final double LENGTHENING_MAX = 1.05;

  /** Below a σ of 4 steps a sum of discrete Gaussians is no longer as good as one. */
  private static final long VARIANCE_MIN = 16;

  /** Room for noise in the sum, in its standard deviations. */
  private static final int TAIL_SIGMAS = 10;

  /** z at most. */
  public static final double NOISE_MULTIPLIER_MAX = 1e6;

  private static final double CLIP_NORM_MAX = 1e6;

  private final double clipNorm;
  private final int parameters;
  private final int clientsMax;
  private final int honestPerShard;
  private final int honest;
  private final boolean isCentral;
  private final long steps;
  private final long boundSquared;
  private final long variance;

  private NoisePlan(
      double noiseMultiplier,
      double clipNorm,
      int parameters,
      int clientsMax,
      int honestPerShard,
      int honest,
      boolean isCentral) {
    requireRanges(noiseMultiplier, clipNorm, parameters, clientsMax);
    this.clipNorm = clipNorm;
    this.parameters = parameters;
    this.clientsMax = clientsMax;
    this.honestPerShard = honestPerShard;
    this.honest = honest;
    this.isCentral = isCentral;
    this.steps = chooseSteps(noiseMultiplier);
    this.boundSquared = (long) boundSquared((double) steps);
    this.variance = chooseVariance(noiseMultiplier);
  }

  /**
   * Noise that the devices add, each its part.
   *
   * @param noiseMultiplier z of the published sum, above 0
   * @param clipNorm C, L2 bound of one update before rounding, above 0 to 1e6
   * @param parameters d, elements of an update
   * @param honest on whose noise to count
   * @param clientsMax updates in one sum at most, over all shards
   * @throws IllegalArgumentException if the numbers do not go together
   */
  public static NoisePlan distributed(
      double noiseMultiplier, double clipNorm, int parameters, HonestShare honest, int clientsMax) {
    return new NoisePlan(
        noiseMultiplier,
        clipNorm,
        parameters,
        clientsMax,
        honest.perShard(),
        honest.total(),
        false);
  }

  /**
   * Noise that a trusted coordinator adds once, to the sum over all shards; against the coordinator
   * it does nothing. Parameters as for {@link #distributed}.
   */
  public static NoisePlan central(
      double noiseMultiplier, double clipNorm, int parameters, int clientsMax) {
    return new NoisePlan(noiseMultiplier, clipNorm, parameters, clientsMax, 0, 1, true);
  }

  private static void requireRanges(
      double noiseMultiplier, double clipNorm, int parameters, int clientsMax) {
    if (!(noiseMultiplier > 0 && noiseMultiplier <= NOISE_MULTIPLIER_MAX)) {
      throw new IllegalArgumentException(
          "noise multiplier is "
              + noiseMultiplier
              + ", must be above 0 and at most 1000000; 0.5 to 8 are usual");
    }
    if (!(clipNorm > 0 && clipNorm <= CLIP_NORM_MAX)) {
      throw new IllegalArgumentException(
          "clip norm is " + clipNorm + ", must be above 0 and at most 1000000; 1 is usual");
    }
    if (parameters < 1 || parameters > WireLimits.PARAMETERS_MAX) {
      throw new IllegalArgumentException(
          "parameters are "
              + parameters
              + ", must be 1 to "
              + WireLimits.PARAMETERS_MAX
              + "; take a smaller model");
    }
    if (clientsMax < 1 || clientsMax > WireLimits.ROSTER_MAX) {
      throw new IllegalArgumentException(
          "clients per sum are "
              + clientsMax
              + ", must be 1 to "
              + WireLimits.ROSTER_MAX
              + "; take a smaller cohort");
    }
  }

  /** sC: as many steps as make the noise about 1000 of them, or 4000, and never wrap around. */
  private long chooseSteps(double noiseMultiplier) {
    double usual = stepsWithin(SIGMA_USUAL * Math.sqrt(honest) / noiseMultiplier);
    if (!(usual >= 1) || Math.sqrt(boundSquared(usual)) > LENGTHENING_MAX * usual) {
      usual = stepsWithin(SIGMA_FINE * Math.sqrt(honest) / noiseMultiplier);
    }
    if (!(usual >= 1)) {
      throw new IllegalArgumentException(
          "noise multiplier is "
              + noiseMultiplier
              + ", must be at most "
              + SIGMA_FINE * Math.sqrt(honest) / Math.sqrt(boundSquared(1))
              + " for "
              + parameters
              + " parameters and the noise of "
              + honest
              + " devices; lower it, let more shards complete, or take a smaller model");
    }
    double tail = TAIL_SIGMAS * DiscreteGaussian.SIGMA_MAX * Math.sqrt(clientsMax);
    // INVARIANT: clients (steps + 1) + tail < 2^31, as |q| of each is at most steps + 1.
    double room = Math.floor((Integer.MAX_VALUE - tail) / clientsMax - 1);
    return (long) Math.min(usual, room);
  }

  /** The most steps whose bound is within a length, by solving each form of the bound for them. */
  private double stepsWithin(double bound) {
    double root = Math.sqrt(parameters);
    double always = bound - root;
    double likely =
        (Math.sqrt(1 + 4 * (bound * bound - parameters / 4.0 - root / 2)) - 1) / 2; // or NaN
    return Math.floor(likely >= always ? likely : always);
  }

  /**
   * B²: how long an update of norm at most so many steps can be after rounding. Either always, or
   * with a probability of at least 1 - e^(-1/2), so that rounding again soon succeeds (Kairouz, Liu
   * and Steinke 2021, conditional randomised rounding, with β = e^(-1/2)).
   */
  private double boundSquared(double steps) {
    double root = Math.sqrt(parameters);
    double always = (steps + root) * (steps + root);
    double likely = steps * steps + parameters / 4.0 + steps + root / 2;
    return Math.min(always, likely);
  }

  /** σ² of each addition, such that h of them reach z B. */
  private long chooseVariance(double noiseMultiplier) {
    double needed = noiseMultiplier * noiseMultiplier * boundSquared / honest;
    long chosen = (long) Math.ceil(needed);
    while (multiplier(chosen, honest) < noiseMultiplier) {
      chosen++; // the division may have rounded down
    }
    if (chosen < VARIANCE_MIN) {
      throw new IllegalArgumentException(
          "noise of one addition has a standard deviation of "
              + Math.sqrt(needed)
              + " steps, must be at least 4; raise the noise multiplier of "
              + noiseMultiplier
              + " or lower the "
              + clientsMax
              + " clients per sum");
    }
    return chosen;
  }

  private double multiplier(long variance, int additions) {
    return Math.sqrt((double) variance * additions / boundSquared);
  }

  /**
   * z of two sums together that are about the same devices: what both tell costs as much as one sum
   * with this z, as the divergences of two Gaussians, α/(2z²) each, add up.
   *
   * @return 0 if one of them has no noise
   */
  public static double together(double one, double other) {
    return one == 0 || other == 0 ? 0 : one * other / Math.hypot(one, other);
  }

  /** z of a published sum: never below the one asked for. */
  public double noiseMultiplier() {
    return multiplier(variance, honest);
  }

  /**
   * z of a sum in the clear, in which no shard has to be complete: of so many devices at the least,
   * and never above {@link #noiseMultiplier()}.
   *
   * @param devices in the sum at the least, 1 or more
   */
  public double noiseMultiplierOf(int devices) {
    return isCentral ? noiseMultiplier() : multiplier(variance, Math.min(devices, honest));
  }

  /** z of the sum of one shard, which the coordinator sees; 0 if it adds the noise itself. */
  public double shardNoiseMultiplier() {
    return multiplier(variance, honestPerShard);
  }

  /** Whether the coordinator adds the noise, not the devices. */
  public boolean isCentral() {
    return isCentral;
  }

  /**
   * σ² of one addition of noise to each lane, in integer steps: of each device, or the only one.
   */
  public long variance() {
    return variance;
  }

  /** ⌊B²⌋: the squared L2 norm of the integers of one device before noise is at most this. */
  public long boundSquared() {
    return boundSquared;
  }

  /** B/s: by how much one device changes the sum at most, in the unit of the updates. */
  public double sensitivity() {
    return Math.sqrt((double) boundSquared) / scale();
  }

  /** Integer steps per unit, s. */
  public double scale() {
    return steps / clipNorm;
  }

  /** sC: the longest update in steps, before rounding. */
  long steps() {
    return steps;
  }

  /** C, the L2 bound of one update. */
  public double clipNorm() {
    return clipNorm;
  }

  /** d, elements of an update. */
  public int parameters() {
    return parameters;
  }

  /** Updates in one sum at most. */
  public int clientsMax() {
    return clientsMax;
  }

  /** Devices whose noise a published sum is counted to have; 1 if the coordinator adds it. */
  public int honest() {
    return honest;
  }

  /** Devices whose noise the sum of one shard is counted to have. */
  public int honestPerShard() {
    return honestPerShard;
  }

  @Override
  public String toString() {
    return "NoisePlan[z "
        + noiseMultiplier()
        + ", of one shard "
        + shardNoiseMultiplier()
        + ", variance "
        + variance
        + ", bound² "
        + boundSquared
        + ", scale "
        + scale()
        + "]";
  }
}
