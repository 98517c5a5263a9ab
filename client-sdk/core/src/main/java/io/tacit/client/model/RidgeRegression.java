package io.tacit.client.model;

/**
 * Least squares with a penalty on the squared weights (Hoerl and Kennard 1970), over rows that come
 * one by one: normal equations in double precision, solved by Cholesky factorisation. Memory is
 * {@code dimension²} whatever the number of rows. Not thread-safe.
 */
final class RidgeRegression {

  private final int dimension;

  /** Lower triangle of the sum of outer products. */
  private final double[][] normal;

  /** The sum of rows times targets. */
  private final double[] moment;

  RidgeRegression(int dimension) {
    this.dimension = dimension;
    this.normal = new double[dimension][dimension];
    this.moment = new double[dimension];
  }

  /** Adds a row {@code x[from .. from + dimension)} and what it should give. */
  void add(float[] x, int from, double target) {
    for (int i = 0; i < dimension; i++) {
      double xi = x[from + i];
      double[] row = normal[i];
      for (int j = 0; j <= i; j++) {
        row[j] += xi * x[from + j];
      }
      moment[i] += xi * target;
    }
  }

  /**
   * The weights {@code w} that make {@code Σ (x w - target)² + penalty |w|²} small.
   *
   * @param relativePenalty penalty as a share of the mean of the diagonal, above 0
   */
  double[] solve(double relativePenalty) {
    return solve(relativePenalty, moment);
  }

  /** {@code (XᵀX + penalty I)⁻¹ b}, with another right-hand side than that of the targets. */
  double[] solve(double relativePenalty, double[] rightHandSide) {
    double trace = 0;
    for (int i = 0; i < dimension; i++) {
      trace += normal[i][i];
    }
    if (trace == 0) {
      return new double[dimension];
    }
    double[][] factor = factor(relativePenalty * trace / dimension);
    double[] w = rightHandSide.clone();
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < i; j++) {
        w[i] -= factor[i][j] * w[j];
      }
      w[i] /= factor[i][i];
    }
    for (int i = dimension - 1; i >= 0; i--) {
      for (int j = i + 1; j < dimension; j++) {
        w[i] -= factor[j][i] * w[j];
      }
      w[i] /= factor[i][i];
    }
    return w;
  }

  /** The lower triangle L with {@code L Lᵀ = normal + penalty I}, which is positive definite. */
  private double[][] factor(double penalty) {
    double[][] factor = new double[dimension][];
    for (int i = 0; i < dimension; i++) {
      factor[i] = normal[i].clone();
      factor[i][i] += penalty;
      for (int j = 0; j <= i; j++) {
        for (int k = 0; k < j; k++) {
          factor[i][j] -= factor[i][k] * factor[j][k];
        }
        factor[i][j] = j < i ? factor[i][j] / factor[j][j] : Math.sqrt(factor[i][i]);
      }
    }
    return factor;
  }
}
