package io.tacit.client.training;

import io.tacit.client.model.Activations;
import io.tacit.client.model.FloatKernels;
import io.tacit.client.model.ItemScorer;
import java.util.Arrays;

/**
 * A two-tower model: the user is the scaled sum of the history embeddings Q of the own items. A
 * positive is scored without itself, {@code u+ = (sum - Q_i) / sqrt(max(n - 1, 1))}, else it would
 * only learn to recognise itself; a negative with all, {@code u = sum / sqrt(n)}.
 */
final class TwoTowerLearner implements Learner {

  private final int positives;
  private final ItemRows items;

  /** The model's rows: item rows, then a history row per own item. */
  private final float[][] rows;

  private final int firstHistoryRow;
  private final int dimension;
  private final Optimiser optimiser;

  /** By what the sum is multiplied without one of the items, and with all. */
  private final float scaleWithout;

  private final float scaleWithAll;

  private final float[] sum;
  private final float[] user;
  private final float[] userWithout;

  /** The gradient that all history rows share. */
  private final float[] shared;

  /** Per own item, what its own example adds to the gradient of its history row. */
  private final float[][] ownPart;

  TwoTowerLearner(LocalModel.TwoTower model, Optimiser optimiser) {
    this.positives = model.positives();
    this.rows = model.rows();
    this.firstHistoryRow = model.items();
    this.dimension = model.specification().dimension();
    this.optimiser = optimiser;
    this.items =
        new ItemRows(rows, model.items(), dimension, model.specification().itemBias(), optimiser);
    this.scaleWithout = ItemScorer.historyScale(positives - 1);
    this.scaleWithAll = ItemScorer.historyScale(positives);
    this.sum = new float[dimension];
    this.user = new float[dimension];
    this.userWithout = new float[dimension];
    this.shared = new float[dimension];
    this.ownPart = new float[positives][dimension];
  }

  @Override
  public double step(int[] examples, int from, int to, float scale) {
    items.beginStep();
    sumHistory();
    double loss = 0;
    for (int example = from; example < to; example++) {
      int item = examples[example];
      loss += item < positives ? learnPositive(item, scale) : learnNegative(item, scale);
    }
    items.endStep();
    moveHistory();
    return loss;
  }

  private float[] history(int ownItem) {
    return rows[firstHistoryRow + ownItem];
  }

  private void sumHistory() {
    Arrays.fill(sum, 0);
    Arrays.fill(shared, 0);
    for (int own = 0; own < positives; own++) {
      FloatKernels.addScaled(sum, dimension, history(own), 1);
      Arrays.fill(ownPart[own], 0);
    }
    for (int j = 0; j < dimension; j++) {
      user[j] = sum[j] * scaleWithAll;
    }
  }

  private double learnPositive(int item, float scale) {
    float[] own = history(item);
    for (int j = 0; j < dimension; j++) {
      userWithout[j] = (sum[j] - own[j]) * scaleWithout;
    }
    float logit = items.score(item, userWithout);
    float g = (Activations.sigmoid(logit) - 1) * scale;
    FloatKernels.addScaled(shared, dimension, items.embedding(item), g * scaleWithout);
    FloatKernels.addScaled(ownPart[item], dimension, items.embedding(item), -g * scaleWithout);
    items.move(item, userWithout, g, g);
    return OutputLoss.logistic(logit, 1);
  }

  private double learnNegative(int item, float scale) {
    float logit = items.score(item, user);
    float g = Activations.sigmoid(logit) * scale;
    FloatKernels.addScaled(shared, dimension, items.embedding(item), g * scaleWithAll);
    items.move(item, user, g, g);
    return OutputLoss.logistic(logit, 0);
  }

  private void moveHistory() {
    for (int own = 0; own < positives; own++) {
      FloatKernels.addScaled(ownPart[own], dimension, shared, 1);
      optimiser.move(firstHistoryRow + own, ownPart[own]);
    }
  }
}
