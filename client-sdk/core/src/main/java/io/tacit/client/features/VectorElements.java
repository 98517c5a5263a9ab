package io.tacit.client.features;

import io.tacit.client.behaviour.EventVector;
import io.tacit.protocol.plan.Feature;
import java.util.Optional;

/** The elements of a vector, as they are or scaled to L2 norm 1. */
final class VectorElements implements ValueEncoding {

  private final Feature.DenseVector feature;

  VectorElements(Feature.DenseVector feature) {
    this.feature = feature;
  }

  @Override
  public Optional<String> encode(Object value, SparseNumbers out) {
    if (!(value instanceof EventVector vector)) {
      return ValueEncoding.wrongType(feature.name(), value, "vector");
    }
    if (vector.dimension() != feature.dimension()) {
      return Optional.of(
          "feature "
              + feature.name()
              + " has dimension "
              + vector.dimension()
              + ", must have "
              + feature.dimension());
    }
    double norm = feature.normalised() ? norm(vector) : 1;
    if (norm > 0) {
      for (int i = 0; i < vector.dimension(); i++) {
        out.add(i, (float) (vector.get(i) / norm));
      }
    }
    return Optional.empty();
  }

  /** Of floats in double: neither overflows nor vanishes. */
  private static double norm(EventVector vector) {
    double sum = 0;
    for (int i = 0; i < vector.dimension(); i++) {
      sum += (double) vector.get(i) * vector.get(i);
    }
    return Math.sqrt(sum);
  }
}
