package io.tacit.client.model;

/**
 * Attribution for models that pool the history: the exact Shapley values of the pool, in time
 * linear in the history.
 *
 * <p>Without its bias, an item's score for a set S of own items is {@code v(S) = g(|S|) · Σ a_i}
 * over i in S, where {@code a_i} is the product of i's history embedding with the item's embedding
 * and {@code g(k)} is what each of k items counts, a constant over {@code √k}. Where k others came
 * before i, i adds {@code g(k+1) (a_i + A) - g(k) A}, A being the sum of theirs, on the average
 * {@code k/(n-1)} of the sum of all others. So
 *
 * <pre>
 * φ_i = own · a_i + others · Σ a_j over j ≠ i,
 * own = 1/n Σ g(k) over k = 1..n,  others = 1/n Σ k/(n-1) (g(k+1) - g(k)) over k = 1..n-1
 * </pre>
 *
 * <p>What the latest items count on top is a term of each item alone, by its place in the whole
 * history: who leaves an item out of S does not make those before it any later.
 */
final class PooledAttribution {

  private PooledAttribution() {}

  /**
   * @param ofFeatures what the user's features add to the vector, {@code float[dimension]}: a term
   *     of its own in the score, whatever the history
   */
  static Attribution of(
      ItemParameters parameters,
      HistoryWeights weights,
      int[] history,
      float[] ofFeatures,
      int item) {
    int n = history.length;
    double[] products = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      products[i] = product(parameters, history[i], item);
      sum += products[i];
    }
    double own = 0;
    double others = 0;
    for (int k = 1; k <= n; k++) {
      own += (double) weights.ofAll(k) / n;
      if (k < n) {
        others += (double) k / (n - 1) * ((double) weights.ofAll(k + 1) - weights.ofAll(k)) / n;
      }
    }
    double baseline = parameters.bias(item);
    double features = parameters.dot(ofFeatures, item);
    double score = baseline + sum * weights.ofAll(n) + features;
    double[] contributions = products;
    float latest = weights.latest();
    for (int i = n - 1; i >= 0; i--) {
      double recent = latest * products[i];
      contributions[i] = own * products[i] + others * (sum - products[i]) + recent;
      score += recent;
      latest *= weights.decay();
    }
    return new Attribution(baseline, score, contributions, features, 0);
  }

  private static double product(ItemParameters parameters, int own, int item) {
    float[] values = parameters.values();
    int x = parameters.history(own);
    int y = parameters.embedding(item);
    double sum = 0;
    for (int j = 0; j < parameters.dimension(); j++) {
      sum += (double) values[x + j] * values[y + j];
    }
    return sum;
  }
}
