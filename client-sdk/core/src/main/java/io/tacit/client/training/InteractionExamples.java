package io.tacit.client.training;

import java.util.Arrays;

/** The items that the device's user chose: rows of the model's embeddings. Immutable. */
public final class InteractionExamples implements ExampleSet {

  private final int[] items;

  private InteractionExamples(int[] items) {
    this.items = items;
  }

  /**
   * Copies the items.
   *
   * @param items distinct embedding rows, in the order in which they were chosen
   * @throws IllegalArgumentException if one is negative or stands there twice
   */
  public static InteractionExamples of(int[] items) {
    int[] sorted = items.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (sorted[i] < 0) {
        throw new IllegalArgumentException("item " + sorted[i] + " is negative, rows start at 0");
      }
      if (i > 0 && sorted[i] == sorted[i - 1]) {
        throw new IllegalArgumentException(
            "item " + sorted[i] + " is there twice; remove repetitions before training");
      }
    }
    return new InteractionExamples(items.clone());
  }

  @Override
  public int size() {
    return items.length;
  }

  /** A copy of the rows, in the order in which they were chosen. */
  public int[] items() {
    return items.clone();
  }

  @Override
  public String toString() {
    return "InteractionExamples[" + items.length + "]";
  }
}
