package io.tacit.client.model;

/** Items of a catalogue with their scores, best first; equal scores in order of row. Immutable. */
public final class RankedItems {

  private final int[] items;
  private final float[] scores;

  /** Takes the arrays over. */
  RankedItems(int[] items, float[] scores) {
    this.items = items;
    this.scores = scores;
  }

  /** How many there are. */
  public int size() {
    return items.length;
  }

  /** The embedding row of the item at a rank, from 0. */
  public int item(int rank) {
    return items[rank];
  }

  /** The score of the item at a rank, from 0: a logit, higher is better. */
  public float score(int rank) {
    return scores[rank];
  }

  /** All items in order; a copy. */
  public int[] items() {
    return items.clone();
  }

  @Override
  public String toString() {
    return "RankedItems[" + items.length + "]";
  }
}
