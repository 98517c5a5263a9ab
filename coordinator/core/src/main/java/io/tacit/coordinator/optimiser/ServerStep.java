package io.tacit.coordinator.optimiser;

import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.ServerOptimiserSettings.Kind;

/**
 * The loops of the server step. Both adaptive rules are one loop: {@code m = beta1 m + (1 - beta1)
 * g; v = keep v + add g²; x += learningRate m / (sqrt(v) + tau)}.
 *
 * @param kind whose state it reads and writes
 * @param learningRate eta
 * @param beta1 decay of the first moment
 * @param keep share of the second moment that stays
 * @param add share of the squared update that comes in
 * @param tau adaptivity floor
 */
record ServerStep(
    Kind kind, double learningRate, double beta1, double keep, double add, double tau) {

  static StepOutcome scaled(ModelParameters parameters, float[] update, double factor) {
    requireLength(parameters, update);
    float[] next = parameters.toArray();
    for (int i = 0; i < next.length; i++) {
      float value = (float) (next[i] + factor * update[i]);
      if (!Float.isFinite(value)) {
        return new StepOutcome.NotFinite(i, update[i]);
      }
      next[i] = value;
    }
    return new StepOutcome.Step(ModelParameters.owning(next), OptimiserState.none());
  }

  StepOutcome adaptive(ModelParameters parameters, float[] update, OptimiserState state) {
    requireLength(parameters, update);
    int size = update.length;
    boolean goOn = state.belongsTo(kind, size);
    float[] first = goOn ? state.first().clone() : new float[size];
    float[] second = goOn ? state.second().clone() : new float[size];
    float[] next = parameters.toArray();
    for (int i = 0; i < size; i++) {
      double g = update[i];
      double m = beta1 * first[i] + (1 - beta1) * g;
      double v = keep * second[i] + add * g * g;
      first[i] = (float) m;
      second[i] = (float) v;
      next[i] = (float) (next[i] + learningRate * m / (Math.sqrt(v) + tau));
      // In double, the sum of three floats is finite exactly if each of them is.
      if (!Double.isFinite((double) first[i] + second[i] + next[i])) {
        return new StepOutcome.NotFinite(i, update[i]);
      }
    }
    return new StepOutcome.Step(
        ModelParameters.owning(next), OptimiserState.owning(kind, first, second));
  }

  private static void requireLength(ModelParameters parameters, float[] update) {
    if (update.length != parameters.size()) {
      throw new IllegalArgumentException(
          "mean update has "
              + update.length
              + " elements but the model has "
              + parameters.size()
              + "; decode the sum of this model's round");
    }
  }
}
