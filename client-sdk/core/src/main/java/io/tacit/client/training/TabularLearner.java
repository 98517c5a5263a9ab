package io.tacit.client.training;

import io.tacit.client.model.DenseNetwork;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;

/** A multi-layer perceptron over rows of features. */
final class TabularLearner implements Learner {

  private final TabularExamples examples;
  private final int inputs;
  private final int labelsPerExample;
  private final Loss loss;
  private final Activation lastActivation;
  private final DenseNetwork.Pass pass;
  private final DenseBackward backward;
  private final Optimiser optimiser;
  private final int[] order;
  private final SplitMix64 random;

  /**
   * @param rows all rows of the model's layout; the optimiser moves them
   * @param stepSize most examples of one step
   */
  TabularLearner(
      ModelSpecification.Tabular model,
      TabularExamples examples,
      float[][] rows,
      Optimiser optimiser,
      int stepSize,
      SplitMix64 random) {
    requireFit(model, examples);
    this.examples = examples;
    this.inputs = model.inputs();
    this.labelsPerExample = labelsPerExample(model);
    this.loss = model.loss();
    DenseNetwork network = new DenseNetwork(model.inputs(), model.layers(), rows, 0);
    this.lastActivation = network.activation(network.depth() - 1);
    this.pass = network.newPass(stepSize);
    this.backward = new DenseBackward(network, pass, stepSize, false);
    this.optimiser = optimiser;
    this.order = new int[examples.size()];
    this.random = random;
  }

  @Override
  public int beginEpoch(int epoch) {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Shuffle.shuffle(order, random);
    return order.length;
  }

  @Override
  public double step(int from, int to, float scale) {
    int size = to - from;
    float[][] input = pass.input();
    for (int b = 0; b < size; b++) {
      System.arraycopy(examples.features(), order[from + b] * inputs, input[b], 0, inputs);
    }
    float[][] sums = pass.runToSums(size);
    double total = 0;
    for (int b = 0; b < size; b++) {
      int label = order[from + b] * labelsPerExample;
      total +=
          OutputLoss.replaceByGradient(
              loss, lastActivation, sums[b], examples.labels(), label, scale);
    }
    optimiser.beginStep();
    backward.run(sums, size, optimiser);
    return total;
  }

  private static int labelsPerExample(ModelSpecification.Tabular model) {
    return model.loss() == Loss.CATEGORICAL_CROSS_ENTROPY ? 1 : model.outputs();
  }

  private static void requireFit(ModelSpecification.Tabular model, TabularExamples examples) {
    requirePerExample("features", examples.features(), examples.size(), model.inputs());
    requirePerExample("labels", examples.labels(), examples.size(), labelsPerExample(model));
    for (float label : examples.labels()) {
      boolean fits =
          switch (model.loss()) {
            case BINARY_CROSS_ENTROPY -> label >= 0 && label <= 1;
            case CATEGORICAL_CROSS_ENTROPY ->
                label >= 0 && label < model.outputs() && label == (int) label;
            case MEAN_SQUARED_ERROR -> true;
          };
      if (!fits) {
        throw new IllegalArgumentException(
            "a label is "
                + label
                + ", must be "
                + (model.loss() == Loss.BINARY_CROSS_ENTROPY
                    ? "in [0, 1]"
                    : "a class index in [0, " + (model.outputs() - 1) + "]")
                + " for loss "
                + model.loss());
      }
    }
  }

  private static void requirePerExample(String what, float[] values, int examples, int expected) {
    if (values.length != (long) examples * expected) {
      throw new IllegalArgumentException(
          "examples have "
              + values.length / examples
              + " "
              + what
              + " each but the model takes "
              + expected
              + "; encode them with the schema of the model's plan");
    }
  }
}
