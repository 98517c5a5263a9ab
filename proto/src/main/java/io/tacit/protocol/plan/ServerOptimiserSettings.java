package io.tacit.protocol.plan;

/**
 * What the coordinator does with the mean of the updates (Reddi et al. 2021, algorithm 2).
 *
 * @param kind the rule
 * @param learningRate eta: 1 with MEAN; the factor with SCALED_MEAN; (0, 1 000]
 * @param beta1 decay of the first moment, [0, 1); used by FED_ADAM and FED_ADAGRAD
 * @param beta2 decay of the second moment, [0, 1); used by FED_ADAM
 * @param tau adaptivity floor, [1e-9, 1]
 */
public record ServerOptimiserSettings(
    Kind kind, double learningRate, double beta1, double beta2, double tau) {

  /** The rule of the server step. */
  public enum Kind {
    /** The (weighted) mean itself: FedAvg as McMahan et al. 2017 name it. */
    MEAN,
    /** The mean times the learning rate. */
    SCALED_MEAN,
    /** Adam on the mean. */
    FED_ADAM,
    /** Adagrad on the mean. */
    FED_ADAGRAD
  }

  public ServerOptimiserSettings {
    Fields.within(
        "server-optimiser.learning-rate",
        learningRate,
        Double.MIN_NORMAL,
        1_000,
        "0.1 with fed-adam, 1 with mean are usual");
    if (kind == Kind.MEAN && learningRate != 1) {
      throw new InvalidPlanException(
          "server-optimiser.learning-rate",
          learningRate,
          "1 for kind mean",
          "use kind scaled-mean for another factor");
    }
    Fields.within("server-optimiser.beta1", beta1, 0, Math.nextDown(1.0), "0.9 is usual");
    Fields.within("server-optimiser.beta2", beta2, 0, Math.nextDown(1.0), "0.99 is usual");
    Fields.within("server-optimiser.tau", tau, 1e-9, 1, "0.001 is usual");
  }
}
