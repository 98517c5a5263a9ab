package io.tacit.client.privacy;

import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.plan.MetricReport;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;
import org.jspecify.annotations.Nullable;

/**
 * An update of bounded norm: {@link UpdateClipper} makes one of what was learnt, {@link #nothing}
 * one of nothing, and only one can be encoded. Immutable; private, so {@code toString} prints its
 * size only.
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

  /**
   * What a device brings that trained nothing: zeros, of no examples.
   *
   * @param parameters d
   */
  public static ClippedUpdate nothing(int parameters) {
    return new ClippedUpdate(new float[parameters], 0, 0, false);
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
   * Encodes the update in the plan's number format: weighted by its rule, with its noise, and
   * behind it what the device measured.
   *
   * @param report null for nothing, which under noise nobody can tell from a report
   * @param bits for rounding and noise; what they hide is private, see {@link RandomBits}
   * @throws IllegalArgumentException if it was clipped to a wider bound than the plan's
   */
  public EncodedUpdate encode(TrainingPlan plan, @Nullable MetricReport report, RandomBits bits) {
    return plan.updateFormat().encode(values, examples, loss, report, bits);
  }

  @Override
  public String toString() {
    return "ClippedUpdate[" + values.length + "]";
  }
}
