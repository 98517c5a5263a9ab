package io.tacit.client.features;

import io.tacit.protocol.plan.Feature;
import java.util.Optional;

/** A number, by the plan's mean and standard deviation. */
final class FixedScale implements ValueEncoding {

  private final Feature.Numeric feature;

  FixedScale(Feature.Numeric feature) {
    this.feature = feature;
  }

  @Override
  public Optional<String> encode(Object value, SparseNumbers out) {
    if (!(value instanceof Double number)) {
      return ValueEncoding.wrongType(feature.name(), value, "number");
    }
    double scaled = (number - feature.mean()) / feature.standardDeviation();
    if (!(Math.abs(scaled) <= Float.MAX_VALUE)) {
      return Optional.of("feature " + feature.name() + " leaves the range of float");
    }
    out.add(0, (float) scaled);
    return Optional.empty();
  }
}
