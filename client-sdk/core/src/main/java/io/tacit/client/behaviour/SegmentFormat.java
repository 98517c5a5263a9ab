package io.tacit.client.behaviour;

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
 * <p>The version is raised for any other layout, such as one with encrypted records; a segment of
 * an unknown version is left alone.
 */
final class SegmentFormat {

  static final int VERSION = 1;
  static final int HEADER_BYTES = 12;
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
    OTHER_VERSION,
    DAMAGED
  }

  static byte[] header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(MAGIC).putInt(VERSION << 24);
    CRC32 crc = new CRC32();
    crc.update(header.array(), 0, 8);
    return header.putInt((int) crc.getValue()).array();
  }

  /** What a file's first bytes are. */
  static Header header(byte[] bytes) {
    if (bytes.length < HEADER_BYTES) {
      return Header.DAMAGED;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, 8);
    if (header.getInt(0) != MAGIC || header.getInt(8) != (int) crc.getValue()) {
      return Header.DAMAGED;
    }
    return header.get(4) == VERSION ? Header.CURRENT : Header.OTHER_VERSION;
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
      ByteArrayOutputStream out, long segment, int records, long oldest, long newest) {
    ByteBuffer body = ByteBuffer.allocate(END_BODY_BYTES);
    body.putInt(records).putLong(oldest).putLong(newest);
    putRecord(out, segment, END_ORDINAL, body.array());
  }

  /** What an end mark says of its segment; empty if it is damaged or none. */
  static Optional<Segment> index(long segment, long bytes, byte[] end) {
    ByteBuffer mark = ByteBuffer.wrap(end);
    boolean intact =
        mark.getInt() == END_ORDINAL
            && mark.getInt() == END_BODY_BYTES
            && mark.getInt() == crc(segment, END_ORDINAL, end, FRAME_BYTES, END_BODY_BYTES);
    return intact
        ? Optional.of(new Segment(segment, mark.getInt(), bytes, mark.getLong(), mark.getLong()))
        : Optional.empty();
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
