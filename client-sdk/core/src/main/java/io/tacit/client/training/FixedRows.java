package io.tacit.client.training;

/** Leaves all rows where they are, while others are fitted to them. */
final class FixedRows implements Optimiser {

  @Override
  public void beginStep() {}

  @Override
  public void move(int row, float[] gradient) {}

  @Override
  public boolean movesUntouched() {
    return false;
  }
}
