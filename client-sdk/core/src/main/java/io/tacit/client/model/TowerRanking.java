package io.tacit.client.model;

import java.util.BitSet;

/**
 * The best items of a catalogue by a tower over the product of user and item. In a small catalogue
 * every item goes through the tower. In a large one a dot product chooses candidates, and only
 * these go through it, as recommenders in two stages do (Covington et al. 2016).
 *
 * <p>Which dot product: the plain one need not agree with a tower, which may as well dislike what
 * is alike. So the tower is approximated, for this user, by a linear function {@code w} of its
 * input, by ridge regression over an even sample of items; {@code w · (user ∘ item)} is a dot
 * product of the item with {@code w ∘ user}. Scores that come out are the tower's own.
 */
final class TowerRanking {

  /** Items that go through the tower at once. */
  static final int BATCH = 32;

  /** The largest catalogue whose items all go through the tower. */
  static final int EXACT_ITEMS_MAX = 4_096;

  /** Fewest items that go through the tower in a larger catalogue. */
  static final int CANDIDATES = 1_024;

  /** Items that the approximation is fitted to. */
  private static final int SAMPLE = 256;

  private static final double RELATIVE_PENALTY = 1e-3;

  private final ItemParameters parameters;
  private final DenseNetwork tower;

  TowerRanking(ItemParameters parameters, DenseNetwork tower) {
    this.parameters = parameters;
    this.tower = tower;
  }

  RankedItems best(float[] user, int count, BitSet wanted) {
    if (parameters.items() <= EXACT_ITEMS_MAX) {
      return rank(user, wanted.stream().toArray(), count);
    }
    float[] direction = multiply(user, slope(user));
    int candidates = Math.max(CANDIDATES, count);
    return rank(user, ItemScan.best(parameters, direction, candidates, wanted).items(), count);
  }

  private RankedItems rank(float[] user, int[] candidates, int count) {
    float[] scores = new float[candidates.length];
    score(user, candidates, scores);
    BestItems best = new BestItems(Math.min(count, candidates.length));
    for (int i = 0; i < candidates.length; i++) {
      best.offer(candidates[i], scores[i]);
    }
    return best.drain();
  }

  /** The logits of candidates, with their biases. */
  void score(float[] user, int[] candidates, float[] scores) {
    DenseNetwork.Pass pass = tower.newPass(BATCH);
    for (int from = 0; from < candidates.length; from += BATCH) {
      int size = Math.min(BATCH, candidates.length - from);
      for (int b = 0; b < size; b++) {
        parameters.multiply(user, candidates[from + b], pass.input()[b]);
      }
      float[][] logits = pass.runToSums(size);
      for (int b = 0; b < size; b++) {
        scores[from + b] = logits[b][0];
      }
    }
    if (parameters.hasBias()) {
      for (int i = 0; i < candidates.length; i++) {
        scores[i] += parameters.bias(candidates[i]);
      }
    }
  }

  /** How the logit changes with each element of the product, on the whole. */
  private double[] slope(float[] user) {
    int dimension = parameters.dimension();
    // The last column is the constant.
    RidgeRegression regression = new RidgeRegression(dimension + 1);
    DenseNetwork.Pass pass = tower.newPass(BATCH);
    float[] row = new float[dimension + 1];
    row[dimension] = 1;
    for (int from = 0; from < SAMPLE; from += BATCH) {
      for (int b = 0; b < BATCH; b++) {
        parameters.multiply(user, sampled(from + b), pass.input()[b]);
      }
      float[][] logits = pass.runToSums(BATCH);
      for (int b = 0; b < BATCH; b++) {
        System.arraycopy(pass.input()[b], 0, row, 0, dimension);
        regression.add(row, 0, logits[b][0]);
      }
    }
    return regression.solve(RELATIVE_PENALTY);
  }

  private int sampled(int i) {
    return (int) ((long) i * parameters.items() / SAMPLE);
  }

  private static float[] multiply(float[] user, double[] slope) {
    float[] product = new float[user.length];
    for (int j = 0; j < user.length; j++) {
      product[j] = (float) (user[j] * slope[j]);
    }
    return product;
  }
}
