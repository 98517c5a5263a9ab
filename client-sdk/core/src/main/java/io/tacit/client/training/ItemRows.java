package io.tacit.client.training;

import io.tacit.client.model.FloatKernels;
import java.util.Arrays;

/**
 * The item rows of a model while it learns: embedding, and bias behind it where the model has one.
 * Within an epoch an item is one example only, so a row moves as soon as its gradient is known.
 */
final class ItemRows {

  private final float[][] rows;
  private final int items;
  private final int dimension;
  private final boolean bias;
  private final Optimiser optimiser;
  private final float[] gradient;
  private final float[] zeros;

  /** The step in which an item moved last. */
  private final int[] movedInStep;

  private int step;

  /**
   * @param rows the first {@code items} of them are the items'
   * @param bias whether they have a bias behind the embedding
   */
  ItemRows(float[][] rows, int items, int dimension, boolean bias, Optimiser optimiser) {
    this.rows = rows;
    this.items = items;
    this.dimension = dimension;
    this.bias = bias;
    this.optimiser = optimiser;
    this.gradient = new float[dimension + (bias ? 1 : 0)];
    this.zeros = new float[gradient.length];
    this.movedInStep = new int[items];
  }

  void beginStep() {
    step++;
    optimiser.beginStep();
  }

  float[] embedding(int item) {
    return rows[item];
  }

  /** The logit of an item for a user. */
  float score(int item, float[] user) {
    return FloatKernels.dot(user, 0, rows[item], 0, dimension) + bias(item);
  }

  /** An item's bias; 0 if the model has none. */
  float bias(int item) {
    return bias ? rows[item][dimension] : 0;
  }

  /**
   * Moves an item.
   *
   * @param direction its embedding's gradient is {@code a} times this
   * @param biasGradient its bias's gradient
   */
  void move(int item, float[] direction, float a, float biasGradient) {
    for (int j = 0; j < dimension; j++) {
      gradient[j] = a * direction[j];
    }
    if (bias) {
      gradient[dimension] = biasGradient;
    }
    optimiser.move(item, gradient);
    movedInStep[item] = step;
  }

  /** Moves what the step did not touch, if the optimiser moves such rows. */
  void endStep() {
    if (!optimiser.movesUntouched()) {
      return;
    }
    for (int item = 0; item < items; item++) {
      if (movedInStep[item] != step) {
        Arrays.fill(zeros, 0); // the optimiser may write to a gradient
        optimiser.move(item, zeros);
      }
    }
  }
}
