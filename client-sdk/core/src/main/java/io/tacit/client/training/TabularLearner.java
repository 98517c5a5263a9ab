package io.tacit.client.training;

import io.tacit.client.model.DenseNetwork;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;

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

  TabularLearner(LocalModel.Tabular model, Optimiser optimiser) {
    ModelSpecification.Tabular specification = model.specification();
    this.examples = model.examples();
    this.inputs = specification.inputs();
    this.labelsPerExample = model.labelsPerExample();
    this.loss = specification.loss();
    DenseNetwork network = new DenseNetwork(inputs, specification.layers(), model.rows(), 0);
    this.lastActivation = network.activation(network.depth() - 1);
    this.pass = network.newPass(model.stepExamplesMax());
    this.backward = new DenseBackward(network, pass, model.stepExamplesMax(), false);
    this.optimiser = optimiser;
  }

  @Override
  public double step(int[] order, int from, int to, float scale) {
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
}
