package io.tacit.e2e.bench;

import java.util.List;
import java.util.Locale;

/**
 * Repetitions of a measurement.
 *
 * @param median the middle one
 * @param min the lowest
 * @param max the highest
 */
record Spread(double median, double min, double max) {

  static Spread of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** E.g. {@code 3,210 (2,900 to 3,300)}. */
  String whole() {
    return String.format(Locale.ROOT, "%,.0f (%,.0f to %,.0f)", median, min, max);
  }

  /** E.g. {@code 1.23 (1.10 to 1.40)}. */
  String hundredths() {
    return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median, min, max);
  }

  /** E.g. {@code 0.123 (0.110 to 0.140)}. */
  String thousandths() {
    return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", median, min, max);
  }
}
