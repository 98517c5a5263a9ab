package io.tacit.simulation.baselines;

import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.RankingTask;
import io.tacit.simulation.evaluation.Scorer;
import java.util.Arrays;
import java.util.Comparator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The linear item-to-item model EASE: the weights of least squared error that predict each item of
 * a user from the user's other items, in closed form (Steck, "Embarrassingly Shallow Autoencoders
 * for Sparse Data", WWW 2019, equation 8). It sees all data in one place; few models that do are
 * better on data of this size.
 */
public final class Ease implements Scorer {

  /** The regularisers that validation chooses from. */
  private static final double[] REGULARISERS = {50, 100, 200, 500, 1000};

  private final HonestSplit split;
  private final double regulariser;
  private final float[][] weights; // [item that a user has][item to predict]

  private Ease(HonestSplit split, double regulariser, float[][] weights) {
    this.split = split;
    this.regulariser = regulariser;
    this.weights = weights;
  }

  /**
   * Fits with the regulariser, out of 50 to 1000, whose NDCG@10 on the validation items is best.
   * Time grows with the cube of the number of items: about a second per 1,500 items and regulariser.
   */
  public static Ease chosenOnValidation(HonestSplit split) {
    RankingTask validation = RankingTask.sampled(split, HeldOut.VALIDATION);
    return Arrays.stream(REGULARISERS)
        .mapToObj(regulariser -> fit(split, regulariser))
        .max(Comparator.comparingDouble(ease -> validation.evaluate(ease).ndcg().mean()))
        .orElseThrow();
  }

  /**
   * Fits with one regulariser.
   *
   * @param regulariser above 0; added to the diagonal of the co-occurrence counts
   */
  public static Ease fit(HonestSplit split, double regulariser) {
    if (!(regulariser > 0)) {
      throw new IllegalArgumentException("regulariser is " + regulariser + ", must be above 0");
    }
    int items = split.itemCount();
    DMatrixRMaj gram = coOccurrences(split);
    for (int item = 0; item < items; item++) {
      gram.add(item, item, regulariser);
    }
    DMatrixRMaj inverse = new DMatrixRMaj(items, items);
    if (!CommonOps_DDRM.invertSPD(gram, inverse)) {
      throw new ArithmeticException(
          "co-occurrences with regulariser " + regulariser + " are singular; take a larger one");
    }
    float[][] weights = new float[items][items];
    for (int have = 0; have < items; have++) {
      for (int predict = 0; predict < items; predict++) {
        weights[have][predict] =
            have == predict
                ? 0
                : (float) (-inverse.get(have, predict) / inverse.get(predict, predict));
      }
    }
    return new Ease(split, regulariser, weights);
  }

  /** The regulariser of this fit. */
  public double regulariser() {
    return regulariser;
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

  private static DMatrixRMaj coOccurrences(HonestSplit split) {
    DMatrixRMaj counts = new DMatrixRMaj(split.itemCount(), split.itemCount());
    for (int user = 0; user < split.userCount(); user++) {
      int[] training = split.training(user);
      for (int a : training) {
        for (int b : training) {
          counts.add(a, b, 1);
        }
      }
    }
    return counts;
  }
}
