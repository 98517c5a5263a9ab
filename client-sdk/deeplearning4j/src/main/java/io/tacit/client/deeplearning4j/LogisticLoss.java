package io.tacit.client.deeplearning4j;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/**
 * Binary cross-entropy over sigmoid outputs, computed from the sums before the sigmoid: the loss is
 * {@code max(x, 0) - x y + ln(1 + e^-|x|)}, its gradient {@code sigmoid(x) - y}.
 *
 * <p>{@link LossBinaryXENT} computes both from the sigmoid's output and clips that to [1e-5, 1 -
 * 1e-5], so that an output that is certain and wrong would hardly be corrected.
 */
final class LogisticLoss implements ILossFunction {

  private static final long serialVersionUID = 1L;

  @Override
  public double computeScore(
      INDArray labels, INDArray sums, IActivation activation, INDArray mask, boolean average) {
    requireSigmoidWithoutMask(activation, mask);
    double total = 0;
    for (long row = 0; row < sums.size(0); row++) {
      for (long column = 0; column < sums.size(1); column++) {
        total += loss(sums.getFloat(row, column), labels.getFloat(row, column));
      }
    }
    return average ? total / sums.size(0) : total;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray sums, IActivation activation, INDArray mask) {
    requireSigmoidWithoutMask(activation, mask);
    INDArray losses = sums.dup();
    for (long row = 0; row < sums.size(0); row++) {
      for (long column = 0; column < sums.size(1); column++) {
        losses.putScalar(
            row, column, loss(sums.getFloat(row, column), labels.getFloat(row, column)));
      }
    }
    return losses.sum(true, 1);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray sums, IActivation activation, INDArray mask) {
    requireSigmoidWithoutMask(activation, mask);
    return activation.getActivation(sums.dup(), true).subi(labels);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray sums, IActivation activation, INDArray mask, boolean average) {
    return new Pair<>(
        computeScore(labels, sums, activation, mask, average),
        computeGradient(labels, sums, activation, mask));
  }

  @Override
  public String name() {
    return "LogisticLoss";
  }

  // In double, as the logarithm of a sum near 1 loses digits in float.
  private static double loss(double sum, double label) {
    return Math.max(sum, 0) - sum * label + Math.log1p(Math.exp(-Math.abs(sum)));
  }

  private static void requireSigmoidWithoutMask(IActivation activation, INDArray mask) {
    if (!(activation instanceof ActivationSigmoid) || mask != null) {
      throw new IllegalArgumentException(
          "LogisticLoss needs the activation sigmoid and no mask, got " + activation);
    }
  }
}
