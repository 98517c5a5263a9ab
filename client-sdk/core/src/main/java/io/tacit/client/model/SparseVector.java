package io.tacit.client.model;

import java.util.Arrays;

/** The few elements of a vector that are not 0, with their places. Immutable. */
public final class SparseVector {

  /** All zeros. */
  public static final SparseVector ZERO = new SparseVector(new int[0], new float[0]);

  private final int[] places;
  private final float[] values;

  private SparseVector(int[] places, float[] values) {
    this.places = places;
    this.values = values;
  }

  /** Collects elements. */
  public static final class Builder {

    private int[] places = new int[4];
    private float[] values = new float[4];
    private int count;

    /**
     * Adds an element; at a place that has one already, both count.
     *
     * @param place from 0
     * @param value finite
     */
    public void add(int place, float value) {
      if (place < 0 || !Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "element at place " + place + " must be finite and its place at least 0");
      }
      if (count == places.length) {
        places = Arrays.copyOf(places, 2 * count);
        values = Arrays.copyOf(values, 2 * count);
      }
      places[count] = place;
      values[count] = value;
      count++;
    }

    /** The vector of what was added. */
    public SparseVector build() {
      return count == 0
          ? ZERO
          : new SparseVector(Arrays.copyOf(places, count), Arrays.copyOf(values, count));
    }
  }

  /** Number of elements. */
  public int count() {
    return places.length;
  }

  /** The place of an element, from 0. */
  public int place(int element) {
    return places[element];
  }

  /** The value of an element. */
  public float value(int element) {
    return values[element];
  }

  /** Prints the number of elements only: they may tell of a person. */
  @Override
  public String toString() {
    return "SparseVector[" + places.length + "]";
  }
}
