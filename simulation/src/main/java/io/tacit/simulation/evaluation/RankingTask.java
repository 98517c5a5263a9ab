package io.tacit.simulation.evaluation;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * To rank each user's held-out item among candidates.
 *
 * @param split of the data
 * @param heldOut which item
 * @param candidates among which others
 */
public record RankingTask(HonestSplit split, HeldOut heldOut, Candidates candidates) {

  /** What the held-out item is ranked against. */
  public enum Candidates {
    /** The {@link HonestSplit#NEGATIVES} items drawn for it. */
    SAMPLED,
    /**
     * The whole catalogue, less what the user had touched before: the training items and, for the
     * test item, the validation item. The test item stays among the candidates for validation.
     */
    FULL
  }

  private static final int NOT_A_NUMBER = -1;

  /** Ranking among the sampled negatives: the headline. */
  public static RankingTask sampled(HonestSplit split, HeldOut heldOut) {
    return new RankingTask(split, heldOut, Candidates.SAMPLED);
  }

  /** Ranking among the whole catalogue. */
  public static RankingTask full(HonestSplit split, HeldOut heldOut) {
    return new RankingTask(split, heldOut, Candidates.FULL);
  }

  /**
   * Ranks every user's item, in parallel; the result does not depend on the number of threads.
   *
   * @throws IllegalArgumentException if a score is NaN
   */
  public RankingResult evaluate(Scorer scorer) {
    int[] ranks = new int[split.userCount()];
    IntStream.range(0, ranks.length).parallel().forEach(user -> ranks[user] = rank(user, scorer));
    for (int user = 0; user < ranks.length; user++) {
      if (ranks[user] == NOT_A_NUMBER) {
        throw new IllegalArgumentException(
            "a score of user " + user + " is NaN, must be a number; has training diverged?");
      }
    }
    return new RankingResult(this, ranks);
  }

  private int rank(int user, Scorer scorer) {
    int[] items = candidates(user);
    float[] scores = new float[items.length];
    scorer.score(user, items, scores);
    return rankOfFirst(scores);
  }

  /**
   * How many of the others score at least as high as the first: ties count against the model, or
   * one that gives every item the same score would be perfect.
   */
  static int rankOfFirst(float[] scores) {
    int rank = 0;
    for (int i = 0; i < scores.length; i++) {
      if (Float.isNaN(scores[i])) {
        return NOT_A_NUMBER;
      }
      if (i > 0 && scores[i] >= scores[0]) {
        rank++;
      }
    }
    return rank;
  }

  /** The held-out item, then those it is ranked against. */
  int[] candidates(int user) {
    int target = split.heldOutItem(user, heldOut);
    IntStream others =
        switch (candidates) {
          case SAMPLED -> IntStream.of(split.negatives(user, heldOut));
          case FULL -> catalogueWithoutSeen(user, target);
        };
    return IntStream.concat(IntStream.of(target), others).toArray();
  }

  private IntStream catalogueWithoutSeen(int user, int target) {
    BitSet left = new BitSet(split.itemCount());
    left.set(0, split.itemCount());
    left.clear(target);
    for (int item : split.training(user)) {
      left.clear(item);
    }
    if (heldOut == HeldOut.TEST) {
      left.clear(split.heldOutItem(user, HeldOut.VALIDATION));
    }
    return left.stream();
  }
}
