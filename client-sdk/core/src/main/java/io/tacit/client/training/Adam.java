package io.tacit.client.training;

import io.tacit.client.model.FloatKernels;

/**
 * Adam (Kingma and Ba 2015), in the order of computation that the end of their section 2 gives: the
 * bias corrections go into the rate, {@code rate * sqrt(1 - beta2^t) / (1 - beta1^t)}, and epsilon
 * is added to the uncorrected root. Beta 0.9 and 0.999, epsilon 1e-8.
 */
final class Adam implements Optimiser {

  static final float BETA1 = 0.9f;
  static final float BETA2 = 0.999f;
  static final float EPSILON = 1e-8f;

  private final float[][] rows;
  private final float[][] firstMoments;
  private final float[][] secondMoments;
  private final float rate;
  private final boolean movesUntouched;
  private int step;
  private float stepRate;

  Adam(float[][] rows, float rate, boolean movesUntouched) {
    this.rows = rows;
    this.rate = rate;
    this.movesUntouched = movesUntouched;
    this.firstMoments = new float[rows.length][];
    this.secondMoments = new float[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      firstMoments[row] = new float[rows[row].length];
      secondMoments[row] = new float[rows[row].length];
    }
  }

  @Override
  public void beginStep() {
    step++;
    stepRate = (float) (rate * Math.sqrt(1 - Math.pow(BETA2, step)) / (1 - Math.pow(BETA1, step)));
  }

  @Override
  public void move(int row, float[] gradient) {
    move(rows[row], gradient, firstMoments[row], secondMoments[row], stepRate);
  }

  // One pass over arrays with one index and no branch: C2 makes vector instructions of all of it,
  // root and division included.
  private static void move(float[] w, float[] gradient, float[] m, float[] v, float rate) {
    for (int j = 0; j < gradient.length; j++) {
      float g = gradient[j];
      float first = BETA1 * m[j] + (1 - BETA1) * g + FloatKernels.FLUSH - FloatKernels.FLUSH;
      float second = BETA2 * v[j] + (1 - BETA2) * (g * g);
      m[j] = first;
      v[j] = second;
      w[j] -= rate * first / ((float) Math.sqrt(second) + EPSILON);
    }
  }

  @Override
  public boolean movesUntouched() {
    return movesUntouched;
  }
}
