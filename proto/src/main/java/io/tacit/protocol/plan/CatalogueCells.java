package io.tacit.protocol.plan;

import java.util.Optional;

/** What stands in a catalogue's cells, as values that features read. */
public final class CatalogueCells {

  /** Between two values of a categorical feature. */
  public static final char BETWEEN_VALUES = '|';

  private static final String BETWEEN_NUMBERS = " ";

  private CatalogueCells() {}

  /**
   * A number.
   *
   * @return empty if the cell is none, or not a finite one
   */
  public static Optional<Double> number(String cell) {
    try {
      double number = Double.parseDouble(cell);
      return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Numbers with one blank between two.
   *
   * @param dimension how many there should be
   * @return {@code float[dimension]}, the caller's; empty if the cell has another number of them,
   *     or one that is not finite as a float
   */
  public static Optional<float[]> vector(String cell, int dimension) {
    String[] words = cell.split(BETWEEN_NUMBERS, -1);
    if (words.length != dimension) {
      return Optional.empty();
    }
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      Optional<Double> number = number(words[i]);
      if (!number.isPresent() || Math.abs(number.get()) > Float.MAX_VALUE) {
        return Optional.empty();
      }
      vector[i] = number.get().floatValue();
    }
    return Optional.of(vector);
  }

  /** Whether a feature can read a cell; an empty one says that nothing is known. */
  static boolean fits(Feature feature, String cell) {
    if (cell.isEmpty()) {
      return true;
    }
    if (feature instanceof Feature.Numeric numeric) {
      return number(cell)
          .filter(
              number ->
                  Math.abs((number - numeric.mean()) / numeric.standardDeviation())
                      <= Float.MAX_VALUE)
          .isPresent();
    }
    return !(feature instanceof Feature.DenseVector dense)
        || vector(cell, dense.dimension()).isPresent();
  }

  /** What a feature can read. */
  static String form(Feature feature) {
    return feature instanceof Feature.DenseVector dense
        ? dense.dimension() + " numbers with a blank between two"
        : "a number";
  }
}
