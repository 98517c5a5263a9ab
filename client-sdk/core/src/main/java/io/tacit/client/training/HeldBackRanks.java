package io.tacit.client.training;

import java.util.Arrays;

/**
 * The ranks of held-back items among others whose scores come by and by. An item that scores as
 * high as a held-back one ranks above it, or a model that gives every item the same score would be
 * perfect; so does one whose score is NaN. Memory is that of the held-back items, whatever the
 * number of others.
 */
final class HeldBackRanks {

  /** Length of the list that a person would see. */
  static final int CUTOFF = 10;

  /** Of the held-back items, rising. */
  private final float[] scores;

  /** How many others rank above exactly the first so many held-back items. */
  private final int[] above;

  /**
   * @param heldBack scores of at least one held-back item; one that is NaN ranks last
   */
  HeldBackRanks(float[] heldBack) {
    scores = heldBack.clone();
    for (int i = 0; i < scores.length; i++) {
      if (Float.isNaN(scores[i])) {
        scores[i] = Float.NEGATIVE_INFINITY;
      }
    }
    Arrays.sort(scores);
    above = new int[scores.length + 1];
  }

  /**
   * Counts others in.
   *
   * @param others of which the first {@code count} are scores
   */
  void add(float[] others, int count) {
    for (int i = 0; i < count; i++) {
      if (!(others[i] < scores[0])) {
        above[beaten(others[i])]++;
      }
    }
  }

  /** How many held-back items do not score above this. */
  private int beaten(float score) {
    int from = 0;
    int to = scores.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (score < scores[middle]) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }

  /** HR@10: the share of held-back items that fewer than ten others rank above. */
  double hitRate() {
    int hits = 0;
    int rank = 0;
    for (int item = scores.length - 1; item >= 0; item--) {
      rank += above[item + 1];
      hits += rank < CUTOFF ? 1 : 0;
    }
    return (double) hits / scores.length;
  }

  /** NDCG@10, which also rewards a place near the top of the ten; each item is ranked alone. */
  double gain() {
    double sum = 0;
    int rank = 0;
    for (int item = scores.length - 1; item >= 0; item--) {
      rank += above[item + 1];
      sum += rank < CUTOFF ? Math.log(2) / Math.log(rank + 2) : 0;
    }
    return sum / scores.length;
  }
}
