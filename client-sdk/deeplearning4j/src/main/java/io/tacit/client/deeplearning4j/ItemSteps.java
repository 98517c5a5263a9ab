package io.tacit.client.deeplearning4j;

import io.tacit.client.model.ItemScorer;

/**
 * Items, and for each how much of every row of the user layer makes its user. The label is 1 for
 * own items.
 */
final class ItemSteps implements StepArrays.Source {

  private final int positives;

  /** Rows of the user layer. */
  private final int userRows;

  /** Whether the user of an own item is made without that item. */
  private final boolean leavesOut;

  private final float weightWithout;
  private final float weightWithAll;

  private ItemSteps(
      int positives, int userRows, boolean leavesOut, float weightWithout, float weightWithAll) {
    this.positives = positives;
    this.userRows = userRows;
    this.leavesOut = leavesOut;
    this.weightWithout = weightWithout;
    this.weightWithAll = weightWithAll;
  }

  /** The user is the scaled sum of the own items, without the positive at hand. */
  static ItemSteps twoTower(int positives) {
    return new ItemSteps(
        positives,
        positives,
        true,
        ItemScorer.historyScale(positives - 1),
        ItemScorer.historyScale(positives));
  }

  /** The user is the private vector. */
  static ItemSteps neuralCf(int positives) {
    return new ItemSteps(positives, 1, false, 1, 1);
  }

  @Override
  public StepArrays of(int[] order, int from, int to) {
    int size = to - from;
    float[] items = new float[size];
    float[] user = new float[size * userRows];
    float[] labels = new float[size];
    for (int b = 0; b < size; b++) {
      int item = order[from + b];
      boolean own = item < positives;
      items[b] = item;
      labels[b] = own ? 1 : 0;
      for (int row = 0; row < userRows; row++) {
        user[b * userRows + row] = own ? weightWithout : weightWithAll;
      }
      if (own && leavesOut) {
        user[b * userRows + item] = 0;
      }
    }
    return new StepArrays(
        StepArrays.matrix(labels, size),
        StepArrays.matrix(items, size),
        StepArrays.matrix(user, size));
  }
}
