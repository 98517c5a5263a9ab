package io.tacit.client.features;

import io.tacit.protocol.plan.UnknownBuckets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A text of a list at the place of the list, another one in one of the buckets behind it. */
final class OneHot implements ValueEncoding {

  /** Unknown values whose buckets are remembered, since hashing them takes longer than all else. */
  private static final int KNOWN_BUCKETS_MAX = 1_000;

  private final String name;
  private final int listed;
  private final int buckets;
  private final Map<String, Integer> places = new HashMap<>();

  OneHot(String name, List<String> values, int buckets) {
    this.name = name;
    this.listed = values.size();
    this.buckets = buckets;
    for (int i = 0; i < listed; i++) {
      places.put(values.get(i), i);
    }
  }

  @Override
  public Optional<String> encode(Object value, SparseNumbers out) {
    if (!(value instanceof String text)) {
      return ValueEncoding.wrongType(name, value, "text");
    }
    Integer known = places.get(text);
    if (known != null) {
      out.add(known, 1);
    } else if (buckets > 0) {
      int place = listed + UnknownBuckets.bucketOf(text, buckets);
      if (places.size() < listed + KNOWN_BUCKETS_MAX) {
        places.put(text, place);
      }
      out.add(place, 1);
    }
    return Optional.empty();
  }
}
