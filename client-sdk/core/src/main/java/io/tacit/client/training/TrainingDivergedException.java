package io.tacit.client.training;

/**
 * Local training left the finite numbers, so it has no result. Checked, because it happens in
 * normal operation (a learning rate too high for one device's data) and the device must then stay
 * out of the round.
 */
public final class TrainingDivergedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int epoch;

  TrainingDivergedException(String what, int epoch) {
    super(
        what
            + " became NaN or infinite in epoch "
            + epoch
            + "; nothing is sent; lower learningRate or epochs in the training plan");
    this.epoch = epoch;
  }

  /** The pass over the examples in which it happened, from 1. */
  public int epoch() {
    return epoch;
  }
}
