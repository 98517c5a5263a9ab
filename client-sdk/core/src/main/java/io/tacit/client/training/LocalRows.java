package io.tacit.client.training;

import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ParameterBlock;
import io.tacit.protocol.model.ParameterLayout;
import org.jspecify.annotations.Nullable;

/**
 * The device's own copy of the parameters that training may change, as rows: of a large catalogue
 * only those of its items. A row is a run of the parameter vector, or two: the embedding of an item
 * with its bias behind it, as both are always touched together.
 */
final class LocalRows {

  private final ModelParameters start;
  private final float[][] values;
  private final int[] offsets;

  /** Where the last element of a row comes from, or -1 if it is part of the run. */
  private final int[] tailOffsets;

  private int size;

  /** Room for so many rows. */
  LocalRows(ModelParameters start, int rows) {
    this.start = start;
    this.values = new float[rows][];
    this.offsets = new int[rows];
    this.tailOffsets = new int[rows];
  }

  /** All parameters of a layout, row by row. */
  static LocalRows all(ModelParameters start, ParameterLayout layout) {
    int rows = 0;
    for (ParameterBlock block : layout.blocks()) {
      rows += block.rows();
    }
    LocalRows all = new LocalRows(start, rows);
    for (ParameterBlock block : layout.blocks()) {
      all.addBlock(block);
    }
    return all;
  }

  /** Adds all rows of a block. */
  void addBlock(ParameterBlock block) {
    for (int row = 0; row < block.rows(); row++) {
      addRow(block, row, null);
    }
  }

  /**
   * Adds a row of a block, and the same row of a block of one column behind it.
   *
   * @return its number
   */
  int addRow(ParameterBlock block, int row, @Nullable ParameterBlock tail) {
    int columns = block.columns();
    float[] copy = new float[tail == null ? columns : columns + 1];
    offsets[size] = block.rowOffset(row);
    start.copyTo(offsets[size], copy, 0, columns);
    tailOffsets[size] = -1;
    if (tail != null) {
      tailOffsets[size] = tail.rowOffset(row);
      copy[columns] = start.get(tailOffsets[size]);
    }
    values[size] = copy;
    return size++;
  }

  /** How many rows were added. */
  int size() {
    return size;
  }

  /** The rows, not a copy: training writes to them. */
  float[][] values() {
    return values;
  }

  /**
   * What training changed.
   *
   * @param epoch the epoch that ended, for the error
   * @throws TrainingDivergedException if a parameter is NaN or infinite, or the difference
   *     overflows
   */
  ParameterDelta delta(int epoch) throws TrainingDivergedException {
    int runs = 0;
    int total = 0;
    for (int row = 0; row < size; row++) {
      runs += tailOffsets[row] < 0 ? 1 : 2;
      total += values[row].length;
    }
    int[] runOffsets = new int[runs];
    int[] runLengths = new int[runs];
    float[] differences = new float[total];
    int run = 0;
    int filled = 0;
    for (int row = 0; row < size; row++) {
      boolean tail = tailOffsets[row] >= 0;
      int columns = values[row].length - (tail ? 1 : 0);
      runOffsets[run] = offsets[row];
      runLengths[run++] = columns;
      if (tail) {
        runOffsets[run] = tailOffsets[row];
        runLengths[run++] = 1;
      }
      for (int j = 0; j < columns; j++) {
        differences[filled++] = values[row][j] - start.get(offsets[row] + j);
      }
      if (tail) {
        differences[filled++] = values[row][columns] - start.get(tailOffsets[row]);
      }
    }
    for (float difference : differences) {
      if (!Float.isFinite(difference)) {
        throw new TrainingDivergedException("a parameter", epoch);
      }
    }
    return new ParameterDelta(start.size(), runOffsets, runLengths, differences);
  }
}
