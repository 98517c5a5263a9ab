package io.tacit.coordinator.release;

/**
 * What a group of devices measured of one model version, as sums: each device brings one value
 * between 0 and 1, such as whether the item that it held back was among the first ten.
 *
 * <p>A bounded vector of sums is all that the guard of releases needs: mean, and how far it may be
 * off. Sums are exact here; a mechanism that adds noise adds it to them.
 *
 * @param devices how many measured, 1 to 1 000 000 000
 * @param total sum of their values, 0 to devices
 * @param squares sum of the squares of their values, between what one value for all and only 0 and
 *     1 would give
 */
public record MetricSums(long devices, double total, double squares) {

  private static final long DEVICES_MAX = 1_000_000_000;

  /** Sums are added up in another order elsewhere; so much of them may be rounding. */
  private static final double ROUNDING = 1e-9;

  public MetricSums {
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
  }

  /** Both together. */
  public MetricSums plus(MetricSums other) {
    return new MetricSums(devices + other.devices, total + other.total, squares + other.squares);
  }

  /** Mean value of a device. */
  public double mean() {
    return total / devices;
  }

  /**
   * Square of the standard error of the mean; of one device it is not known, and as large as can
   * be.
   */
  public double errorSquared() {
    if (devices == 1) {
      return 1;
    }
    double variance = Math.max(0, squares - total * total / devices) / (devices - 1);
    return variance / devices;
  }

  private static IllegalArgumentException outOfRange(String what, Object value, String allowed) {
    return new IllegalArgumentException(
        what + " is " + value + ", must be " + allowed + "; send the sums of what was measured");
  }
}
