package io.tacit.client.features;

import io.tacit.protocol.plan.Feature;
import java.util.Arrays;
import java.util.Optional;

/**
 * Counts of a text's n-grams of code points, each hashed by 64-bit FNV-1a over its code points as
 * 32-bit words, scaled to L2 norm 1. A text shorter than an n-gram is one itself.
 */
final class HashedNgrams implements ValueEncoding {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final Feature.HashedText feature;

  /** By bucket; all 0 between two texts. */
  private final int[] counts;

  /** The buckets with a count, in the order of their first n-gram. */
  private int[] filled = new int[16];

  private int[] points = new int[64];

  HashedNgrams(Feature.HashedText feature) {
    this.feature = feature;
    this.counts = new int[feature.buckets()];
  }

  @Override
  public Optional<String> encode(Object value, SparseNumbers out) {
    if (!(value instanceof String text)) {
      return ValueEncoding.wrongType(feature.name(), value, "text");
    }
    int length = readPoints(text);
    if (length > 0) {
      int buckets = count(length);
      double sum = 0;
      for (int i = 0; i < buckets; i++) {
        sum += (double) counts[filled[i]] * counts[filled[i]];
      }
      double norm = Math.sqrt(sum);
      for (int i = 0; i < buckets; i++) {
        out.add(filled[i], (float) (counts[filled[i]] / norm));
        counts[filled[i]] = 0;
      }
    }
    return Optional.empty();
  }

  /** Reads the code points of a text; says how many. */
  private int readPoints(String text) {
    if (points.length < text.length()) {
      points = new int[text.length()];
    }
    int length = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(points[length - 1])) {
      points[length++] = text.codePointAt(i);
    }
    return length;
  }

  /** Counts the n-grams; says how many buckets are filled. */
  private int count(int length) {
    int size = Math.min(feature.ngramLength(), length);
    int buckets = 0;
    for (int start = 0; start + size <= length; start++) {
      long hash = FNV_OFFSET;
      for (int i = start; i < start + size; i++) {
        hash = (hash ^ points[i]) * FNV_PRIME;
      }
      // The low bits of FNV-1a depend on the low bits of its input only: fold the high ones in.
      int bucket = (int) Long.remainderUnsigned(hash ^ hash >>> 32, feature.buckets());
      if (counts[bucket]++ == 0) {
        if (buckets == filled.length) {
          filled = Arrays.copyOf(filled, 2 * buckets);
        }
        filled[buckets++] = bucket;
      }
    }
    return buckets;
  }
}
