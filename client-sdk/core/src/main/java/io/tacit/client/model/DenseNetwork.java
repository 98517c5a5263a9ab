package io.tacit.client.model;

import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import java.util.List;

/**
 * A stack of dense layers over rows of weights. The rows belong to whoever made them: training
 * changes them between passes. Any number of {@link Pass}es may read one network.
 *
 * <p>Rows stand as in the parameter layout: for each layer its weights {@code [fan-in][units]},
 * then its bias {@code [units]}.
 */
public final class DenseNetwork {

  private final int inputs;
  private final DenseLayer[] layers;
  private final float[][] rows;
  private final int[] firstRows;

  /**
   * Takes the rows as they are, not a copy.
   *
   * @param inputs fan-in of the first layer
   * @param layers at least one
   * @param rows an array that holds the network's rows, one behind the other
   * @param firstRow index of the first of them
   */
  public DenseNetwork(int inputs, List<DenseLayer> layers, float[][] rows, int firstRow) {
    this.inputs = inputs;
    this.layers = layers.toArray(new DenseLayer[0]);
    this.rows = rows;
    this.firstRows = new int[this.layers.length];
    int row = firstRow;
    for (int layer = 0; layer < this.layers.length; layer++) {
      firstRows[layer] = row;
      row += fanIn(layer) + 1;
    }
  }

  /** Number of layers. */
  public int depth() {
    return layers.length;
  }

  /** Inputs of a layer. */
  public int fanIn(int layer) {
    return layer == 0 ? inputs : layers[layer - 1].units();
  }

  /** Outputs of a layer. */
  public int units(int layer) {
    return layers[layer].units();
  }

  /** What a layer applies to its sums. */
  public Activation activation(int layer) {
    return layers[layer].activation();
  }

  /** Index of a layer's first row of weights; its bias is {@code fanIn} rows behind. */
  public int firstRow(int layer) {
    return firstRows[layer];
  }

  /** The array that holds the rows, not a copy. */
  public float[][] rows() {
    return rows;
  }

  /** Room for a forward pass over at most so many examples at once. */
  public Pass newPass(int examplesMax) {
    return new Pass(examplesMax);
  }

  /** One forward pass and what it left behind. Reusable; not thread-safe. */
  public final class Pass {

    private final float[][] input;
    private final float[][][] activations;

    private Pass(int examplesMax) {
      this.input = new float[examplesMax][inputs];
      this.activations = new float[layers.length][][];
      for (int layer = 0; layer < layers.length; layer++) {
        activations[layer] = new float[examplesMax][units(layer)];
      }
    }

    /** Where the caller writes its examples, {@code [examplesMax][inputs]}. */
    public float[][] input() {
      return input;
    }

    /** What goes into a layer: the input, or the activations of the layer before. */
    public float[][] inputOf(int layer) {
      return layer == 0 ? input : activations[layer - 1];
    }

    /**
     * Runs all layers.
     *
     * @param examples how many rows of the input count
     * @return the activations of the last layer, {@code [examplesMax][outputs]}; overwritten by the
     *     next run
     */
    public float[][] run(int examples) {
      float[][] outputs = runToSums(examples);
      Activation activation = activation(layers.length - 1);
      for (int b = 0; b < examples; b++) {
        Activations.apply(activation, outputs[b], outputs[b].length);
      }
      return outputs;
    }

    /**
     * Runs all layers but leaves out the last activation: a loss is exact on sums, not on what has
     * saturated.
     */
    public float[][] runToSums(int examples) {
      int last = layers.length - 1;
      for (int layer = 0; layer < last; layer++) {
        runSums(layer, examples);
        for (int b = 0; b < examples; b++) {
          Activations.apply(activation(layer), activations[layer][b], units(layer));
        }
      }
      runSums(last, examples);
      return activations[last];
    }

    private void runSums(int layer, int examples) {
      int fanIn = fanIn(layer);
      int units = units(layer);
      float[][] sums = activations[layer];
      float[] bias = rows[firstRows[layer] + fanIn];
      for (int b = 0; b < examples; b++) {
        System.arraycopy(bias, 0, sums[b], 0, units);
      }
      FloatKernels.addProduct(inputOf(layer), examples, fanIn, rows, firstRows[layer], units, sums);
    }
  }

  /** Copies the rows of dense layers out of a parameter vector. */
  static float[][] rowsOf(float[] parameters, int offset, int inputs, List<DenseLayer> layers) {
    int count = 0;
    int fanIn = inputs;
    for (DenseLayer layer : layers) {
      count += fanIn + 1;
      fanIn = layer.units();
    }
    float[][] rows = new float[count][];
    int row = 0;
    int from = offset;
    fanIn = inputs;
    for (DenseLayer layer : layers) {
      for (int i = 0; i <= fanIn; i++) {
        rows[row] = new float[layer.units()];
        System.arraycopy(parameters, from, rows[row], 0, layer.units());
        row++;
        from += layer.units();
      }
      fanIn = layer.units();
    }
    return rows;
  }
}
