package io.tacit.client.features;

import io.tacit.client.behaviour.EventVector;
import io.tacit.protocol.plan.Feature;
import java.util.Optional;

/**
 * How the values of one feature become numbers. A value is a {@code Double}, a {@code String} or an
 * {@code EventVector}. Not thread-safe: some keep buffers, one keeps statistics.
 */
interface ValueEncoding {

  /**
   * Encodes a value.
   *
   * @param out gets the numbers; empty before
   * @return what does not fit, without the value
   */
  Optional<String> encode(Object value, SparseNumbers out);

  /** Lets the values of later events be seen in the light of this one. */
  default void learn(Object value) {}

  /** Whether it learns. */
  default boolean hasMemory() {
    return false;
  }

  /** The encoding of a feature that reads an event's own value. */
  static ValueEncoding of(Feature feature) {
    if (feature instanceof Feature.Numeric numeric) {
      return new FixedScale(numeric);
    } else if (feature instanceof Feature.PrivateNumeric numeric) {
      return new PrivateScale(numeric);
    } else if (feature instanceof Feature.Categorical categorical) {
      return new OneHot(feature.name(), categorical.values(), categorical.unknownBuckets());
    } else if (feature instanceof Feature.ItemId item) {
      return new OneHot(feature.name(), item.values(), item.unknownBuckets());
    } else if (feature instanceof Feature.HashedText text) {
      return new HashedNgrams(text);
    } else if (feature instanceof Feature.DenseVector vector) {
      return new VectorElements(vector);
    }
    throw new IllegalArgumentException("feature " + feature.name() + " reads no value of its own");
  }

  /** The reason why a value of another type does not fit. */
  static Optional<String> wrongType(String feature, Object value, String wanted) {
    String type =
        value instanceof Double ? "number" : value instanceof EventVector ? "vector" : "text";
    return Optional.of("feature " + feature + " is a " + type + ", must be a " + wanted);
  }
}
