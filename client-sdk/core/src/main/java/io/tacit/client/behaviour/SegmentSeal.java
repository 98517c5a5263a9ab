package io.tacit.client.behaviour;

import io.tacit.client.storage.DataKey;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the records of one segment are written: as they are, or encrypted for their place in it.
 *
 * @param number of the segment
 * @param generation of the segment in the vault, 0 without one
 * @param key that encrypts, null if nothing is encrypted
 */
record SegmentSeal(long number, long generation, @Nullable DataKey key) {

  /** A segment without encryption. */
  static SegmentSeal none(long number) {
    return new SegmentSeal(number, 0, null);
  }

  /** Bytes of the segment's header. */
  int headerBytes() {
    return key == null ? SegmentFormat.HEADER_BYTES : SegmentFormat.SEALED_HEADER_BYTES;
  }

  /** Bytes that each record is longer than its event. */
  int overheadBytes() {
    return key == null ? 0 : DataKey.OVERHEAD_BYTES;
  }

  /** The segment's first bytes. */
  byte[] header() {
    return key == null
        ? SegmentFormat.header()
        : SegmentFormat.sealedHeader(key.id(), generation, number);
  }

  /** What a record holds of an event. */
  byte[] seal(int ordinal, byte[] body) {
    return key == null ? body : key.seal(place(ordinal), body);
  }

  /**
   * The bytes of an event.
   *
   * @param bytes of the segment, in which the record begins at an offset
   * @return empty if the record was not written at this place of this segment
   */
  Optional<byte[]> open(int ordinal, byte[] bytes, int offset, int length) {
    if (key == null) {
      byte[] body = new byte[length];
      System.arraycopy(bytes, offset, body, 0, length);
      return Optional.of(body);
    }
    return key.open(place(ordinal), bytes, offset, length);
  }

  private byte[] place(int ordinal) {
    return ByteBuffer.allocate(20).putLong(number).putLong(generation).putInt(ordinal).array();
  }
}
