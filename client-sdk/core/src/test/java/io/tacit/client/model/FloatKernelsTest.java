package io.tacit.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatKernelsTest {

  /** Every remainder of the blocks of four, in both directions. */
  @ParameterizedTest(name = "{0} x {1} x {2}")
  @CsvSource({"1,1,1", "2,3,5", "4,4,4", "5,6,7", "6,5,9", "7,7,33", "8,9,64"})
  void products_agree_with_the_definition(int rows, int inner, int columns) {
    SplitMix64 random = new SplitMix64(rows * 1_000 + inner);
    float[][] x = matrix(random, rows, inner);
    float[][] w = matrix(random, inner + 2, columns);
    float[][] y = matrix(random, rows, columns);
    float[][] expected = new float[rows][columns];
    for (int b = 0; b < rows; b++) {
      for (int j = 0; j < columns; j++) {
        double sum = y[b][j];
        for (int i = 0; i < inner; i++) {
          sum += (double) x[b][i] * w[2 + i][j];
        }
        expected[b][j] = (float) sum;
      }
    }
    FloatKernels.addProduct(x, rows, inner, w, 2, columns, y);
    for (int b = 0; b < rows; b++) {
      assertThat(y[b]).containsExactly(expected[b], within(1e-5f));
    }

    float[] gradient = new float[columns];
    FloatKernels.addColumnProduct(x, inner - 1, rows, y, columns, gradient);
    for (int j = 0; j < columns; j++) {
      double sum = 0;
      for (int b = 0; b < rows; b++) {
        sum += (double) x[b][inner - 1] * y[b][j];
      }
      assertThat((double) gradient[j]).isCloseTo(sum, within(1e-4));
    }
  }

  @Test
  void inner_products_agree_with_the_definition_for_every_remainder() {
    SplitMix64 random = new SplitMix64(1);
    float[] x = matrix(random, 1, 20)[0];
    float[] y = matrix(random, 1, 20)[0];
    for (int n = 0; n <= 17; n++) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += (double) x[1 + j] * y[3 + j];
      }
      assertThat((double) FloatKernels.dot(x, 1, y, 3, n)).isCloseTo(sum, within(1e-5));
    }
  }

  @Test
  void activations_do_not_overflow() {
    float[] extremes = {-1e30f, -1000, 0, 1000, 1e30f};
    float[] sigmoid = extremes.clone();
    Activations.apply(Activation.SIGMOID, sigmoid, 5);
    assertThat(sigmoid).containsExactly(0, 0, 0.5f, 1, 1);
    float[] softmax = {1000, 1000, -1000};
    Activations.apply(Activation.SOFTMAX, softmax, 3);
    assertThat(softmax).containsExactly(0.5f, 0.5f, 0);
  }

  @Test
  void deltas_pass_a_rectifier_only_where_it_let_something_through() {
    float[] deltas = {1, -2, 3, -4};
    Activations.multiplyByDerivative(
        Activation.RELU, new float[] {0, Float.MIN_VALUE, 5, 0}, deltas, 4);
    assertThat(deltas).containsExactly(0, -2, 3, 0);
  }

  private static float[][] matrix(SplitMix64 random, int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int j = 0; j < columns; j++) {
        row[j] = (float) random.nextGaussian();
      }
    }
    return matrix;
  }
}
