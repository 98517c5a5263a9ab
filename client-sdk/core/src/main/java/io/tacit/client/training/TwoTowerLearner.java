package io.tacit.client.training;

import io.tacit.client.model.Activations;
import io.tacit.client.model.FloatKernels;
import io.tacit.client.model.HistoryWeights;
import java.util.Arrays;

/**
 * A two-tower model: the user is the scaled sum of the history embeddings Q of the own items. A
 * positive is scored without itself, {@code u+ = (sum - Q_i) / sqrt(max(n - 1, 1))}, else it would
 * only learn to recognise itself; a negative with all, {@code u = sum / sqrt(n)}; with recency both
 * times {@code sqrt(1 - share)}. Either way the user's features are added as they are.
 *
 * <p>With recency, an example has a moment: that of the positive, and for negatives in turn that of
 * one own item after the other. What the items before it count is added to the user.
 */
final class TwoTowerLearner implements Learner {

  private final int positives;
  private final ItemRows items;
  private final FeatureRows historyFeatures;
  private final FeatureRows userFeatures;
  private final RecentItems recent;

  /** The model's rows: item rows, then a history row per own item. */
  private final float[][] rows;

  private final int firstHistoryRow;
  private final int dimension;
  private final Optimiser optimiser;

  /** By what the sum is multiplied without one of the items, and with all. */
  private final float scaleWithout;

  private final float scaleWithAll;

  private final float[] sum;

  /** The user of all own items. */
  private final float[] user;

  /** The user of the example at hand. */
  private final float[] userThen;

  /** The history row of the own item at hand, with its features added. */
  private final float[] own;

  /** What the user's features add to the user. */
  private final float[] ofFeatures;

  /** The gradient of what they add. */
  private final float[] ofFeaturesGradient;

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
        new ItemRows(
            rows,
            model.items(),
            dimension,
            model.specification().itemBias(),
            model.itemFeatures(),
            optimiser);
    this.historyFeatures = new FeatureRows(model.historyFeatures(), rows, optimiser);
    this.userFeatures = new FeatureRows(model.userFeatures(), rows, optimiser);
    HistoryWeights weights = HistoryWeights.of(model.specification());
    this.recent = new RecentItems(weights, positives, dimension);
    this.scaleWithout = weights.ofAll(positives - 1);
    this.scaleWithAll = weights.ofAll(positives);
    this.sum = new float[dimension];
    this.user = new float[dimension];
    this.userThen = new float[dimension];
    this.own = new float[dimension];
    this.ofFeatures = new float[dimension];
    this.ofFeaturesGradient = new float[dimension];
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
    Arrays.fill(ofFeatures, 0);
    Arrays.fill(ofFeaturesGradient, 0);
    for (int item = 0; item < positives; item++) {
      FloatKernels.addScaled(sum, dimension, history(item), 1);
      historyFeatures.addTo(sum, item);
      Arrays.fill(ownPart[item], 0);
    }
    appendRecent();
    userFeatures.addTo(ofFeatures, 0);
    for (int j = 0; j < dimension; j++) {
      user[j] = sum[j] * scaleWithAll + ofFeatures[j];
    }
  }

  private void appendRecent() {
    recent.beginStep();
    for (int item = 0; item < positives && !recent.isEmpty(); item++) {
      readOwn(item);
      recent.append(item, own);
    }
  }

  private void readOwn(int item) {
    System.arraycopy(history(item), 0, own, 0, dimension);
    historyFeatures.addTo(own, item);
  }

  private double learnPositive(int item, float scale) {
    readOwn(item);
    for (int j = 0; j < dimension; j++) {
      userThen[j] = (sum[j] - own[j]) * scaleWithout + ofFeatures[j];
    }
    recent.addTo(userThen, item);
    float logit = items.score(item, userThen);
    float g = (Activations.sigmoid(logit) - 1) * scale;
    FloatKernels.addScaled(shared, dimension, items.embedding(item), g * scaleWithout);
    FloatKernels.addScaled(ownPart[item], dimension, items.embedding(item), -g * scaleWithout);
    FloatKernels.addScaled(ofFeaturesGradient, dimension, items.embedding(item), g);
    recent.learn(item, items.embedding(item), g);
    items.move(item, userThen, g, g);
    return OutputLoss.logistic(logit, 1);
  }

  private double learnNegative(int item, float scale) {
    int moment = (item - positives) % positives;
    float[] then = userAt(moment);
    float logit = items.score(item, then);
    float g = Activations.sigmoid(logit) * scale;
    FloatKernels.addScaled(shared, dimension, items.embedding(item), g * scaleWithAll);
    FloatKernels.addScaled(ofFeaturesGradient, dimension, items.embedding(item), g);
    recent.learn(moment, items.embedding(item), g);
    items.move(item, then, g, g);
    return OutputLoss.logistic(logit, 0);
  }

  /** The user of all own items, at the moment of one of them. */
  private float[] userAt(int moment) {
    if (recent.isEmpty()) {
      return user;
    }
    System.arraycopy(user, 0, userThen, 0, dimension);
    recent.addTo(userThen, moment);
    return userThen;
  }

  private void moveHistory() {
    recent.beginBackward();
    for (int item = positives - 1; item >= 0; item--) {
      recent.addGradientTo(ownPart[item], item);
    }
    for (int item = 0; item < positives; item++) {
      FloatKernels.addScaled(ownPart[item], dimension, shared, 1);
      historyFeatures.learn(item, ownPart[item]);
      optimiser.move(firstHistoryRow + item, ownPart[item]);
    }
    historyFeatures.endStep();
    userFeatures.learn(0, ofFeaturesGradient);
    userFeatures.endStep();
  }
}
