package io.tacit.client.model;

/**
 * The inner loops of all models, over float arrays.
 *
 * <p>Shape of the loops: HotSpot's C2 turns a loop over floats into vector instructions only if all
 * arrays are indexed by the same expression, and it never does so for a sum into one float. So a
 * matrix is an array of rows (a flat matrix would need an offset in the index), a matrix product is
 * a sum of scaled rows, and four rows are added per pass, which saves three of four loads and
 * stores of the target. Eight exceed C2's unroll limit and are four times slower. Measured on a 2.x
 * GHz AVX2 core: 30 GFLOP/s against 6 over flat matrices. {@code Math.fma} is not in Android 8.
 */
public final class FloatKernels {

  /**
   * Added to what decays step by step and taken away again, this rounds to 0 what is far below any
   * number that counts. Without it such a value ends as a denormal float, where it stays, and every
   * step on it costs a hundred times more.
   */
  public static final float FLUSH = 1e-25f;

  private FloatKernels() {}

  /** {@code y[j] += a * x[j]} for j below n. */
  public static void addScaled(float[] y, int n, float[] x, float a) {
    for (int j = 0; j < n; j++) {
      y[j] += a * x[j];
    }
  }

  /** {@code y[j] = decay * y[j] + a * x[j]} for j below n, without denormals. */
  public static void decayAndAdd(float[] y, int n, float decay, float[] x, float a) {
    for (int j = 0; j < n; j++) {
      y[j] = decay * y[j] + a * x[j] + FLUSH - FLUSH;
    }
  }

  /** {@code y[j] += a * p[j] + b * q[j] + c * r[j] + d * s[j]} for j below n. */
  private static void addScaled(
      float[] y,
      int n,
      float[] p,
      float[] q,
      float[] r,
      float[] s,
      float a,
      float b,
      float c,
      float d) {
    for (int j = 0; j < n; j++) {
      y[j] += a * p[j] + b * q[j] + c * r[j] + d * s[j];
    }
  }

  /**
   * {@code y += x w}, for {@code x [rows][inner]}, {@code w [inner][columns]} found from row {@code
   * firstRow} of its array on, and {@code y [rows][columns]}.
   */
  public static void addProduct(
      float[][] x, int rows, int inner, float[][] w, int firstRow, int columns, float[][] y) {
    int i = 0;
    for (; i + 3 < inner; i += 4) {
      float[] p = w[firstRow + i];
      float[] q = w[firstRow + i + 1];
      float[] r = w[firstRow + i + 2];
      float[] s = w[firstRow + i + 3];
      for (int b = 0; b < rows; b++) {
        float[] xb = x[b];
        addScaled(y[b], columns, p, q, r, s, xb[i], xb[i + 1], xb[i + 2], xb[i + 3]);
      }
    }
    for (; i < inner; i++) {
      for (int b = 0; b < rows; b++) {
        addScaled(y[b], columns, w[firstRow + i], x[b][i]);
      }
    }
  }

  /**
   * {@code y += column i of x, transposed, times d}: one row of the gradient of a weight matrix,
   * for {@code x [rows][..]}, {@code d [rows][columns]} and {@code y [columns]}.
   */
  public static void addColumnProduct(
      float[][] x, int i, int rows, float[][] d, int columns, float[] y) {
    int b = 0;
    for (; b + 3 < rows; b += 4) {
      addScaled(
          y,
          columns,
          d[b],
          d[b + 1],
          d[b + 2],
          d[b + 3],
          x[b][i],
          x[b + 1][i],
          x[b + 2][i],
          x[b + 3][i]);
    }
    for (; b < rows; b++) {
      addScaled(y, columns, d[b], x[b][i]);
    }
  }

  /**
   * The inner product of n elements. Four sums run beside each other, as one would wait for itself.
   */
  public static float dot(float[] x, int xFrom, float[] y, int yFrom, int n) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int j = 0;
    for (; j + 3 < n; j += 4) {
      a += x[xFrom + j] * y[yFrom + j];
      b += x[xFrom + j + 1] * y[yFrom + j + 1];
      c += x[xFrom + j + 2] * y[yFrom + j + 2];
      d += x[xFrom + j + 3] * y[yFrom + j + 3];
    }
    for (; j < n; j++) {
      a += x[xFrom + j] * y[yFrom + j];
    }
    return a + b + (c + d);
  }

  /**
   * The inner products of x with rows of y that stand one behind the other, {@code [rows][n]} from
   * {@code yFrom} on; bit for bit those of {@link #dot}. Two rows run beside each other: the four
   * sums of one leave half of the adders idle.
   */
  static void dots(float[] x, float[] y, int yFrom, int n, int rows, float[] products) {
    int row = 0;
    for (; row + 1 < rows; row += 2) {
      int first = yFrom + row * n;
      int second = first + n;
      float a = 0;
      float b = 0;
      float c = 0;
      float d = 0;
      float e = 0;
      float f = 0;
      float g = 0;
      float h = 0;
      int j = 0;
      for (; j + 3 < n; j += 4) {
        a += x[j] * y[first + j];
        e += x[j] * y[second + j];
        b += x[j + 1] * y[first + j + 1];
        f += x[j + 1] * y[second + j + 1];
        c += x[j + 2] * y[first + j + 2];
        g += x[j + 2] * y[second + j + 2];
        d += x[j + 3] * y[first + j + 3];
        h += x[j + 3] * y[second + j + 3];
      }
      for (; j < n; j++) {
        a += x[j] * y[first + j];
        e += x[j] * y[second + j];
      }
      products[row] = a + b + (c + d);
      products[row + 1] = e + f + (g + h);
    }
    if (row < rows) {
      products[row] = dot(x, 0, y, yFrom + row * n, n);
    }
  }
}
