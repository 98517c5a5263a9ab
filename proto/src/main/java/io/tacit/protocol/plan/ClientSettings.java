package io.tacit.protocol.plan;

/**
 * How a device trains.
 *
 * @param optimiser the rule of a step
 * @param learningRate of the optimiser, (0, 10]
 * @param epochs passes over the examples, 1 to 100
 * @param batchSize examples per step, 1 to 65 536; 0 takes all in one step
 * @param negativesPerPositive sampled from everything outside the device's own training items, 0 to
 *     100
 * @param clipNorm L2 bound on the update, (0, 10 000]; the device clips to it
 * @param examplesMin a device with fewer stays out of the round, 1 to 1 000 000
 * @param examplesMax a device with more uses the latest, examplesMin to 1 000 000
 * @param sumLoss whether the losses of a step are summed instead of averaged
 * @param proximal weight mu of FedProx's term mu/2 |w - w0|^2 (Li et al. 2020), 0 to 100; 0 is off
 */
public record ClientSettings(
    Optimiser optimiser,
    double learningRate,
    int epochs,
    int batchSize,
    int negativesPerPositive,
    double clipNorm,
    int examplesMin,
    int examplesMax,
    boolean sumLoss,
    double proximal) {

  /** The rule of a step on the device. */
  public enum Optimiser {
    /** Stochastic gradient descent. */
    SGD,
    /** Adam (Kingma and Ba 2015) over all parameters. */
    ADAM,
    /** Adam that touches, and ages, only the embedding rows of the step. */
    SPARSE_ADAM
  }

  public ClientSettings {
    Fields.within(
        "client.learning-rate", learningRate, Double.MIN_NORMAL, 10, "0.1 is a usual start");
    Fields.within("client.epochs", epochs, 1, 100, "1 to 5 are usual");
    Fields.within("client.batch-size", batchSize, 0, 65_536, "0 takes all examples in one step");
    Fields.within("client.negatives-per-positive", negativesPerPositive, 0, 100, "4 are usual");
    Fields.within("client.clip-norm", clipNorm, Double.MIN_NORMAL, 10_000, "1 is usual");
    Fields.within("client.examples-min", examplesMin, 1, 1_000_000, "2 is a usual start");
    Fields.within(
        "client.examples-max",
        examplesMax,
        examplesMin,
        1_000_000,
        "it may not be below client.examples-min");
    Fields.within("client.proximal", proximal, 0, 100, "0 turns the proximal term off");
  }
}
