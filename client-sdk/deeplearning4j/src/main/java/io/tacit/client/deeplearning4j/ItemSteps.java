package io.tacit.client.deeplearning4j;

import io.tacit.client.model.HistoryWeights;
import io.tacit.client.training.LocalModel;
import org.jspecify.annotations.Nullable;

/**
 * Items, and for each how much of every row of the user layer makes its user. The label is 1 for
 * own items.
 */
final class ItemSteps implements StepArrays.Source {

  private final int positives;

  /** Rows of the user layer. */
  private final int userRows;

  /** What own items count in their user; null if the user is one private row. */
  private final @Nullable HistoryWeights weights;

  private ItemSteps(int positives, int userRows, @Nullable HistoryWeights weights) {
    this.positives = positives;
    this.userRows = userRows;
    this.weights = weights;
  }

  /** The user is the weighted sum of the own items, without the positive at hand. */
  static ItemSteps twoTower(LocalModel.TwoTower model) {
    return new ItemSteps(
        model.positives(), model.positives(), HistoryWeights.of(model.specification()));
  }

  /** The user is the private vector. */
  static ItemSteps neuralCf(int positives) {
    return new ItemSteps(positives, 1, null);
  }

  @Override
  public StepArrays of(int[] order, int from, int to) {
    int size = to - from;
    float[] items = new float[size];
    float[] user = new float[size * userRows];
    float[] labels = new float[size];
    for (int b = 0; b < size; b++) {
      int item = order[from + b];
      items[b] = item;
      labels[b] = item < positives ? 1 : 0;
      fillUser(user, b * userRows, item);
    }
    return new StepArrays(
        StepArrays.matrix(labels, size),
        StepArrays.matrix(items, size),
        StepArrays.matrix(user, size));
  }

  private void fillUser(float[] user, int first, int item) {
    if (weights == null) {
      user[first] = 1;
      return;
    }
    boolean own = item < positives;
    float ofAll = weights.ofAll(own ? positives - 1 : positives);
    for (int row = 0; row < positives; row++) {
      user[first + row] = own && row == item ? 0 : ofAll;
    }
    int moment = own ? item : (item - positives) % positives;
    float recent = weights.latest();
    for (int row = moment - 1; row >= 0 && recent > 0; row--) {
      user[first + row] += recent;
      recent *= weights.decay();
    }
  }
}
