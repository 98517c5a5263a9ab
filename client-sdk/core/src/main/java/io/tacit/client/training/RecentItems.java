package io.tacit.client.training;

import io.tacit.client.model.FloatKernels;
import io.tacit.client.model.HistoryWeights;
import java.util.Arrays;

/**
 * What the items before an own item add to the user at the moment at which it was chosen: a sum of
 * history rows whose weights fall off geometrically, so that all moments together are one walk
 * through the history, and their gradients one walk back. Empty where the model has no recency.
 */
final class RecentItems {

  private final HistoryWeights weights;
  private final int dimension;

  /** Per own item, what those before it add. */
  private final float[][] before;

  /** The gradients of these. */
  private final float[][] gradients;

  private final float[] carry;

  RecentItems(HistoryWeights weights, int ownItems, int dimension) {
    int moments = weights.hasRecency() ? ownItems : 0;
    this.weights = weights;
    this.dimension = dimension;
    this.before = new float[moments][dimension];
    this.gradients = new float[moments][dimension];
    this.carry = new float[dimension];
  }

  boolean isEmpty() {
    return before.length == 0;
  }

  /** Begins a step, before its first {@link #append}. */
  void beginStep() {
    Arrays.fill(carry, 0);
  }

  /** Goes past an own item, in their order, with the row by which it is known; not if empty. */
  void append(int ownItem, float[] row) {
    System.arraycopy(carry, 0, before[ownItem], 0, dimension);
    Arrays.fill(gradients[ownItem], 0);
    FloatKernels.decayAndAdd(carry, dimension, weights.decay(), row, weights.latest());
  }

  /** Adds to a user what came before an own item. */
  void addTo(float[] user, int ownItem) {
    if (!isEmpty()) {
      FloatKernels.addScaled(user, dimension, before[ownItem], 1);
    }
  }

  /** Learns that the user at the moment of an own item has this gradient, times a factor. */
  void learn(int ownItem, float[] gradient, float factor) {
    if (!isEmpty()) {
      FloatKernels.addScaled(gradients[ownItem], dimension, gradient, factor);
    }
  }

  /** Begins the walk back, before its first {@link #addGradientTo}. */
  void beginBackward() {
    Arrays.fill(carry, 0);
  }

  /** Adds to an own item's gradient what it is due for the items after it; from the last back. */
  void addGradientTo(float[] gradient, int ownItem) {
    if (isEmpty()) {
      return;
    }
    FloatKernels.addScaled(gradient, dimension, carry, 1);
    FloatKernels.decayAndAdd(
        carry, dimension, weights.decay(), gradients[ownItem], weights.latest());
  }
}
