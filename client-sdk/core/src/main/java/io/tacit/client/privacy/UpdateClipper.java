package io.tacit.client.privacy;

import io.tacit.client.training.LocalUpdate;
import io.tacit.protocol.encoding.FixedPointCodec;

/**
 * Bounds how much one device can say: scales an update down to an L2 norm (McMahan et al. 2018,
 * flat clipping).
 *
 * <p>Guarantee: the norm of what comes out, computed in double, is at most the bound. Immutable and
 * thread-safe.
 */
public final class UpdateClipper {

  /** How much a scaled update shrinks when float rounding left it a hair above the bound. */
  private static final double SHRINK = 1 - 0x1p-22;

  private final double bound;

  /**
   * @param bound L2 norm, positive and finite
   */
  public UpdateClipper(double bound) {
    if (!(bound > 0 && bound <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "clip bound is " + bound + ", must be above 0 and finite; 1 is usual");
    }
    this.bound = bound;
  }

  /**
   * Clips an update; one within the bound keeps every bit.
   *
   * @throws IllegalArgumentException if an element is NaN or infinite
   */
  public ClippedUpdate clip(LocalUpdate update) {
    float[] values = update.delta().toArray();
    double norm = FixedPointCodec.l2Norm(values);
    if (!Double.isFinite(norm)) {
      // The square of the largest float is far below the largest double: no overflow, so an element
      // is not finite.
      throw new IllegalArgumentException(
          "update has an element that is NaN or infinite, must be finite; train again with a lower"
              + " learning rate");
    }
    double scaled = norm;
    while (scaled > bound) {
      double factor = bound / scaled * SHRINK;
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (values[i] * factor);
      }
      scaled = FixedPointCodec.l2Norm(values);
    }
    return new ClippedUpdate(values, update.examples(), update.loss(), norm > bound);
  }
}
