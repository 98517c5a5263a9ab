package io.tacit.simulation.baselines;

import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.Scorer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Recommends to everyone what is most often the last training item, and among equals the more
 * popular. A control: where this beats popularity, the order of the data gives the held-out items
 * away without any model.
 */
public final class LastPositionTable implements Scorer {

  private final float[] scoreOfItem;

  private LastPositionTable(float[] scoreOfItem) {
    this.scoreOfItem = scoreOfItem;
  }

  /** Counts the last training items. */
  public static LastPositionTable of(HonestSplit split) {
    ItemPopularity popularity = ItemPopularity.of(split);
    long[] keys = IntStream.range(0, split.itemCount()).mapToLong(popularity::usersOf).toArray();
    for (int user = 0; user < split.userCount(); user++) {
      int[] training = split.training(user);
      keys[training[training.length - 1]] += 1L << Integer.SIZE; // outweighs any popularity
    }
    // The place among the distinct keys, as the keys themselves would not fit a float.
    long[] distinct = Arrays.stream(keys).sorted().distinct().toArray();
    float[] scores = new float[keys.length];
    for (int item = 0; item < keys.length; item++) {
      scores[item] = Arrays.binarySearch(distinct, keys[item]);
    }
    return new LastPositionTable(scores);
  }

  @Override
  public void score(int user, int[] candidates, float[] scores) {
    for (int i = 0; i < candidates.length; i++) {
      scores[i] = scoreOfItem[candidates[i]];
    }
  }
}
