package io.tacit.client.privacy;

import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.encoding.RoundingSource;
import io.tacit.protocol.plan.TrainingPlan;

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
   * Encodes the update in the plan's number format, weighted by the plan's rule.
   *
   * @param rounding the coin of the rounding; what it hides is private, see {@link RoundingSource}
   * @throws IllegalArgumentException if it was clipped to a wider bound than the plan's
   */
  public EncodedUpdate encode(TrainingPlan plan, RoundingSource rounding) {
    return plan.codec()
        .encode(values, plan.aggregation().weight(examples), examples, loss, rounding);
  }

  @Override
  public String toString() {
    return "ClippedUpdate[" + values.length + "]";
  }
}
