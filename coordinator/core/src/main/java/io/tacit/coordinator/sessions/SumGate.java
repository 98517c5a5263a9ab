package io.tacit.coordinator.sessions;

import io.tacit.protocol.WireLimits;
import io.tacit.protocol.encoding.FixedPointCodec;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the sum of a session can come from honest devices. Each sends a vector of norm C at most,
 * so their sum has norm n C at most, beside what rounding adds; masked updates can not be looked at
 * one by one. A sum beyond that is quarantined: it goes into no model.
 *
 * <p>Guarantee: an accepted session moves the sum by no more than n C. Does not show who sent what,
 * nor that a vector within the bound is an honest one.
 */
final class SumGate {

  /** Of {@link io.tacit.protocol.encoding.EncodedUpdate}. */
  private static final int COUNT_LANE = 0;

  private static final int WEIGHT_LANE = 1;
  private static final int WEIGHT_ONE = 1 << 16;

  private SumGate() {}

  /**
   * Why a sum must not be used; empty if it may.
   *
   * @param lanes {@code int[16 + d]}; not changed
   * @param codec of the plan
   * @param clipNorm C
   * @param contributors n
   */
  static Optional<String> flaw(
      int[] lanes, FixedPointCodec codec, double clipNorm, int contributors) {
    if (lanes[COUNT_LANE] != contributors) {
      return Optional.of(
          "its sum counts "
              + (lanes[COUNT_LANE] & 0xffffffffL)
              + " devices but "
              + contributors
              + " have brought an update");
    }
    long weight = lanes[WEIGHT_LANE] & 0xffffffffL;
    if (weight < contributors || weight > (long) contributors * WEIGHT_ONE) {
      return Optional.of(
          "its weight lane is "
              + weight
              + ", must be "
              + contributors
              + " to "
              + (long) contributors * WEIGHT_ONE);
    }
    double norm = norm(lanes) / codec.scale();
    double max = normMax(lanes.length - WireLimits.HEADER_LANES, codec, clipNorm, contributors);
    return norm > max
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "its sum has norm %.6g, %d devices with clip norm %.6g can make at most %.6g",
                norm,
                contributors,
                clipNorm,
                max))
        : Optional.empty();
  }

  /** n C, and a step of rounding for each device in each coordinate. */
  private static double normMax(
      int parameters, FixedPointCodec codec, double clipNorm, int contributors) {
    return contributors * (clipNorm + Math.sqrt(parameters) / codec.scale());
  }

  private static double norm(int[] lanes) {
    double sum = 0;
    for (int i = WireLimits.HEADER_LANES; i < lanes.length; i++) {
      sum += (double) lanes[i] * lanes[i];
    }
    return Math.sqrt(sum);
  }
}
