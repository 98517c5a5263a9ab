package io.tacit.client.features;

import java.util.Arrays;

/**
 * The latest encodings of a feature and their mean. They lie one behind the other in two arrays, so
 * that the mean of twenty is one walk through memory. Not thread-safe.
 */
final class PooledHistory {

  private final int last;
  private final double decay;
  private final double[] sums;

  /** How many numbers each encoding has; the next one takes the place of the oldest. */
  private final int[] counts;

  /** Numbers for which each encoding has room. */
  private int room = 1;

  private int[] places;
  private float[] values;
  private int size;
  private int next;

  /**
   * @param last how many it holds at most
   * @param halfLife one counts half of one that was added so many later; 0 if all count the same
   * @param width of the feature
   */
  PooledHistory(int last, double halfLife, int width) {
    this.last = last;
    // StrictMath: the same bits on every device.
    this.decay = halfLife == 0 ? 1 : StrictMath.pow(0.5, 1 / halfLife);
    this.sums = new double[width];
    this.counts = new int[last];
    this.places = new int[last];
    this.values = new float[last];
  }

  /** Adds an encoding, a copy of it, in the place of the oldest if it is full. */
  void add(SparseNumbers numbers) {
    if (numbers.count() > room) {
      makeRoom(Math.max(2 * room, numbers.count()));
    }
    counts[next] = numbers.count();
    numbers.copyTo(places, values, next * room);
    next = next + 1 == last ? 0 : next + 1;
    size = Math.min(size + 1, last);
  }

  private void makeRoom(int more) {
    int[] morePlaces = new int[last * more];
    float[] moreValues = new float[last * more];
    for (int slot = 0; slot < size; slot++) {
      System.arraycopy(places, slot * room, morePlaces, slot * more, counts[slot]);
      System.arraycopy(values, slot * room, moreValues, slot * more, counts[slot]);
    }
    places = morePlaces;
    values = moreValues;
    room = more;
  }

  /** Writes the weighted mean of what it holds; nothing if it holds nothing. */
  void writeMean(float[] target, int from) {
    if (size == 0) {
      return;
    }
    Arrays.fill(sums, 0);
    double weight = 1;
    double weights = 0;
    int slot = next;
    for (int back = 0; back < size; back++) {
      slot = slot == 0 ? last - 1 : slot - 1;
      for (int i = slot * room; i < slot * room + counts[slot]; i++) {
        sums[places[i]] += weight * values[i];
      }
      weights += weight;
      weight *= decay;
    }
    for (int i = 0; i < sums.length; i++) {
      target[from + i] = (float) (sums[i] / weights);
    }
  }
}
