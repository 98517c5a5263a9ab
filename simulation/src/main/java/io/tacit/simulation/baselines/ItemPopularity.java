package io.tacit.simulation.baselines;

import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.Scorer;

/** Recommends to everyone what most users have among their training items. */
public final class ItemPopularity implements Scorer {

  private final int[] usersOfItem;

  private ItemPopularity(int[] usersOfItem) {
    this.usersOfItem = usersOfItem;
  }

  /** Counts the training items. */
  public static ItemPopularity of(HonestSplit split) {
    int[] usersOfItem = new int[split.itemCount()];
    for (int user = 0; user < split.userCount(); user++) {
      for (int item : split.training(user)) {
        usersOfItem[item]++;
      }
    }
    return new ItemPopularity(usersOfItem);
  }

  /** How many users have the item among their training items. */
  public int usersOf(int item) {
    return usersOfItem[item];
  }

  @Override
  public void score(int user, int[] candidates, float[] scores) {
    for (int i = 0; i < candidates.length; i++) {
      scores[i] = usersOfItem[candidates[i]];
    }
  }
}
