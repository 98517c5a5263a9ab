package io.tacit.client.training;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Trained parameters minus start, stored as the runs of the vector that training touched: a device
 * of a large catalogue changes a few rows. Immutable.
 */
public final class ParameterDelta {

  private final int size;
  private final int[] offsets;
  private final int[] lengths;
  private final float[] values;

  /**
   * Takes the arrays over.
   *
   * @param size d, elements of the whole vector
   * @param offsets where each run starts in the vector; runs do not overlap
   * @param lengths elements of each run
   * @param values the elements of all runs, one behind the other
   */
  ParameterDelta(int size, int[] offsets, int[] lengths, float[] values) {
    this.size = size;
    this.offsets = offsets;
    this.lengths = lengths;
    this.values = values;
  }

  /** A delta that may differ from 0 everywhere; takes the array over. */
  public static ParameterDelta dense(float[] values) {
    return new ParameterDelta(values.length, new int[] {0}, new int[] {values.length}, values);
  }

  /** d, elements of the whole vector. */
  public int size() {
    return size;
  }

  /** Elements that training touched; all others are 0. */
  public int touched() {
    return values.length;
  }

  /** The whole vector, {@code float[d]}; the caller owns it. */
  public float[] toArray() {
    float[] target = new float[size];
    copyTo(target);
    return target;
  }

  /**
   * Overwrites all of a vector, for callers that reuse their buffers.
   *
   * @param target {@code float[d]}
   * @throws IllegalArgumentException if it has another length
   */
  public void copyTo(float[] target) {
    if (target.length != size) {
      throw new IllegalArgumentException(
          "target has " + target.length + " elements but the delta has " + size);
    }
    Arrays.fill(target, 0);
    int from = 0;
    for (int run = 0; run < offsets.length; run++) {
      System.arraycopy(values, from, target, offsets[run], lengths[run]);
      from += lengths[run];
    }
  }

  /** Hears of elements, see {@link #forEach}. */
  @FunctionalInterface
  public interface Visitor {

    /**
     * An element.
     *
     * @param index in the whole vector
     * @param difference trained parameter minus start
     */
    void visit(int index, float difference);
  }

  /** Goes through the elements that training touched, in no particular order. */
  public void forEach(Visitor visitor) {
    int from = 0;
    for (int run = 0; run < offsets.length; run++) {
      for (int i = 0; i < lengths[run]; i++) {
        visitor.visit(offsets[run] + i, values[from++]);
      }
    }
  }

  /**
   * The same runs in a vector that has them elsewhere.
   *
   * @param otherSize elements of that vector
   * @param placeOf where in that vector an element of this one is; elements of a run must follow
   *     each other there too, and runs must not overlap
   * @throws IllegalArgumentException if a run would be torn apart, or stand outside the vector
   */
  public ParameterDelta moved(int otherSize, IntUnaryOperator placeOf) {
    int[] places = new int[offsets.length];
    for (int run = 0; run < places.length; run++) {
      int last = lengths[run] - 1;
      places[run] = placeOf.applyAsInt(offsets[run]);
      int end = placeOf.applyAsInt(offsets[run] + last);
      if (end - places[run] != last || places[run] < 0 || end >= otherSize) {
        throw new IllegalArgumentException(
            "a run of "
                + lengths[run]
                + " elements would go from "
                + places[run]
                + " to "
                + end
                + ", must stay whole and within 0 to "
                + (otherSize - 1));
      }
    }
    return new ParameterDelta(otherSize, places, lengths, values);
  }

  @Override
  public String toString() {
    return "ParameterDelta[" + values.length + " of " + size + " touched]";
  }
}
