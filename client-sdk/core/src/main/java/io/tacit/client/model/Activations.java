package io.tacit.client.model;

import io.tacit.protocol.model.Activation;

/** Activations and their derivatives, in place. */
public final class Activations {

  private Activations() {}

  /** {@code 1 / (1 + e^-x)}, without overflow. */
  public static float sigmoid(float x) {
    double e = Math.exp(-Math.abs((double) x));
    return (float) (x >= 0 ? 1 / (1 + e) : e / (1 + e));
  }

  /** Replaces the first n sums by what the activation makes of them. */
  public static void apply(Activation activation, float[] sums, int n) {
    switch (activation) {
      case IDENTITY -> {}
      case RELU -> {
        for (int j = 0; j < n; j++) {
          sums[j] = Math.max(sums[j], 0);
        }
      }
      case SIGMOID -> {
        for (int j = 0; j < n; j++) {
          sums[j] = sigmoid(sums[j]);
        }
      }
      case TANH -> {
        for (int j = 0; j < n; j++) {
          sums[j] = (float) Math.tanh(sums[j]);
        }
      }
      case SOFTMAX -> softmax(sums, n);
    }
  }

  /**
   * Multiplies deltas by the derivative of an activation, given its outputs.
   *
   * @throws IllegalArgumentException for softmax, which has no derivative per element
   */
  public static void multiplyByDerivative(
      Activation activation, float[] outputs, float[] deltas, int n) {
    if (activation == Activation.RELU) {
      maskByPositive(outputs, deltas, n);
    } else if (activation != Activation.IDENTITY) {
      for (int j = 0; j < n; j++) {
        deltas[j] *= derivative(activation, outputs[j]);
      }
    }
  }

  /**
   * The derivative of an activation where its output is this.
   *
   * @throws IllegalArgumentException for softmax, which has no derivative per element
   */
  public static float derivative(Activation activation, float output) {
    return switch (activation) {
      case IDENTITY -> 1;
      case RELU -> output > 0 ? 1 : 0;
      case SIGMOID -> output * (1 - output);
      case TANH -> 1 - output * output;
      case SOFTMAX -> throw new IllegalArgumentException("softmax has no derivative per element");
    };
  }

  // A branch here is taken at random: its mispredictions alone cost more than a layer's product.
  // For outputs of a rectifier, which are not negative, -bits has its sign set unless they are 0.
  private static void maskByPositive(float[] outputs, float[] deltas, int n) {
    for (int j = 0; j < n; j++) {
      int mask = -Float.floatToRawIntBits(outputs[j]) >> 31;
      deltas[j] = Float.intBitsToFloat(Float.floatToRawIntBits(deltas[j]) & mask);
    }
  }

  private static void softmax(float[] sums, int n) {
    float max = sums[0];
    for (int j = 1; j < n; j++) {
      max = Math.max(max, sums[j]);
    }
    double total = 0;
    for (int j = 0; j < n; j++) {
      sums[j] = (float) Math.exp((double) sums[j] - max);
      total += sums[j];
    }
    float scale = (float) (1 / total);
    for (int j = 0; j < n; j++) {
      sums[j] *= scale;
    }
  }
}
