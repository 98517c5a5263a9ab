package io.tacit.client.features;

import io.tacit.client.model.SparseVector;
import java.util.Arrays;

/** The numbers of one feature that are not 0, with their places. Not thread-safe. */
final class SparseNumbers {

  private int[] places = new int[4];
  private float[] values = new float[4];
  private int count;

  void clear() {
    count = 0;
  }

  /** Adds a number at a place that has none yet. */
  void add(int place, float value) {
    if (count == places.length) {
      places = Arrays.copyOf(places, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    places[count] = place;
    values[count] = value;
    count++;
  }

  int count() {
    return count;
  }

  /** Writes each number to its place behind {@code from}. */
  void writeTo(float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + places[i]] = values[i];
    }
  }

  /** Multiplies each number. */
  void multiply(float factor) {
    for (int i = 0; i < count; i++) {
      values[i] *= factor;
    }
  }

  /** Adds each number at its place behind {@code from}. */
  void addTo(SparseVector.Builder target, int from) {
    for (int i = 0; i < count; i++) {
      target.add(from + places[i], values[i]);
    }
  }

  /** Copies places and values to arrays of such. */
  void copyTo(int[] targetPlaces, float[] targetValues, int from) {
    System.arraycopy(places, 0, targetPlaces, from, count);
    System.arraycopy(values, 0, targetValues, from, count);
  }
}
