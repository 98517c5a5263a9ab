package io.tacit.client.training;

import io.tacit.client.model.Activations;
import io.tacit.client.model.FloatKernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Neural collaborative filtering: a private user vector times item embeddings, element by element,
 * through a tower or (matrix factorisation) into a sum.
 */
final class NeuralCfLearner implements Learner {

  /** The user vector's row number for its optimiser. */
  private static final int USER = 0;

  private final int positives;
  private final ItemRows items;
  private final FeatureRows userFeatures;

  /** The private vector, which moves. */
  private final float[] own;

  /** The private vector and what the user's features add to it; the same array without these. */
  private final float[] user;

  private final Optimiser userOptimiser;
  private final float[] userGradient;
  private final @Nullable Tower tower;

  /**
   * @param optimiser of the model's rows
   * @param userOptimiser of the private vector
   * @param tower null for matrix factorisation
   */
  NeuralCfLearner(
      LocalModel.NeuralCf model,
      Optimiser optimiser,
      Optimiser userOptimiser,
      @Nullable Tower tower) {
    this.positives = model.positives();
    this.items =
        new ItemRows(
            model.rows(),
            model.items(),
            model.specification().dimension(),
            model.specification().itemBias(),
            model.itemFeatures(),
            optimiser);
    this.userFeatures = new FeatureRows(model.userFeatures(), model.rows(), optimiser);
    this.own = model.user();
    this.user = userFeatures.isEmpty() ? own : own.clone();
    this.userOptimiser = userOptimiser;
    this.userGradient = new float[user.length];
    this.tower = tower;
  }

  @Override
  public double step(int[] examples, int from, int to, float scale) {
    items.beginStep();
    userOptimiser.beginStep();
    Arrays.fill(userGradient, 0);
    if (!userFeatures.isEmpty()) {
      System.arraycopy(own, 0, user, 0, user.length);
      userFeatures.addTo(user, 0);
    }
    double loss =
        tower == null
            ? learnBySum(examples, from, to, scale)
            : learnByTower(tower, examples, from, to, scale);
    items.endStep();
    userFeatures.learn(0, userGradient);
    userFeatures.endStep();
    userOptimiser.move(USER, userGradient);
    return loss;
  }

  private float label(int item) {
    return item < positives ? 1 : 0;
  }

  private double learnBySum(int[] examples, int from, int to, float scale) {
    double loss = 0;
    for (int example = from; example < to; example++) {
      int item = examples[example];
      float logit = items.score(item, user);
      float g = (Activations.sigmoid(logit) - label(item)) * scale;
      FloatKernels.addScaled(userGradient, user.length, items.embedding(item), g);
      items.move(item, user, g, g);
      loss += OutputLoss.logistic(logit, label(item));
    }
    return loss;
  }

  private double learnByTower(Tower t, int[] examples, int from, int to, float scale) {
    int size = to - from;
    for (int b = 0; b < size; b++) {
      multiply(user, items.embedding(examples[from + b]), t.input()[b]);
    }
    float[][] logits = t.forward(size);
    double loss = 0;
    for (int b = 0; b < size; b++) {
      int item = examples[from + b];
      float logit = logits[b][0] + items.bias(item);
      loss += OutputLoss.logistic(logit, label(item));
      logits[b][0] = (Activations.sigmoid(logit) - label(item)) * scale;
    }
    float[][] inputDeltas = t.learn(logits, size);
    for (int b = 0; b < size; b++) {
      int item = examples[from + b];
      float[] delta = inputDeltas[b];
      float[] embedding = items.embedding(item);
      for (int j = 0; j < user.length; j++) {
        userGradient[j] += delta[j] * embedding[j];
        delta[j] *= user[j];
      }
      items.move(item, delta, 1, logits[b][0]);
    }
    return loss;
  }

  private static void multiply(float[] x, float[] y, float[] product) {
    for (int j = 0; j < product.length; j++) {
      product[j] = x[j] * y[j];
    }
  }
}
