package io.tacit.client.features;

import io.tacit.protocol.plan.Feature;
import java.util.Optional;

/**
 * A number, by the running mean and standard deviation of the values learnt so far (Welford 1962),
 * which begin as if the prior's count of values with the prior's mean and deviation had been
 * learnt. They are nowhere but here: a new pass over the events begins anew, and nothing is left
 * when the events are gone.
 */
final class PrivateScale implements ValueEncoding {

  private final Feature.PrivateNumeric feature;
  private long count;
  private double mean;
  private double squaredDeviations;

  PrivateScale(Feature.PrivateNumeric feature) {
    this.feature = feature;
    this.count = feature.priorCount();
    this.mean = feature.priorMean();
    this.squaredDeviations =
        count * feature.priorStandardDeviation() * feature.priorStandardDeviation();
  }

  @Override
  public Optional<String> encode(Object value, SparseNumbers out) {
    if (!(value instanceof Double number)) {
      return ValueEncoding.wrongType(feature.name(), value, "number");
    }
    double scaled = (number - mean) / deviation();
    out.add(0, (float) Math.max(-feature.bound(), Math.min(feature.bound(), scaled)));
    return Optional.empty();
  }

  /** Squared deviations only grow, and the prior's are above 0. */
  private double deviation() {
    return Math.sqrt(squaredDeviations / count);
  }

  @Override
  public void learn(Object value) {
    if (value instanceof Double number) {
      double reach = feature.bound() * deviation();
      // First to the range of float, the square of which is far from the end of double.
      double inRange = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, number));
      double learnt = Math.max(mean - reach, Math.min(mean + reach, inRange));
      count++;
      double before = learnt - mean;
      mean += before / count;
      squaredDeviations += before * (learnt - mean);
    }
  }

  @Override
  public boolean hasMemory() {
    return true;
  }
}
