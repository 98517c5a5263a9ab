package io.tacit.client.model;

import java.util.Arrays;

/**
 * Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): of a pool of good items, choose
 * one after the other so that each is good and unlike those chosen before,
 *
 * <pre>
 * argmax over i of (1 - diversity) * relevance(i) - diversity * max over chosen j of cosine(i, j)
 * </pre>
 *
 * <p>where relevance is the score scaled to 0 for the pool's worst and 1 for its best, and the
 * cosine is that of the items' embeddings, 0 for an embedding of zeros. Diversity 0 keeps the order
 * of scores, 1 looks at nothing but differences after the first. Equal values keep the order of
 * scores.
 */
final class MarginalRelevance {

  private MarginalRelevance() {}

  static RankedItems choose(
      ItemParameters parameters, RankedItems pool, int count, double diversity) {
    int size = pool.size();
    int[] items = new int[Math.min(count, size)];
    float[] scores = new float[items.length];
    double[] norms = norms(parameters, pool);
    // The greatest cosine with anything chosen; nothing is alike before the first.
    double[] alike = new double[size];
    boolean[] chosen = new boolean[size];
    for (int rank = 0; rank < items.length; rank++) {
      int best = best(pool, alike, chosen, rank == 0 ? 0 : diversity);
      chosen[best] = true;
      items[rank] = pool.item(best);
      scores[rank] = pool.score(best);
      if (rank == 0) {
        Arrays.fill(alike, -1);
      }
      for (int i = 0; i < size; i++) {
        if (!chosen[i]) {
          alike[i] = Math.max(alike[i], cosine(parameters, pool, norms, i, best));
        }
      }
    }
    return new RankedItems(items, scores);
  }

  private static int best(RankedItems pool, double[] alike, boolean[] chosen, double diversity) {
    double worstScore = pool.score(pool.size() - 1);
    double range = pool.score(0) - worstScore;
    int best = -1;
    double bestValue = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < pool.size(); i++) {
      double relevance = range > 0 ? (pool.score(i) - worstScore) / range : 0;
      double value = (1 - diversity) * relevance - diversity * alike[i];
      if (!chosen[i] && (best < 0 || value > bestValue)) {
        best = i;
        bestValue = value;
      }
    }
    return best;
  }

  private static double[] norms(ItemParameters parameters, RankedItems pool) {
    double[] norms = new double[pool.size()];
    for (int i = 0; i < norms.length; i++) {
      norms[i] = Math.sqrt(dot(parameters, pool.item(i), pool.item(i)));
    }
    return norms;
  }

  private static double cosine(
      ItemParameters parameters, RankedItems pool, double[] norms, int i, int j) {
    double length = norms[i] * norms[j];
    return length > 0 ? dot(parameters, pool.item(i), pool.item(j)) / length : 0;
  }

  private static double dot(ItemParameters parameters, int item, int other) {
    return FloatKernels.dot(
        parameters.values(),
        parameters.embedding(item),
        parameters.values(),
        parameters.embedding(other),
        parameters.dimension());
  }
}
