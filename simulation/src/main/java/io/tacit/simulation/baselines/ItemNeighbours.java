package io.tacit.simulation.baselines;

import io.tacit.protocol.model.Recency;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.Scorer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which items have users in common, by the cosine of their columns of training data (Sarwar et al.,
 * "Item-Based Collaborative Filtering Recommendation Algorithms", WWW 2001, section 3.1.1). Nothing
 * is trained, so that it is had in seconds. The most popular 5,000 items alone have neighbours.
 * Immutable.
 */
final class ItemNeighbours {

  /** Similarities need 4 bytes per pair of items: 0.1 GB at this size. */
  private static final int ITEMS_MAX = 5_000;

  private static final int NO_ROW = -1;

  private final HonestSplit split;
  private final int[] rowOfItem;
  private final float[][] similarity;

  private ItemNeighbours(HonestSplit split, int[] rowOfItem, float[][] similarity) {
    this.split = split;
    this.rowOfItem = rowOfItem;
    this.similarity = similarity;
  }

  static ItemNeighbours of(HonestSplit split) {
    int[] rowOfItem = rows(split);
    int rows = Math.min(split.itemCount(), ITEMS_MAX);
    float[][] together = new float[rows][rows];
    for (int user = 0; user < split.userCount(); user++) {
      int[] own =
          IntStream.of(split.training(user))
              .map(item -> rowOfItem[item])
              .filter(row -> row != NO_ROW)
              .toArray();
      for (int a : own) {
        for (int b : own) {
          together[a][b]++;
        }
      }
    }
    return new ItemNeighbours(split, rowOfItem, cosines(together));
  }

  /** The row of each item, by popularity. */
  private static int[] rows(HonestSplit split) {
    ItemPopularity popularity = ItemPopularity.of(split);
    int[] byPopularity =
        IntStream.range(0, split.itemCount())
            .boxed()
            .sorted(Comparator.comparingInt(item -> -popularity.usersOf(item)))
            .limit(ITEMS_MAX)
            .mapToInt(Integer::intValue)
            .toArray();
    int[] rows = new int[split.itemCount()];
    Arrays.fill(rows, NO_ROW);
    for (int row = 0; row < byPopularity.length; row++) {
      rows[byPopularity[row]] = row;
    }
    return rows;
  }

  /** Of counts of common users, in place; an item that nobody has is like nothing. */
  private static float[][] cosines(float[][] together) {
    double[] norms =
        IntStream.range(0, together.length).mapToDouble(i -> Math.sqrt(together[i][i])).toArray();
    for (int a = 0; a < together.length; a++) {
      for (int b = 0; b < together.length; b++) {
        if (together[a][b] != 0) {
          together[a][b] = (float) (together[a][b] / (norms[a] * norms[b]));
        }
      }
    }
    return together;
  }

  /** Scores an item by how alike it is to those of a user, of which the latest may count more. */
  Scorer scorer(Recency recency) {
    return (user, candidates, scores) -> {
      Arrays.fill(scores, 0);
      int[] history = split.training(user);
      double[] weights = weights(history.length, recency);
      for (int i = 0; i < history.length; i++) {
        add(history[i], (float) weights[i], candidates, scores);
      }
    };
  }

  private void add(int own, float weight, int[] candidates, float[] scores) {
    if (rowOfItem[own] == NO_ROW) {
      return;
    }
    float[] row = similarity[rowOfItem[own]];
    for (int c = 0; c < candidates.length; c++) {
      int candidate = rowOfItem[candidates[c]];
      if (candidate != NO_ROW) {
        scores[c] += weight * row[candidate];
      }
    }
  }

  /** What each item of a history counts, earliest first; 1 together. */
  private static double[] weights(int items, Recency recency) {
    double[] weights = new double[items];
    double fallOff = recency.isNone() ? 0 : Math.pow(2, -1 / recency.halfLife());
    double sum = 0;
    for (int age = 0; age < items; age++) {
      weights[items - 1 - age] = Math.pow(fallOff, age);
      sum += weights[items - 1 - age];
    }
    double share = recency.share();
    double all = sum;
    Arrays.setAll(weights, i -> share * weights[i] / all + (1 - share) / items);
    return weights;
  }
}
