package io.tacit.client.training;

import io.tacit.client.model.Activations;
import io.tacit.client.model.DenseNetwork;
import io.tacit.client.model.FloatKernels;
import java.util.Arrays;

/**
 * The way back through a {@link DenseNetwork} after a forward pass. A row of weights moves as soon
 * as its gradient is known, so that the gradient of the whole network is never stored; what the
 * layer before needs is computed first, from the weights as they were.
 */
final class DenseBackward {

  private final DenseNetwork network;
  private final DenseNetwork.Pass pass;

  /** The first layer whose input gets a gradient: 0, or 1 where nobody asks for the features'. */
  private final int firstLayerWithInputDeltas;

  /** Per layer {@code [examplesMax][fan-in]}: the gradient with respect to what goes into it. */
  private final float[][][] inputDeltas;

  /** Per layer {@code [units][fan-in]}. */
  private final float[][][] transposedWeights;

  /** Per layer {@code [units]}: the gradient of one row. */
  private final float[][] rowGradients;

  DenseBackward(
      DenseNetwork network, DenseNetwork.Pass pass, int examplesMax, boolean wantsInputDeltas) {
    this.network = network;
    this.pass = pass;
    this.firstLayerWithInputDeltas = wantsInputDeltas ? 0 : 1;
    int depth = network.depth();
    this.inputDeltas = new float[depth][][];
    this.transposedWeights = new float[depth][][];
    this.rowGradients = new float[depth][];
    for (int layer = 0; layer < depth; layer++) {
      int units = network.units(layer);
      rowGradients[layer] = new float[units];
      if (layer >= firstLayerWithInputDeltas) {
        inputDeltas[layer] = new float[examplesMax][network.fanIn(layer)];
        transposedWeights[layer] = new float[units][network.fanIn(layer)];
      }
    }
  }

  /**
   * Goes back from the last layer to the first and moves all rows.
   *
   * @param deltas the gradient of the step's loss with respect to the last layer's sums, {@code
   *     [examples][outputs]}
   * @param optimiser moves the network's rows by their index
   */
  void run(float[][] deltas, int examples, Optimiser optimiser) {
    float[][] outputDeltas = deltas;
    for (int layer = network.depth() - 1; layer >= 0; layer--) {
      if (layer >= firstLayerWithInputDeltas) {
        computeInputDeltas(layer, outputDeltas, examples);
      }
      moveRows(layer, outputDeltas, examples, optimiser);
      outputDeltas = inputDeltas[layer];
    }
  }

  /** The gradient with respect to the network's input, {@code [examples][inputs]}, after a run. */
  float[][] inputDeltas() {
    return inputDeltas[0];
  }

  private void computeInputDeltas(int layer, float[][] outputDeltas, int examples) {
    int fanIn = network.fanIn(layer);
    int units = network.units(layer);
    float[][] transposed = transposedWeights[layer];
    for (int i = 0; i < fanIn; i++) {
      float[] row = network.rows()[network.firstRow(layer) + i];
      for (int j = 0; j < units; j++) {
        transposed[j][i] = row[j];
      }
    }
    float[][] deltas = inputDeltas[layer];
    for (int b = 0; b < examples; b++) {
      Arrays.fill(deltas[b], 0);
    }
    FloatKernels.addProduct(outputDeltas, examples, units, transposed, 0, fanIn, deltas);
    if (layer > 0) {
      float[][] outputs = pass.inputOf(layer);
      for (int b = 0; b < examples; b++) {
        Activations.multiplyByDerivative(
            network.activation(layer - 1), outputs[b], deltas[b], fanIn);
      }
    }
  }

  private void moveRows(int layer, float[][] outputDeltas, int examples, Optimiser optimiser) {
    int fanIn = network.fanIn(layer);
    int units = network.units(layer);
    float[][] inputs = pass.inputOf(layer);
    float[] gradient = rowGradients[layer];
    for (int i = 0; i < fanIn; i++) {
      Arrays.fill(gradient, 0);
      FloatKernels.addColumnProduct(inputs, i, examples, outputDeltas, units, gradient);
      optimiser.move(network.firstRow(layer) + i, gradient);
    }
    Arrays.fill(gradient, 0);
    for (int b = 0; b < examples; b++) {
      FloatKernels.addScaled(gradient, units, outputDeltas[b], 1);
    }
    optimiser.move(network.firstRow(layer) + fanIn, gradient);
  }
}
