package io.tacit.client.behaviour;

import io.tacit.client.storage.DataKey;
import io.tacit.client.storage.FileFault;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How one segment is written: as it is, or encrypted; and whether it can be read. Immutable. */
final class SegmentSeal {

  private final long number;
  private final long generation;
  private final @Nullable DataKey key;
  private final @Nullable FileFault fault;

  /**
   * @param number of the segment
   * @param generation of the segment in the vault, 0 without one
   * @param key that encrypts, null if nothing is encrypted
   * @param fault of the file's header, null if there is none
   */
  SegmentSeal(long number, long generation, @Nullable DataKey key, @Nullable FileFault fault) {
    this.number = number;
    this.generation = generation;
    this.key = key;
    this.fault = fault;
  }

  /** The same with a fault of the file's header. */
  SegmentSeal with(FileFault found) {
    return new SegmentSeal(number, generation, key, found);
  }

  long number() {
    return number;
  }

  long generation() {
    return generation;
  }

  /**
   * What is wrong with the header, null if nothing is. A segment whose header is only damaged is
   * read all the same, others are left alone; one that is missing has only not been deleted yet.
   */
  @Nullable FileFault fault() {
    return fault;
  }

  boolean isEncrypted() {
    return key != null;
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
