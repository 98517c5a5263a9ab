package io.tacit.simulation.baselines;

import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.RankingTask;
import io.tacit.simulation.evaluation.Scorer;
import java.util.Arrays;
import java.util.Map;

/**
 * The linear item-to-item model EASE: the weights of least squared error that predict each item of
 * a user from the user's other items, in closed form (Steck, "Embarrassingly Shallow Autoencoders
 * for Sparse Data", WWW 2019, equation 8). It sees all data in one place; few models that do are
 * better on data of this size.
 */
public final class Ease implements Scorer {

  /** The regularisers that validation chooses from. */
  private static final double[] REGULARISERS = {50, 100, 200, 500, 1000};

  /** A fit needs 12 bytes per pair of items: 0.3 GB at this size. */
  public static final int ITEMS_MAX = 5000;

  private final HonestSplit split;
  private final double regulariser;
  private final float[][] weights; // [item that a user has][item to predict]

  private Ease(HonestSplit split, double regulariser, float[][] weights) {
    this.split = split;
    this.regulariser = regulariser;
    this.weights = weights;
  }

  /**
   * Fits with the regulariser, out of 50 to 1000, whose HR@10 on the validation items is best. Time
   * grows with the cube of the number of items: about a second per regulariser at 1,700 items.
   *
   * @throws IllegalArgumentException if the catalogue has more than 5,000 items
   */
  public static Ease chosenOnValidation(HonestSplit split) {
    RankingTask validation = RankingTask.sampled(split, HeldOut.VALIDATION);
    return Arrays.stream(REGULARISERS)
        .parallel()
        .mapToObj(regulariser -> fit(split, regulariser))
        .map(ease -> Map.entry(ease, validation.evaluate(ease).hitRate().mean()))
        .max(Map.Entry.comparingByValue())
        .orElseThrow()
        .getKey();
  }

  /**
   * Fits with one regulariser.
   *
   * @param regulariser above 0; added to the diagonal of the co-occurrence counts
   * @throws IllegalArgumentException if it is not, or the catalogue has more than 5,000 items
   */
  public static Ease fit(HonestSplit split, double regulariser) {
    if (!(regulariser > 0)) {
      throw new IllegalArgumentException("regulariser is " + regulariser + ", must be above 0");
    }
    int items = split.itemCount();
    if (items > ITEMS_MAX) {
      throw new IllegalArgumentException(
          "EASE inverts a matrix of items by items; there are "
              + items
              + " items, at most "
              + ITEMS_MAX
              + " are possible: take a smaller catalogue or leave EASE out");
    }
    double[][] matrix = coOccurrences(split);
    for (int item = 0; item < items; item++) {
      matrix[item][item] += regulariser;
    }
    PositiveDefiniteInverse.invert(matrix);
    return new Ease(split, regulariser, weights(matrix));
  }

  /** {@code -P[i][j] / P[j][j]} for the inverse P, with a diagonal of 0. */
  private static float[][] weights(double[][] inverse) {
    int items = inverse.length;
    float[][] weights = new float[items][items];
    for (int have = 0; have < items; have++) {
      for (int predict = 0; predict < items; predict++) {
        if (have != predict) {
          weights[have][predict] = (float) (-inverse[have][predict] / inverse[predict][predict]);
        }
      }
    }
    return weights;
  }

  /** The regulariser of this fit. */
  public double regulariser() {
    return regulariser;
  }

  /** How much having one item speaks for another. */
  float weight(int have, int predict) {
    return weights[have][predict];
  }

  @Override
  public void score(int user, int[] candidates, float[] scores) {
    Arrays.fill(scores, 0);
    for (int have : split.training(user)) {
      float[] row = weights[have];
      for (int i = 0; i < candidates.length; i++) {
        scores[i] += row[candidates[i]];
      }
    }
  }

  private static double[][] coOccurrences(HonestSplit split) {
    double[][] counts = new double[split.itemCount()][split.itemCount()];
    for (int user = 0; user < split.userCount(); user++) {
      int[] training = split.training(user);
      for (int a : training) {
        for (int b : training) {
          counts[a][b]++;
        }
      }
    }
    return counts;
  }
}
