package io.tacit.client.features;

import io.tacit.protocol.plan.CatalogueCells;
import io.tacit.protocol.plan.Feature;
import java.util.Optional;

/** Several texts with a bar between two, each at its place with a weight of one over their root. */
final class ManyHot implements ValueEncoding {

  private final OneHot each;
  private final String name;

  ManyHot(Feature.Categorical feature) {
    this.each = new OneHot(feature.name(), feature.values(), feature.unknownBuckets());
    this.name = feature.name();
  }

  @Override
  public Optional<String> encode(Object value, SparseNumbers out) {
    if (!(value instanceof String text)) {
      return ValueEncoding.wrongType(name, value, "text");
    }
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      count += text.charAt(i) == CatalogueCells.BETWEEN_VALUES ? 1 : 0;
    }
    int from = 0;
    for (int i = 0; i < count; i++) {
      int end = text.indexOf(CatalogueCells.BETWEEN_VALUES, from);
      each.encode(text.substring(from, end < 0 ? text.length() : end), out);
      from = end + 1;
    }
    out.multiply((float) (1 / Math.sqrt(count)));
    return Optional.empty();
  }
}
