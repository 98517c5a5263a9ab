package io.tacit.client.features;

import io.tacit.client.model.SparseVector;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an item or of a person, as numbers, with the weight of mapping 2. Unlike in
 * {@link AttributeRows}, what does not fit is passed over: whoever put a wrong value into a
 * catalogue or a profile must not keep a device from all its other items. Not thread-safe.
 */
final class SideFeatures {

  private final List<Feature> features;
  private final List<ValueEncoding> encodings = new ArrayList<>();
  private final SparseNumbers numbers = new SparseNumbers();

  SideFeatures(List<Feature> features) {
    this.features = features;
    for (Feature feature : features) {
      encodings.add(
          feature instanceof Feature.Categorical categorical
              ? new ManyHot(categorical)
              : ValueEncoding.of(feature));
    }
  }

  /**
   * Encodes.
   *
   * @param values of each feature, by its index: a {@code Double}, a {@code String}, an {@code
   *     EventVector}, or null if it is not known
   */
  SparseVector encode(IntFunction<@Nullable Object> values) {
    SparseVector.Builder all = new SparseVector.Builder();
    int from = 0;
    for (int i = 0; i < encodings.size(); i++) {
      @Nullable Object value = values.apply(i);
      numbers.clear();
      if (value != null && !encodings.get(i).encode(value, numbers).isPresent()) {
        numbers.multiply(FeatureSchema.SIDE_FEATURE_WEIGHT);
        numbers.addTo(all, from);
      }
      from += features.get(i).width();
    }
    return all.build();
  }
}
