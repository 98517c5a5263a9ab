package io.tacit.client.deeplearning4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Which rows of a training are which parameter of a network: the values are copied as they are,
 * there and back.
 */
final class ParameterRows {

  /**
   * A parameter.
   *
   * @param key the network's name for it
   * @param source the array that holds its rows
   * @param firstRow index of the first
   * @param rows how many
   * @param firstColumn where in a row it begins
   * @param columns how long it is there
   * @param shared whether it is part of the model, rather than private to the device
   */
  private record Parameter(
      String key,
      float[][] source,
      int firstRow,
      int rows,
      int firstColumn,
      int columns,
      boolean shared) {

    void copyTo(INDArray target) {
      float[] values = new float[rows * columns];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(source[firstRow + row], firstColumn, values, row * columns, columns);
      }
      try (INDArray copy = Nd4j.create(values, new long[] {rows, columns}, 'c')) {
        target.assign(copy);
      }
    }

    void copyFrom(INDArray array) {
      float[] values;
      try (INDArray copy = array.dup('c')) {
        values = copy.data().asFloat();
      }
      for (int row = 0; row < rows; row++) {
        System.arraycopy(values, row * columns, source[firstRow + row], firstColumn, columns);
      }
    }
  }

  private final List<Parameter> parameters = new ArrayList<>();

  /** Weights of a layer without bias, or the columns of an embedding. */
  ParameterRows weights(
      String layer, float[][] source, int firstRow, int rows, int firstColumn, int columns) {
    parameters.add(new Parameter(layer + "_W", source, firstRow, rows, firstColumn, columns, true));
    return this;
  }

  /** Weights of a layer that stay on the device: one row. */
  ParameterRows privateRow(String layer, float[] row) {
    parameters.add(new Parameter(layer + "_W", new float[][] {row}, 0, 1, 0, row.length, false));
    return this;
  }

  /** Weights {@code [fan-in][units]} of a dense layer and its bias {@code [units]} behind them. */
  ParameterRows dense(String layer, float[][] source, int firstRow, int fanIn, int units) {
    weights(layer, source, firstRow, fanIn, 0, units);
    parameters.add(new Parameter(layer + "_b", source, firstRow + fanIn, 1, 0, units, true));
    return this;
  }

  /** Rows to network. */
  void copyTo(ComputationGraph graph) {
    for (Parameter parameter : parameters) {
      parameter.copyTo(graph.getParam(parameter.key()));
    }
  }

  /** Network to rows. */
  void copyFrom(ComputationGraph graph) {
    for (Parameter parameter : parameters) {
      parameter.copyFrom(graph.getParam(parameter.key()));
    }
  }

  /** The network's names of the parameters that are part of the model. */
  List<String> shared() {
    return parameters.stream().filter(Parameter::shared).map(Parameter::key).toList();
  }
}
