package io.tacit.client.training;

/**
 * Adds the gradient of FedProx's term {@code mu / 2 * |w - start|^2} (Li et al. 2020, equation 2)
 * before an optimiser moves a row.
 */
final class ProximalTerm implements Optimiser {

  private final Optimiser optimiser;
  private final float[][] rows;
  private final float[][] start;
  private final float mu;

  ProximalTerm(Optimiser optimiser, float[][] rows, float mu) {
    this.optimiser = optimiser;
    this.rows = rows;
    this.mu = mu;
    this.start = new float[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      start[row] = rows[row].clone();
    }
  }

  @Override
  public void beginStep() {
    optimiser.beginStep();
  }

  @Override
  public void move(int row, float[] gradient) {
    float[] w = rows[row];
    float[] w0 = start[row];
    for (int j = 0; j < gradient.length; j++) {
      gradient[j] += mu * (w[j] - w0[j]);
    }
    optimiser.move(row, gradient);
  }

  @Override
  public boolean movesUntouched() {
    return true;
  }
}
