package io.tacit.coordinator.metrics;

/**
 * What a group of devices measured of one or more model versions, as sums: each device brings one
 * value between 0 and 1, such as whether the item that it held back was among the first ten.
 *
 * <p>A bounded vector of sums is all that a comparison needs: mean, and how far it may be off.
 * Without noise they are exact. With it {@code devices} need not be whole, {@code total} may be
 * below 0 or above {@code devices}, and the noise counts in the error.
 *
 * @param devices how many measured, 1 or more
 * @param total sum of their values, finite
 * @param squares sum of the squares of their values, finite; where it is not known the total, which
 *     it can not exceed
 * @param noiseVariance of the noise in {@code devices} and in {@code total}, each by itself; 0
 *     without
 */
public record MetricSums(double devices, double total, double squares, double noiseVariance) {

  private static final long DEVICES_MAX = 1_000_000_000;

  /** Sums are added up in another order elsewhere; so much of them may be rounding. */
  private static final double ROUNDING = 1e-9;

  public MetricSums {
    if (!(devices >= 1 && devices <= Double.MAX_VALUE)) {
      throw outOfRange("devices", devices, "1 or more");
    }
    requireFinite("total", total);
    requireFinite("squares", squares);
    if (!(noiseVariance >= 0 && noiseVariance <= Double.MAX_VALUE)) {
      throw outOfRange("noise variance", noiseVariance, "0 or more");
    }
  }

  /**
   * Exact sums that somebody reports.
   *
   * @param devices how many measured, 1 to 1 000 000 000
   * @param total sum of their values, 0 to devices
   * @param squares sum of the squares of their values, between what one value for all and only 0
   *     and 1 would give
   * @throws IllegalArgumentException if no values between 0 and 1 have such sums
   */
  public static MetricSums exact(long devices, double total, double squares) {
    if (devices < 1 || devices > DEVICES_MAX) {
      throw outOfRange("devices", devices, "1 to " + DEVICES_MAX);
    }
    if (!(total >= 0 && total <= devices)) {
      throw outOfRange("total", total, "0 to " + devices + ", as each value is 0 to 1");
    }
    double least = total * total / devices;
    double slack = ROUNDING * devices;
    if (!(squares >= least - slack && squares <= total + slack)) {
      throw outOfRange("squares", squares, least + " to " + total + ", as each value is 0 to 1");
    }
    return new MetricSums(devices, total, squares, 0);
  }

  /**
   * Sums of a round, which does not tell the squares.
   *
   * @param noiseVariance of the noise in each of both; 0 without
   */
  static MetricSums ofRound(double devices, double total, double noiseVariance) {
    return new MetricSums(devices, total, total, noiseVariance);
  }

  /** Both together. */
  public MetricSums plus(MetricSums other) {
    return new MetricSums(
        devices + other.devices,
        total + other.total,
        squares + other.squares,
        noiseVariance + other.noiseVariance);
  }

  /** Mean value of a device; with noise it may be a little below 0 or above 1. */
  public double mean() {
    return total / devices;
  }

  /**
   * Square of the standard error of the mean: of the choice of devices, and of the noise in its
   * numerator and its denominator. Above 0, also where all devices agree: a few that do may be
   * followed by one that does not.
   */
  public double errorSquared() {
    return errorSquared(devices);
  }

  /**
   * The same if the values came from fewer devices, some of them more than once. The noise stays
   * what it is: each sum has its own.
   *
   * @param different devices, at most {@code devices}
   */
  public double errorSquared(double different) {
    double mean = mean();
    return variance(different) / different
        + noiseVariance * (1 + mean * mean) / (devices * devices);
  }

  /**
   * Of so many values, as if a 0 and a 1 had come in addition (Agresti and Coull 1998, "Approximate
   * is better than exact"). Where the squares are not known it is m' (1 - m') of the mean m' with
   * these two, which no values between 0 and 1 exceed.
   */
  private double variance(double values) {
    double mean = (values * share(total) + 1) / (values + 2);
    double ofSquares = (values * share(squares) + 1) / (values + 2);
    return Math.max(0, ofSquares - mean * mean);
  }

  /** Of the devices; noise may have carried it out of what is possible. */
  private double share(double sum) {
    return Math.min(1, Math.max(0, sum / devices));
  }

  private static void requireFinite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw outOfRange(what, value, "finite");
    }
  }

  private static IllegalArgumentException outOfRange(String what, Object value, String allowed) {
    return new IllegalArgumentException(
        what + " is " + value + ", must be " + allowed + "; send the sums of what was measured");
  }
}
