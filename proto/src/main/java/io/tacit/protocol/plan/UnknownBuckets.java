package io.tacit.protocol.plan;

import io.tacit.protocol.ContentHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Where values go that a list does not have. */
public final class UnknownBuckets {

  private UnknownBuckets() {}

  /**
   * The bucket of a value: the first four bytes of the SHA-256 of its UTF-8, as an unsigned
   * big-endian number, modulo the number of buckets.
   *
   * @param value an item id, or a value of a categorical feature
   * @param buckets at least 1
   * @return from 0
   */
  public static int bucketOf(String value, int buckets) {
    byte[] digest = ContentHash.of(value.getBytes(StandardCharsets.UTF_8)).toBytes();
    return Integer.remainderUnsigned(ByteBuffer.wrap(digest).getInt(), buckets);
  }
}
