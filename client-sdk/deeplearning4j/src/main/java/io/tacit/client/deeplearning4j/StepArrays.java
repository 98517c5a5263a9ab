package io.tacit.client.deeplearning4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a network is given in one step. Native memory.
 *
 * @param labels {@code [examples][outputs]}
 * @param inputs in the order of the network's inputs, {@code [examples][..]} each
 */
record StepArrays(INDArray labels, INDArray... inputs) implements AutoCloseable {

  /** Chooses the arrays of a step. */
  interface Source {

    /** The arrays of the examples at {@code from} to before {@code to}; the caller closes them. */
    StepArrays of(int[] examples, int from, int to);
  }

  /** A matrix of so many rows. */
  static INDArray matrix(float[] values, int rows) {
    return Nd4j.create(values, new long[] {rows, values.length / rows}, 'c');
  }

  @Override
  public void close() {
    labels.close();
    for (INDArray input : inputs) {
      input.close();
    }
  }
}
