package io.tacit.protocol.plan;

/**
 * What one device measured of a model on the examples that it held back: for models over items
 * HR@10 and NDCG@10 of these items among all that it does not have, for tabular models the share of
 * labels that it got right and the mean likelihood of the labels. Private until it is summed:
 * {@code toString} prints the group only.
 *
 * @param group place of the device's group in {@link MetricSettings#groups()}
 * @param first 0 to 1, more is better; what releases are compared by
 * @param second 0 to 1, more is better
 */
public record MetricReport(int group, double first, double second) {

  public MetricReport {
    requireUnit("first", first);
    requireUnit("second", second);
  }

  private static void requireUnit(String which, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          which + " metric is out of range, must be 0 to 1; measure a share or a likelihood");
    }
  }

  @Override
  public String toString() {
    return "MetricReport[" + group + "]";
  }
}
