package io.tacit.client.training;

import io.tacit.client.model.ItemFeatures;
import io.tacit.client.model.SparseVector;
import java.util.Arrays;

/**
 * The items that the device's user chose, as rows of the model's embeddings, and what else is known
 * of items and user. Immutable; as safe to share as its item features are.
 */
public final class InteractionExamples implements ExampleSet {

  private final int[] items;
  private final ItemFeatures itemFeatures;
  private final SparseVector userFeatures;

  private InteractionExamples(int[] items, ItemFeatures itemFeatures, SparseVector userFeatures) {
    this.items = items;
    this.itemFeatures = itemFeatures;
    this.userFeatures = userFeatures;
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
    return new InteractionExamples(items.clone(), ItemFeatures.NONE, SparseVector.ZERO);
  }

  /**
   * The same items, with what else is known.
   *
   * @param ofItems of any item of the model, also those that are not the user's; asked while a
   *     training is made ready
   * @param ofUser of the user; stays on the device
   */
  public InteractionExamples withFeatures(ItemFeatures ofItems, SparseVector ofUser) {
    return new InteractionExamples(items, ofItems, ofUser);
  }

  /** Other items of the same user. */
  InteractionExamples withItems(int[] others) {
    return of(others).withFeatures(itemFeatures, userFeatures);
  }

  @Override
  public int size() {
    return items.length;
  }

  /** A copy of the rows, in the order in which they were chosen. */
  public int[] items() {
    return items.clone();
  }

  /** What is known of items. */
  public ItemFeatures itemFeatures() {
    return itemFeatures;
  }

  /** What is known of the user. */
  public SparseVector userFeatures() {
    return userFeatures;
  }

  @Override
  public String toString() {
    return "InteractionExamples[" + items.length + "]";
  }
}
