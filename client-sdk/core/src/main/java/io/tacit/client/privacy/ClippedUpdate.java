package io.tacit.client.privacy;

import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;

/**
 * An update of bounded norm: only {@link UpdateClipper} makes one, and only one can be encoded.
 * Immutable; private, so {@code toString} prints its size only.
 */
public final class ClippedUpdate {

  private final float[] values;
  private final int examples;
  private final double loss;
  private final boolean wasClipped;

  ClippedUpdate(float[] values, int examples, double loss, boolean wasClipped) {
    this.values = values;
    this.examples = examples;
    this.loss = loss;
    this.wasClipped = wasClipped;
  }

  /** Whether the update was above the bound before. */
  public boolean wasClipped() {
    return wasClipped;
  }

  /** A copy of the elements, {@code float[d]}. */
  public float[] toArray() {
    return values.clone();
  }

  /**
   * Encodes the update in the plan's number format: weighted by its rule, with its noise.
   *
   * @param bits for rounding and noise; what they hide is private, see {@link RandomBits}
   * @throws IllegalArgumentException if it was clipped to a wider bound than the plan's
   */
  public EncodedUpdate encode(TrainingPlan plan, RandomBits bits) {
    return plan.updateFormat().encode(values, examples, loss, bits);
  }

  @Override
  public String toString() {
    return "ClippedUpdate[" + values.length + "]";
  }
}
