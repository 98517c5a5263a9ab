package io.tacit.client.model;

/**
 * Keeps the best of many scored items: a binary heap with the worst kept item on top, over
 * primitive arrays. Higher scores are better, then lower rows; NaN is worst.
 */
final class BestItems {

  private final int[] items;
  private final float[] scores;
  private int size;

  BestItems(int capacity) {
    this.items = new int[capacity];
    this.scores = new float[capacity];
  }

  /**
   * Whether an item of this score, behind all that were offered before, may be kept: one comparison
   * that rules most items out. Equal to the worst it is not, as the lower row wins.
   */
  boolean mayKeep(float score) {
    // Not (score > worst): a worst that is not a number gives way to anything.
    return size < items.length || (size > 0 && !(score <= scores[0]));
  }

  void offer(int item, float score) {
    if (size < items.length) {
      int at = size++;
      while (at > 0 && worse(item, score, items[(at - 1) / 2], scores[(at - 1) / 2])) {
        set(at, items[(at - 1) / 2], scores[(at - 1) / 2]);
        at = (at - 1) / 2;
      }
      set(at, item, score);
    } else if (size > 0 && worse(items[0], scores[0], item, score)) {
      sink(item, score);
    }
  }

  /** Empties the heap, best first. */
  RankedItems drain() {
    int[] rankedItems = new int[size];
    float[] rankedScores = new float[size];
    while (size > 0) {
      int rank = --size;
      rankedItems[rank] = items[0];
      rankedScores[rank] = scores[0];
      sink(items[rank], scores[rank]);
    }
    return new RankedItems(rankedItems, rankedScores);
  }

  /** Puts an item in place of the top and moves it down to where it belongs. */
  private void sink(int item, float score) {
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size
          && worse(items[child + 1], scores[child + 1], items[child], scores[child])) {
        child++;
      }
      if (!worse(items[child], scores[child], item, score)) {
        break;
      }
      set(at, items[child], scores[child]);
      at = child;
    }
    set(at, item, score);
  }

  private void set(int at, int item, float score) {
    if (at < items.length) {
      items[at] = item;
      scores[at] = score;
    }
  }

  private static boolean worse(int item, float score, int otherItem, float otherScore) {
    if (Float.isNaN(score) || Float.isNaN(otherScore)) {
      return Float.isNaN(score) && (!Float.isNaN(otherScore) || item > otherItem);
    }
    return score < otherScore || (score == otherScore && item > otherItem);
  }
}
