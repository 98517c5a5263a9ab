package io.tacit.protocol.encoding;

import io.tacit.protocol.WireLimits;

/**
 * Floats to fixed point and back, such that the sum over a whole roster never wraps around.
 *
 * <p>Guarantee: for up to {@code clientsMax} updates of L2 norm at most {@code clipNorm}, {@code
 * decode(sum of encode(x_k)) = sum of x_k} to within {@code clients / scale} per coordinate, and
 * the rounding is unbiased. Assumes: clients that follow the protocol; lanes are mod 2^32, so a
 * client that does not can write anything.
 *
 * <p>The scale is the largest with {@code clientsMax (scale clipNorm + 2) < 2^31}: each coordinate
 * is at most the norm, stochastic rounding adds less than one, and one is slack. At 128 clients
 * that leaves 24 bits a client. Immutable and thread-safe.
 */
public final class FixedPointCodec {

  /** Fraction bits of the weight lane: a full roster of weight 1 still fits 31 bits. */
  private static final int WEIGHT_BITS = 16;

  /** Fraction bits of the loss lane. */
  private static final int LOSS_BITS = 12;

  /** A device reports at most this loss; 16 times the roster limit still fits 31 bits. */
  private static final double LOSS_MAX = 16;

  /** Examples that a device reports at most; times the roster limit it still fits 31 bits. */
  private static final int EXAMPLES_MAX = 100_000;

  private final double clipNorm;
  private final int clientsMax;
  private final double scale;

  private FixedPointCodec(double clipNorm, int clientsMax, double scale) {
    this.clipNorm = clipNorm;
    this.clientsMax = clientsMax;
    this.scale = scale;
  }

  /**
   * The format for a roster and a clip bound.
   *
   * @param clipNorm L2 bound of one update, positive and finite
   * @param clientsMax updates in one sum, 1 to 20 000
   * @throws IllegalArgumentException if the bounds are out of range
   */
  public static FixedPointCodec forCohort(double clipNorm, int clientsMax) {
    if (!(clipNorm > 0 && clipNorm <= 1e6)) {
      throw new IllegalArgumentException(
          "clip norm is " + clipNorm + ", must be above 0 and at most 1000000");
    }
    if (clientsMax < 1 || clientsMax > WireLimits.ROSTER_MAX) {
      throw new IllegalArgumentException(
          "clients per sum are " + clientsMax + ", must be 1 to " + WireLimits.ROSTER_MAX);
    }
    double steps = Math.floor((double) Integer.MAX_VALUE / clientsMax - 2);
    return new FixedPointCodec(clipNorm, clientsMax, steps / clipNorm);
  }

  /** Integer steps per unit. */
  public double scale() {
    return scale;
  }

  /**
   * Encodes one clipped update, weighted, with stochastic rounding.
   *
   * @param lanes {@code int[16 + d]} or longer, all 0; the first 16 + d are written
   * @param update {@code float[d]}, L2 norm at most the clip bound; not changed
   * @param weight of this client in (0, 1]
   * @param examples what it was trained on, 0 or more; reported as at most 100 000
   * @param loss mean loss, finite; reported as at most 16
   * @param rounding source of the rounding's coin, one draw per coordinate that needs it
   * @throws IllegalArgumentException if a value is NaN, infinite or beyond its bound
   */
  public void encodeTo(
      int[] lanes,
      float[] update,
      double weight,
      int examples,
      double loss,
      RoundingSource rounding) {
    if (!(weight > 0 && weight <= 1)) {
      throw new IllegalArgumentException("weight is " + weight + ", must be in (0, 1]");
    }
    if (examples < 0) {
      throw new IllegalArgumentException("examples are " + examples + ", must be 0 or more");
    }
    if (!Double.isFinite(loss)) {
      throw new IllegalArgumentException("loss is " + loss + ", must be finite");
    }
    int weightLane = (int) Math.max(1, Math.round(weight * (1 << WEIGHT_BITS)));
    // What the weight lane says is what the payload is multiplied by: a weight of 1e-6 counts as
    // 2^-16 in both, else the sum would be divided by more than went into it.
    double exactWeight = weightLane / (double) (1 << WEIGHT_BITS);
    lanes[EncodedUpdate.COUNT_LANE] = 1;
    lanes[EncodedUpdate.WEIGHT_LANE] = weightLane;
    lanes[EncodedUpdate.LOSS_LANE] =
        (int) Math.round(exactWeight * Math.min(Math.max(loss, 0), LOSS_MAX) * (1 << LOSS_BITS));
    lanes[EncodedUpdate.EXAMPLES_LANE] = Math.min(examples, EXAMPLES_MAX);
    encodePayload(update, exactWeight, lanes, rounding);
  }

  private void encodePayload(float[] update, double weight, int[] lanes, RoundingSource rounding) {
    double weightedScale = weight * scale;
    // A float norm within the bound may exceed it by rounding; one part in a million is no attack.
    double coordinateMax = clipNorm * 1.000001;
    // INVARIANT: but no more than the bound goes into a lane, or a full roster could wrap around.
    double scaledMax = clipNorm * weightedScale;
    for (int i = 0; i < update.length; i++) {
      double value = update[i];
      if (value == 0) {
        continue;
      }
      if (!(Math.abs(value) <= coordinateMax)) {
        throw new IllegalArgumentException(
            "update element "
                + i
                + " is "
                + value
                + ", must be within the clip bound ±"
                + clipNorm
                + "; clip before encoding");
      }
      double scaled = Math.max(-scaledMax, Math.min(scaledMax, value * weightedScale));
      double floor = Math.floor(scaled);
      double fraction = scaled - floor;
      int up = fraction > 0 && rounding.nextUnit() < fraction ? 1 : 0;
      lanes[WireLimits.HEADER_LANES + i] = (int) floor + up;
    }
  }

  /**
   * Decodes a sum into the weighted mean.
   *
   * @param sum {@code int[16 + d]} or longer, lanes added mod 2^32; not changed
   * @param parameters d
   * @throws IllegalArgumentException if the header can not come from 1 to {@code clientsMax} honest
   *     clients
   */
  public MeanUpdate decode(int[] sum, int parameters) {
    int clients = sum[EncodedUpdate.COUNT_LANE];
    if (clients < 1 || clients > clientsMax) {
      throw new IllegalArgumentException(
          "sum holds " + clients + " clients, must be 1 to " + clientsMax);
    }
    int weightLane = sum[EncodedUpdate.WEIGHT_LANE];
    if (weightLane < clients || weightLane > (long) clients << WEIGHT_BITS) {
      throw new IllegalArgumentException(
          "sum has weight lane "
              + (weightLane & 0xffffffffL)
              + ", must be "
              + clients
              + " to "
              + ((long) clients << WEIGHT_BITS)
              + " for "
              + clients
              + " clients");
    }
    double weight = weightLane / (double) (1 << WEIGHT_BITS);
    double factor = 1 / (scale * weight);
    float[] mean = new float[parameters];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[WireLimits.HEADER_LANES + i] * factor);
    }
    double loss = sum[EncodedUpdate.LOSS_LANE] / (weight * (1 << LOSS_BITS));
    return new MeanUpdate(
        mean, clients, weight, sum[EncodedUpdate.EXAMPLES_LANE] & 0xffffffffL, loss);
  }

  /** The L2 norm over a vector, accumulated in double. */
  public static double l2Norm(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  @Override
  public String toString() {
    return "FixedPointCodec[clip "
        + clipNorm
        + ", clients "
        + clientsMax
        + ", scale "
        + scale
        + "]";
  }
}
