package io.tacit.protocol.privacy;

import io.tacit.protocol.WireLimits;
import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.encoding.RoundingSource;

/**
 * The number format of updates under differential privacy: clip, scale, round until it is within
 * the bound, add noise; and back from a sum to the mean.
 *
 * <p>Guarantee: whatever the update is, its integers have a squared L2 norm of at most {@link
 * NoisePlan#boundSquared()} before the noise. Assumes: bits that nobody else knows. Immutable and
 * thread-safe.
 */
public final class NoisyFixedPoint {

  /** Each attempt succeeds with a probability of 0.39 or more: 1000 in vain are a defect. */
  private static final int ATTEMPTS_MAX = 1000;

  private final NoisePlan plan;

  /** The format that a plan of noise determines. */
  public NoisyFixedPoint(NoisePlan plan) {
    this.plan = plan;
  }

  /** Integer steps per unit. */
  public double scale() {
    return plan.scale();
  }

  /** Whether the coordinator adds the noise. */
  public boolean isCentral() {
    return plan.isCentral();
  }

  /**
   * Encodes a vector into a part of lanes: rounded within the bound, with its noise. Every device
   * alike: no weight, no loss, no number of examples.
   *
   * @param lanes of which {@code d} are written, the others left
   * @param from the first of them
   * @param update {@code float[d]}, finite; longer ones than the clip norm are scaled down; not
   *     changed
   * @param bits for rounding and noise: {@link RandomBits#secure} on a device
   * @throws IllegalArgumentException if the update has another size, or an element that is NaN or
   *     infinite
   */
  public void encodeTo(int[] lanes, int from, float[] update, RandomBits bits) {
    if (update.length != plan.parameters()) {
      throw new IllegalArgumentException(
          "update has "
              + update.length
              + " elements, must have the "
              + plan.parameters()
              + " of the plan; train the model that the round announced");
    }
    roundWithinBound(update, lanes, from, bits);
    if (!plan.isCentral()) {
      addNoise(lanes, from, bits);
    }
  }

  private void roundWithinBound(float[] update, int[] lanes, int from, RoundingSource coin) {
    double norm = FixedPointCodec.l2Norm(update);
    if (!(norm <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "update has an element that is NaN or infinite, must all be finite; lower the learning"
              + " rate");
    }
    double factor = plan.steps() / Math.max(plan.clipNorm(), norm);
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (round(update, factor, lanes, from, coin) <= plan.boundSquared()) {
        return;
      }
    }
    throw new IllegalStateException(
        "update was rounded " + ATTEMPTS_MAX + " times without coming within the bound");
  }

  /**
   * Rounds each element up with the probability of its fraction; the squared norm of the result.
   */
  private static long round(
      float[] update, double factor, int[] lanes, int from, RoundingSource coin) {
    long squares = 0;
    for (int i = 0; i < update.length; i++) {
      double scaled = update[i] * factor;
      double floor = Math.floor(scaled);
      double fraction = scaled - floor;
      // Within ±2^31 by the plan's invariant, and the squares then add up to less than 2^63.
      int lane = (int) floor + (fraction > 0 && coin.nextUnit() < fraction ? 1 : 0);
      lanes[from + i] = lane;
      squares += (long) lane * lane;
    }
    return squares;
  }

  /**
   * Adds the noise of a trusted coordinator to the sum over all shards, once.
   *
   * @param sum of which {@code d} lanes are changed
   * @param from the first of them
   * @throws IllegalStateException if in this plan the devices add the noise
   */
  public void addCentralNoise(int[] sum, int from, RandomBits bits) {
    if (!plan.isCentral()) {
      throw new IllegalStateException(
          "noise of this plan is added by the devices, must not be added again; take the sum as it"
              + " is");
    }
    addNoise(sum, from, bits);
  }

  private void addNoise(int[] lanes, int from, RandomBits bits) {
    DiscreteGaussian.ofVariance(plan.variance(), bits).addTo(lanes, from, from + plan.parameters());
  }

  /**
   * Decodes a sum into the mean over the devices in it, each of weight 1. The number of examples is
   * 0 and the loss NaN: devices do not tell them.
   *
   * @param sum {@code int[16 + d]} or longer, lanes added mod 2^32; not changed
   * @throws IllegalArgumentException if it is shorter, or no 1 to {@code clientsMax} honest clients
   *     can make its count
   */
  public MeanUpdate decode(int[] sum) {
    if (sum.length < WireLimits.HEADER_LANES + plan.parameters()) {
      throw new IllegalArgumentException(
          "sum has "
              + sum.length
              + " lanes, must have "
              + (WireLimits.HEADER_LANES + plan.parameters())
              + " for the "
              + plan.parameters()
              + " parameters of the plan; check that it is of this round");
    }
    int clients = sum[EncodedUpdate.COUNT_LANE];
    if (clients < 1 || clients > plan.clientsMax()) {
      throw new IllegalArgumentException(
          "sum holds " + clients + " clients, must be 1 to " + plan.clientsMax());
    }
    double factor = 1 / (plan.scale() * clients);
    float[] mean = new float[plan.parameters()];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[WireLimits.HEADER_LANES + i] * factor);
    }
    return new MeanUpdate(mean, clients, clients, 0, Double.NaN);
  }

  @Override
  public String toString() {
    return "NoisyFixedPoint[" + plan + "]";
  }
}
