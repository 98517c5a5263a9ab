package io.tacit.simulation.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositiveDefiniteInverseTest {

  @Test
  void inverts_a_matrix_known_by_hand() {
    double[][] matrix = {{4, 2}, {2, 3}}; // determinant 8

    PositiveDefiniteInverse.invert(matrix);

    assertThat(matrix).isDeepEqualTo(new double[][] {{0.375, -0.25}, {-0.25, 0.5}});
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 150})
  void inverse_times_matrix_is_the_identity(int n) {
    double[][] matrix = positiveDefinite(n, 23);
    double[][] inverse = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);

    PositiveDefiniteInverse.invert(inverse);

    double largestError = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double product = 0;
        for (int k = 0; k < n; k++) {
          product += inverse[i][k] * matrix[k][j];
        }
        largestError = Math.max(largestError, Math.abs(product - (i == j ? 1 : 0)));
      }
    }
    assertThat(largestError).as("n %s, seed 23", n).isLessThan(1e-10);
  }

  @Test
  void refuses_a_matrix_that_is_not_positive_definite() {
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> PositiveDefiniteInverse.invert(new double[][] {{1, 2}, {2, 1}}))
        .withMessage("pivot is -3.0, must be above 0; the matrix is not positive definite");
  }

  /** X'X + 1 for a random X. */
  private static double[][] positiveDefinite(int n, long seed) {
    double[][] x = new double[n][];
    SplittableRandom random = new SplittableRandom(seed);
    Arrays.setAll(x, row -> random.doubles(n, -1, 1).toArray());
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix[i][j] = i == j ? 1 : 0;
        for (int k = 0; k < n; k++) {
          matrix[i][j] += x[k][i] * x[k][j];
        }
      }
    }
    return matrix;
  }
}
