package io.tacit.protocol.model;

/**
 * A matrix inside the parameter vector, row by row.
 *
 * @param name unique in its layout
 * @param offset index of its first element
 * @param rows for a dense layer: inputs; for an embedding: items
 * @param columns for a dense layer: units; for an embedding: its dimension
 * @param initialiser how it starts
 */
public record ParameterBlock(
    String name, int offset, int rows, int columns, Initialiser initialiser) {

  /** Number of elements. */
  public int size() {
    return rows * columns;
  }

  /** Index of the first element of a row. */
  public int rowOffset(int row) {
    return offset + row * columns;
  }
}
