package io.tacit.simulation.baselines;

import io.tacit.simulation.evaluation.Scorer;
import io.tacit.simulation.evaluation.UserRandom;

/** Scores drawn at random per user and item: a control that must come out at chance. */
public final class RandomScores implements Scorer {

  private final int itemCount;
  private final long seed;

  /** Random scores for a catalogue of that size. */
  public RandomScores(int itemCount, long seed) {
    this.itemCount = itemCount;
    this.seed = seed;
  }

  @Override
  public void score(int user, int[] candidates, float[] scores) {
    double[] ofItem = UserRandom.of(seed, "random-scores", user).doubles(itemCount).toArray();
    for (int i = 0; i < candidates.length; i++) {
      scores[i] = (float) ofItem[candidates[i]];
    }
  }
}
