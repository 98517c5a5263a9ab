package io.tacit.client.training;

import io.tacit.client.model.FloatKernels;

/** {@code w -= rate * g}. */
final class GradientDescent implements Optimiser {

  private final float[][] rows;
  private final float rate;

  GradientDescent(float[][] rows, float rate) {
    this.rows = rows;
    this.rate = rate;
  }

  @Override
  public void beginStep() {}

  @Override
  public void move(int row, float[] gradient) {
    FloatKernels.addScaled(rows[row], gradient.length, gradient, -rate);
  }

  @Override
  public boolean movesUntouched() {
    return false;
  }
}
