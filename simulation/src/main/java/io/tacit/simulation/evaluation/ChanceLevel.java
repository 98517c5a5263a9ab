package io.tacit.simulation.evaluation;

import java.util.stream.IntStream;

/**
 * What a scorer that knows nothing is expected to reach; below it something is wrong as well.
 *
 * @param hitRate HR@10
 * @param ndcg NDCG@10
 */
public record ChanceLevel(double hitRate, double ndcg) {

  /** Chance among the sampled negatives: .100 and .045. */
  public static ChanceLevel sampled() {
    return among(HonestSplit.NEGATIVES + 1);
  }

  /** Chance if the item is one of that many candidates, each rank being equally likely. */
  public static ChanceLevel among(int candidates) {
    int ranks = Math.min(candidates, RankingResult.CUTOFF);
    double gains = IntStream.range(0, ranks).mapToDouble(RankingResult::gain).sum();
    return new ChanceLevel((double) ranks / candidates, gains / candidates);
  }
}
