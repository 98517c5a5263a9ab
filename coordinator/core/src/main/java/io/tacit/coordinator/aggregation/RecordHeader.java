package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before each payload in a log file.
 *
 * <pre>
 *   0  u64  mark of the file: random, so that bytes sent by a client cannot pass for a record
 *   8  u64  offset at which the batch of this record begins
 *  16  u64  payload bytes
 *  24  u32  stage
 *  28  u32  CRC-32C of the payload
 *  32  32   client id
 *  64  32   SHA-256 of the payload
 *  96  u32  0
 * 100  u32  CRC-32C of bytes 0 to 99
 * </pre>
 *
 * All little-endian.
 *
 * @param batchStart a batch is written only after the one before it is durable; so an intact record
 *     proves that everything before its batch had been durable
 */
record RecordHeader(LogRecord record, long batchStart, int payloadCrc) {

  static final int BYTES = 104;

  private static final int CRC_AT = 100;

  /** Puts the header at the buffer's position. */
  void put(ByteBuffer into, long mark) {
    int start = into.position();
    into.putLong(mark).putLong(batchStart).putLong(record.payloadBytes());
    into.putInt(record.key().stage().number()).putInt(payloadCrc);
    into.put(record.key().client().toBytes()).put(record.sha256().toBytes());
    into.putInt(0);
    into.putInt(crc(into.duplicate().limit(start + CRC_AT).position(start)));
  }

  /**
   * Reads a header.
   *
   * @param at index of its first byte in the buffer, absolute
   * @param offset the same in the file
   * @return null if there is no intact header of this file
   */
  static @Nullable RecordHeader get(ByteBuffer from, int at, long offset, long mark) {
    if (from.getLong(at) != mark
        || from.getInt(at + CRC_AT) != crc(from.duplicate().limit(at + CRC_AT).position(at))) {
      return null;
    }
    byte[] client = new byte[ClientId.LENGTH];
    from.get(at + 32, client);
    byte[] sha256 = new byte[ContentHash.LENGTH];
    from.get(at + 64, sha256);
    RecordKey key = new RecordKey(ClientId.fromBytes(client), Stage.ofNumber(from.getInt(at + 24)));
    return new RecordHeader(
        new LogRecord(key, offset, from.getLong(at + 16), ContentHash.fromDigest(sha256)),
        from.getLong(at + 8),
        from.getInt(at + 28));
  }

  long end() {
    return record.offset() + BYTES + record.payloadBytes();
  }

  static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
