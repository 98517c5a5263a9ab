package io.tacit.simulation.evaluation;

import java.util.Arrays;
import java.util.Locale;

/**
 * A mean over users, or over seeds, and how far it may be off.
 *
 * @param mean arithmetic mean
 * @param standardError of the mean: sample standard deviation (n - 1) divided by the root of n
 * @param count n, at least 2
 */
public record Estimate(double mean, double standardError, int count) {

  /**
   * Estimates from independent values.
   *
   * @throws IllegalArgumentException if there are fewer than 2
   */
  public static Estimate of(double... values) {
    int count = values.length;
    if (count < 2) {
      throw new IllegalArgumentException(
          "a standard error needs at least 2 values, there are " + count);
    }
    double mean = Arrays.stream(values).sum() / count;
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return new Estimate(mean, Math.sqrt(squares / (count - 1) / count), count);
  }

  /** Such as {@code 0.764 +- 0.005}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.3f +- %.3f", mean, standardError);
  }
}
