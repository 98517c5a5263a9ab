package io.tacit.client.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attribution for models with a private user vector. The vector is split into a multiple of each
 * own item's embedding and a remainder: training moves it along embeddings only, towards own items
 * and away from negatives, so it is such a sum but for how the embeddings were at that time (as a
 * representer theorem has it: Yeh et al. 2018, "Representer point selection"). The multiples are
 * those of ridge regression, {@code α = V (VᵀV + penalty I)⁻¹ u} for rows V of embeddings.
 *
 * <p>Without a tower the score is linear in the vector, and every order of joining gives the same.
 */
final class PrivateAttribution {

  /** Own items that are told apart, the latest; earlier ones are in the remainder. */
  static final int PARTS_MAX = 1_000;

  private static final double RELATIVE_PENALTY = 1e-2;

  private PrivateAttribution() {}

  static Attribution of(
      ItemParameters parameters,
      @Nullable DenseNetwork tower,
      float[] user,
      int[] history,
      float[] ofFeatures,
      int item) {
    int from = Math.max(0, history.length - PARTS_MAX);
    int[] own = Arrays.copyOfRange(history, from, history.length);
    // The last parts are the remainder and the features. Parts go into a tower as products with the
    // item.
    float[][] parts = split(parameters, without(user, ofFeatures), own);
    parts[own.length + 1] = ofFeatures.clone();
    for (float[] part : parts) {
      parameters.multiply(part, item, part);
    }
    Attribution all =
        tower == null
            ? sums(parts)
            : OrderedAttribution.of(tower, 0, parts.length, (part, sum) -> add(parts[part], sum));
    double[] contributions = new double[history.length];
    for (int i = 0; i < own.length; i++) {
      contributions[from + i] = all.contribution(i);
    }
    double bias = parameters.bias(item);
    return new Attribution(
        all.baseline() + bias,
        all.score() + bias,
        contributions,
        all.contribution(own.length + 1),
        all.contribution(own.length));
  }

  private static float[] without(float[] user, float[] ofFeatures) {
    float[] rest = user.clone();
    FloatKernels.addScaled(rest, rest.length, ofFeatures, -1);
    return rest;
  }

  /** {@code [own.length + 2][dimension]}, of which all but the last sum to the vector. */
  private static float[][] split(ItemParameters parameters, float[] user, int[] own) {
    int dimension = parameters.dimension();
    RidgeRegression regression = new RidgeRegression(dimension);
    for (int row : own) {
      regression.add(parameters.values(), parameters.embedding(row), 0);
    }
    double[] rightHandSide = new double[dimension];
    for (int j = 0; j < dimension; j++) {
      rightHandSide[j] = user[j];
    }
    double[] weights = regression.solve(RELATIVE_PENALTY, rightHandSide);
    float[][] parts = new float[own.length + 2][dimension];
    double[] remainder = rightHandSide;
    for (int i = 0; i < own.length; i++) {
      int from = parameters.embedding(own[i]);
      double multiple = 0;
      for (int j = 0; j < dimension; j++) {
        multiple += weights[j] * parameters.values()[from + j];
      }
      for (int j = 0; j < dimension; j++) {
        parts[i][j] = (float) (multiple * parameters.values()[from + j]);
        remainder[j] -= parts[i][j];
      }
    }
    for (int j = 0; j < dimension; j++) {
      parts[own.length][j] = (float) remainder[j];
    }
    return parts;
  }

  private static void add(float[] part, double[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += part[j];
    }
  }

  private static Attribution sums(float[][] parts) {
    double[] sums = new double[parts.length];
    double total = 0;
    for (int i = 0; i < parts.length; i++) {
      for (float element : parts[i]) {
        sums[i] += element;
      }
      total += sums[i];
    }
    return new Attribution(0, total, sums, 0, 0);
  }
}
