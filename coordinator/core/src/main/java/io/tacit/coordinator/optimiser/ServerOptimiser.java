package io.tacit.coordinator.optimiser;

import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.ServerOptimiserSettings.Kind;

/**
 * The rule that turns the mean of the updates into the next model (Reddi et al. 2021, "Adaptive
 * Federated Optimization", algorithm 2). The mean update is the pseudo-gradient Delta; the model
 * moves along it. Pure and thread-safe.
 *
 * <p>Two choices where implementations differ, both as in the experiments behind the documented
 * settings:
 *
 * <ul>
 *   <li>The second moment starts at 0, not at tau² as in the paper. Most coordinates of a
 *       recommender see updates far below tau, and there a start at tau² doubles the denominator
 *       for the first {@code 1 / (1 - beta2)} rounds, which halves the learning rate that the plan
 *       states. tau alone keeps the quotient bounded.
 *   <li>No bias correction (Kingma and Ba 2015), as in the paper: the first steps are short.
 * </ul>
 */
public sealed interface ServerOptimiser {

  /**
   * Makes the next model. Neither argument is changed.
   *
   * @param parameters the present model, {@code float[d]}
   * @param update the weighted mean update, {@code float[d]}
   * @param state what the previous step left; that of another rule is not used, and the moments
   *     start at zero
   * @return the next model and state, or why there is none
   * @throws IllegalArgumentException if update and model differ in length
   */
  StepOutcome step(ModelParameters parameters, MeanUpdate update, OptimiserState state);

  /** The rule that a plan asks for. */
  static ServerOptimiser of(ServerOptimiserSettings settings) {
    return switch (settings.kind()) {
      case MEAN -> new WeightedMean();
      case SCALED_MEAN -> new ScaledMean(settings.learningRate());
      case FED_ADAM ->
          new FedAdam(settings.learningRate(), settings.beta1(), settings.beta2(), settings.tau());
      case FED_ADAGRAD -> new FedAdagrad(settings.learningRate(), settings.beta1(), settings.tau());
    };
  }

  /** {@code x += Delta}: FedAvg as McMahan et al. 2017 name it. */
  record WeightedMean() implements ServerOptimiser {

    @Override
    public StepOutcome step(ModelParameters parameters, MeanUpdate update, OptimiserState state) {
      return ServerStep.scaled(parameters, update.values(), 1);
    }
  }

  /**
   * {@code x += factor Delta}.
   *
   * @param factor positive
   */
  record ScaledMean(double factor) implements ServerOptimiser {

    @Override
    public StepOutcome step(ModelParameters parameters, MeanUpdate update, OptimiserState state) {
      return ServerStep.scaled(parameters, update.values(), factor);
    }
  }

  /**
   * {@code m = beta1 m + (1 - beta1) Delta; v = beta2 v + (1 - beta2) Delta²; x += learningRate m /
   * (sqrt(v) + tau)}.
   *
   * @param learningRate eta, positive
   * @param beta1 [0, 1)
   * @param beta2 [0, 1)
   * @param tau adaptivity floor, positive
   */
  record FedAdam(double learningRate, double beta1, double beta2, double tau)
      implements ServerOptimiser {

    @Override
    public StepOutcome step(ModelParameters parameters, MeanUpdate update, OptimiserState state) {
      return new ServerStep(Kind.FED_ADAM, learningRate, beta1, beta2, 1 - beta2, tau)
          .adaptive(parameters, update.values(), state);
    }
  }

  /**
   * {@code m = beta1 m + (1 - beta1) Delta; v = v + Delta²; x += learningRate m / (sqrt(v) + tau)}.
   *
   * @param learningRate eta, positive
   * @param beta1 [0, 1)
   * @param tau adaptivity floor, positive
   */
  record FedAdagrad(double learningRate, double beta1, double tau) implements ServerOptimiser {

    @Override
    public StepOutcome step(ModelParameters parameters, MeanUpdate update, OptimiserState state) {
      return new ServerStep(Kind.FED_ADAGRAD, learningRate, beta1, 1, 1, tau)
          .adaptive(parameters, update.values(), state);
    }
  }
}
