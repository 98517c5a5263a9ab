package io.tacit.client.training;

import io.tacit.client.model.FloatKernels;
import java.util.Arrays;

/**
 * The item rows of a model while it learns: embedding, and bias behind it where the model has one.
 * Within an epoch an item is one example only, so a row moves as soon as its gradient is known; the
 * rows of its features, which it shares with others, move at the end of the step.
 */
final class ItemRows {

  private final float[][] rows;
  private final int items;
  private final int dimension;
  private final boolean bias;
  private final Optimiser optimiser;
  private final FeatureRows features;

  /** The row of {@link #composed} with its features added. */
  private final float[] whole;

  private final float[] gradient;
  private final float[] zeros;

  /** The step in which an item moved last. */
  private final int[] movedInStep;

  private int step;

  /** The item that was asked for last, or -1. */
  private int composed = -1;

  /**
   * @param rows the first {@code items} of them are the items'
   * @param bias whether they have a bias behind the embedding
   * @param features of the items, among the rows
   */
  ItemRows(
      float[][] rows,
      int items,
      int dimension,
      boolean bias,
      FeatureSpan features,
      Optimiser optimiser) {
    this.rows = rows;
    this.items = items;
    this.dimension = dimension;
    this.bias = bias;
    this.optimiser = optimiser;
    this.features = new FeatureRows(features, rows, optimiser);
    this.whole = new float[dimension + (bias ? 1 : 0)];
    this.gradient = new float[whole.length];
    this.zeros = new float[gradient.length];
    this.movedInStep = new int[items];
  }

  void beginStep() {
    step++;
    composed = -1;
    optimiser.beginStep();
  }

  /** An item's embedding, and its bias behind it; read only, and good until the next call. */
  float[] embedding(int item) {
    if (features.isEmpty()) {
      return rows[item];
    }
    if (item != composed) {
      System.arraycopy(rows[item], 0, whole, 0, whole.length);
      features.addTo(whole, item);
      composed = item;
    }
    return whole;
  }

  /** The logit of an item for a user. */
  float score(int item, float[] user) {
    return FloatKernels.dot(user, 0, embedding(item), 0, dimension) + bias(item);
  }

  /** An item's bias; 0 if the model has none. */
  float bias(int item) {
    return bias ? embedding(item)[dimension] : 0;
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
    features.learn(item, gradient);
    optimiser.move(item, gradient);
    movedInStep[item] = step;
    composed = -1;
  }

  /** Moves features, and what the step did not touch if the optimiser moves such rows. */
  void endStep() {
    features.endStep();
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
