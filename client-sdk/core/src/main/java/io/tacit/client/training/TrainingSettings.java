package io.tacit.client.training;

import io.tacit.protocol.plan.ClientSettings;

/**
 * How a device trains.
 *
 * @param optimiser how parameters move
 * @param learningRate above 0, finite
 * @param epochs passes over the examples, 1 to {@value #EPOCHS_MAX}
 * @param batchSize examples per step (for models of items: positives and negatives both count), 0 =
 *     all in one step
 * @param negativesPerPositive sampled anew in every epoch, 0 to {@value #NEGATIVES_MAX}; models of
 *     items only
 * @param sumLoss a step follows the sum of its losses instead of their mean
 * @param proximal weight mu of the term {@code mu / 2 * |w - start|^2} added to the loss of a step
 *     (FedProx, Li et al. 2020), 0 = off
 */
public record TrainingSettings(
    OptimiserKind optimiser,
    double learningRate,
    int epochs,
    int batchSize,
    int negativesPerPositive,
    boolean sumLoss,
    double proximal) {

  /** Most passes over the examples in one training. */
  public static final int EPOCHS_MAX = 1_000;

  /** Most negatives per positive. */
  public static final int NEGATIVES_MAX = 1_000;

  public TrainingSettings {
    if (!(learningRate > 0 && learningRate <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "learningRate is " + learningRate + ", must be above 0 and finite; 0.1 is a usual start");
    }
    requireRange("epochs", epochs, 1, EPOCHS_MAX);
    requireRange("batchSize", batchSize, 0, Integer.MAX_VALUE);
    requireRange("negativesPerPositive", negativesPerPositive, 0, NEGATIVES_MAX);
    if (!(proximal >= 0 && proximal <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "proximal is " + proximal + ", must be at least 0 and finite; 0 turns it off");
    }
  }

  /** The settings of a training plan. */
  public static TrainingSettings of(ClientSettings client) {
    return new TrainingSettings(
        switch (client.optimiser()) {
          case SGD -> OptimiserKind.SGD;
          case ADAM -> OptimiserKind.ADAM;
          case SPARSE_ADAM -> OptimiserKind.SPARSE_ADAM;
        },
        client.learningRate(),
        client.epochs(),
        client.batchSize(),
        client.negativesPerPositive(),
        client.sumLoss(),
        client.proximal());
  }

  private static void requireRange(String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what + " is " + value + ", must be in [" + min + ", " + max + "]");
    }
  }
}
