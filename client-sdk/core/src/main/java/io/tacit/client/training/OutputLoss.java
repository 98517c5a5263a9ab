package io.tacit.client.training;

import io.tacit.client.model.Activations;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.Loss;

/**
 * Losses at the last layer. Each replaces the layer's sums by the gradient of the loss with respect
 * to these sums (times a scale) and returns the loss, which is exact where a saturated output would
 * have lost it.
 */
final class OutputLoss {

  private OutputLoss() {}

  /**
   * The loss of one example.
   *
   * @param sums {@code float[outputs]}; gradients afterwards
   * @param labels holds this example's labels from {@code from} on: a class index for categorical
   *     cross-entropy, else one label per output
   */
  static double replaceByGradient(
      Loss loss, Activation activation, float[] sums, float[] labels, int from, float scale) {
    return switch (loss) {
      case BINARY_CROSS_ENTROPY -> {
        double total = 0;
        for (int j = 0; j < sums.length; j++) {
          total += logistic(sums[j], labels[from + j]);
          sums[j] = (Activations.sigmoid(sums[j]) - labels[from + j]) * scale;
        }
        yield total;
      }
      case CATEGORICAL_CROSS_ENTROPY -> categorical(sums, (int) labels[from], scale);
      case MEAN_SQUARED_ERROR -> squared(activation, sums, labels, from, scale);
    };
  }

  /**
   * Binary cross-entropy of {@code sigmoid(logit)}, as {@code max(x, 0) - x y + ln(1 + e^-|x|)}.
   */
  static double logistic(float logit, float label) {
    double x = logit;
    return Math.max(x, 0) - x * label + Math.log(1 + Math.exp(-Math.abs(x)));
  }

  private static double categorical(float[] sums, int label, float scale) {
    double labelSum = sums[label];
    double max = Double.NEGATIVE_INFINITY;
    for (float sum : sums) {
      max = Math.max(max, sum);
    }
    double total = 0;
    for (float sum : sums) {
      total += Math.exp(sum - max);
    }
    Activations.apply(Activation.SOFTMAX, sums, sums.length);
    sums[label] -= 1;
    for (int j = 0; j < sums.length; j++) {
      sums[j] *= scale;
    }
    return max + Math.log(total) - labelSum;
  }

  private static double squared(
      Activation activation, float[] sums, float[] labels, int from, float scale) {
    Activations.apply(activation, sums, sums.length);
    double total = 0;
    for (int j = 0; j < sums.length; j++) {
      float error = sums[j] - labels[from + j];
      total += (double) error * error;
      sums[j] = 2 * error / sums.length * Activations.derivative(activation, sums[j]) * scale;
    }
    return total / sums.length;
  }
}
