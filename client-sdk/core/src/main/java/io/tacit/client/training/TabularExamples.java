package io.tacit.client.training;

/**
 * Rows of features, each with what a model should say about it. Owns its arrays: they are not
 * copied, and nobody may write to them any more.
 */
public final class TabularExamples implements ExampleSet {

  private final int size;
  private final float[] features;
  private final float[] labels;

  private TabularExamples(int size, float[] features, float[] labels) {
    this.size = size;
    this.features = features;
    this.labels = labels;
  }

  /**
   * Takes the arrays over.
   *
   * @param size number of examples n
   * @param features {@code [n][inputs]}, row by row
   * @param labels with categorical cross-entropy {@code [n]} class indices, else {@code
   *     [n][outputs]}
   * @throws IllegalArgumentException if an array does not divide into n rows, or holds NaN or
   *     infinity
   */
  public static TabularExamples of(int size, float[] features, float[] labels) {
    if (size < 0) {
      throw new IllegalArgumentException("size is " + size + ", must be at least 0");
    }
    requireRows("features", features, size);
    requireRows("labels", labels, size);
    return new TabularExamples(size, features, labels);
  }

  private static void requireRows(String what, float[] values, int rows) {
    if (rows == 0 ? values.length != 0 : values.length % rows != 0) {
      throw new IllegalArgumentException(
          values.length + " " + what + " do not divide into " + rows + " examples of equal length");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            what
                + " of example "
                + i / (values.length / rows)
                + " hold NaN or infinity; encode missing values as 0");
      }
    }
  }

  @Override
  public int size() {
    return size;
  }

  /** The features, row by row; not a copy, read only. */
  public float[] features() {
    return features;
  }

  /** The labels, row by row; not a copy, read only. */
  public float[] labels() {
    return labels;
  }

  @Override
  public String toString() {
    return "TabularExamples[" + size + "]";
  }
}
