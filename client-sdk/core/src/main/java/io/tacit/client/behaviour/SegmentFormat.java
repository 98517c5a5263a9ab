package io.tacit.client.behaviour;

import io.tacit.client.storage.Vault;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The bytes of a segment: a header, records, and, once nothing more is added, an end mark.
 * Big-endian.
 *
 * <pre>
 * header    "TCTB", u8 version 1, 3 bytes 0, u32 CRC-32 of these 8 bytes
 * record    i32 ordinal 0, 1, 2 ..., i32 length n, u32 CRC, n bytes of an {@link EventCodec event}
 * end mark  a record with ordinal -1 and 20 bytes: i32 records, i64 oldest and i64 newest
 *           epoch milliseconds of their events
 * </pre>
 *
 * <p>The CRC-32 of a record covers the segment's number, its ordinal, its length and its bytes. So
 * a reader that has lost its way finds the next record by trying every byte, and takes neither one
 * of another file nor a copy inside an event's text for it; the ordinals then tell how many were
 * lost. The end marks let a store open without reading what lies between.
 *
 * <p>In a {@link Vault} a segment is encrypted: n bytes are then nonce, event and tag in
 * AES-256-GCM, with the number and generation of the segment (i64 each) and the ordinal (i32) as
 * associated data; so are the 20 bytes of the end mark. Its header is another:
 *
 * <pre>
 * header    "TCTS", u8 version 2, 3 bytes 0, i64 id of the data key, i64 generation,
 *           i64 number of the segment, u32 CRC-32 of these 32 bytes
 * </pre>
 *
 * <p>The checksums find the way over damage, as they do without encryption; what is not authentic
 * is not taken whatever its checksum. A segment of an unknown version is left alone.
 */
final class SegmentFormat {

  static final int VERSION = 1;
  static final int HEADER_BYTES = 12;
  static final int SEALED_VERSION = 2;
  static final int SEALED_HEADER_BYTES = 36;
  static final int FRAME_BYTES = 12;
  static final int RECORD_BYTES_MIN = FRAME_BYTES + EventCodec.BYTES_MIN;
  static final int END_ORDINAL = -1;
  static final int END_BODY_BYTES = 20;
  static final int END_BYTES = FRAME_BYTES + END_BODY_BYTES;

  private static final int MAGIC = 'T' << 24 | 'C' << 16 | 'T' << 8 | 'B';

  private SegmentFormat() {}

  /** What can be said of a header. */
  enum Header {
    CURRENT,
    SEALED,
    OTHER_VERSION,
    DAMAGED
  }

  static byte[] header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(MAGIC).putInt(VERSION << 24);
    return header.putInt(crc(header.array(), 8)).array();
  }

  static byte[] sealedHeader(long key, long generation, long number) {
    ByteBuffer header = ByteBuffer.allocate(SEALED_HEADER_BYTES);
    header.putInt(Vault.MAGIC).putInt(SEALED_VERSION << 24);
    header.putLong(key).putLong(generation).putLong(number);
    return header.putInt(crc(header.array(), SEALED_HEADER_BYTES - 4)).array();
  }

  /** What a file's first bytes are. */
  static Header header(byte[] bytes) {
    if (isHeader(bytes, MAGIC, HEADER_BYTES)) {
      return bytes[4] == VERSION ? Header.CURRENT : Header.OTHER_VERSION;
    } else if (isHeader(bytes, Vault.MAGIC, SEALED_HEADER_BYTES)) {
      return bytes[4] == SEALED_VERSION ? Header.SEALED : Header.OTHER_VERSION;
    }
    return Header.DAMAGED;
  }

  private static boolean isHeader(byte[] bytes, int magic, int length) {
    if (bytes.length < length) {
      return false;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    return header.getInt(0) == magic && header.getInt(length - 4) == crc(bytes, length - 4);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** Adds a record to a buffer. */
  static void putRecord(ByteArrayOutputStream out, long segment, int ordinal, byte[] body) {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
    frame.putInt(ordinal).putInt(body.length).putInt(crc(segment, ordinal, body, 0, body.length));
    out.write(frame.array(), 0, FRAME_BYTES);
    out.write(body, 0, body.length);
  }

  /** Adds the end mark of a segment. */
  static void putEnd(
      ByteArrayOutputStream out, SegmentSeal seal, int records, long oldest, long newest) {
    ByteBuffer body = ByteBuffer.allocate(END_BODY_BYTES);
    body.putInt(records).putLong(oldest).putLong(newest);
    putRecord(out, seal.number(), END_ORDINAL, seal.seal(END_ORDINAL, body.array()));
  }

  /** What an end mark says of its segment; empty if it is damaged or none. */
  static Optional<Segment> index(SegmentSeal seal, long bytes, byte[] end) {
    ByteBuffer mark = ByteBuffer.wrap(end);
    long segment = seal.number();
    int length = END_BODY_BYTES + seal.overheadBytes();
    boolean intact =
        mark.getInt() == END_ORDINAL
            && mark.getInt() == length
            && mark.getInt() == crc(segment, END_ORDINAL, end, FRAME_BYTES, length);
    Optional<byte[]> body =
        intact ? seal.open(END_ORDINAL, end, FRAME_BYTES, length) : Optional.empty();
    if (!body.isPresent()) {
      return Optional.empty();
    }
    ByteBuffer read = ByteBuffer.wrap(body.get());
    return Optional.of(new Segment(segment, read.getInt(), bytes, read.getLong(), read.getLong()));
  }

  /** The checksum of a record. */
  static int crc(long segment, int ordinal, byte[] bytes, int offset, int length) {
    CRC32 crc = new CRC32();
    byte[] place = ByteBuffer.allocate(16).putLong(segment).putInt(ordinal).putInt(length).array();
    crc.update(place, 0, place.length);
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
