package io.tacit.client.behaviour;

import io.tacit.client.behaviour.IntegrityReport.Findings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Goes through the records of a segment, over damage, and notes what it skips. Not thread-safe.
 *
 * <p>The segment may be one that is still written, which has no end mark and can end in the middle
 * of a record, or one that is complete and has lost something if it does.
 */
final class SegmentReader {

  private final long number;
  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final boolean complete;
  private final Findings findings;

  /** From here the next record is looked for. */
  private int position;

  private int expectedOrdinal;
  private int recordAt = -1;
  private int intactEnd;
  private boolean headerDamaged;
  private boolean ended;
  private boolean sealed;
  private long oldest = Long.MAX_VALUE;
  private long newest = Long.MIN_VALUE;

  /**
   * @param number of the segment
   * @param bytes of the segment, read only
   * @param complete whether an end mark must be there
   * @param findings gets what is skipped
   */
  SegmentReader(long number, byte[] bytes, boolean complete, Findings findings) {
    this.number = number;
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes);
    this.complete = complete;
    this.findings = findings;
    readHeader();
  }

  private void readHeader() {
    switch (SegmentFormat.header(bytes)) {
      case CURRENT -> position = SegmentFormat.HEADER_BYTES;
      case OTHER_VERSION -> {
        findings.damaged(file(), 0, bytes.length, 0);
        position = bytes.length;
        sealed = true;
        ended = true;
      }
      case DAMAGED -> {
        headerDamaged = true;
        if (bytes.length >= SegmentFormat.HEADER_BYTES) {
          findings.damaged(file(), 0, SegmentFormat.HEADER_BYTES, 0);
          position = SegmentFormat.HEADER_BYTES;
        }
      }
    }
    intactEnd = position;
  }

  /** Goes to the next intact record; false if there is none. */
  boolean next() {
    if (ended) {
      return false;
    }
    int found = position;
    while (found < bytes.length && !isRecord(found) && !isEndMark(found)) {
      found++;
    }
    if (found == bytes.length) {
      noteMissingEnd();
      ended = true;
      return false;
    }
    boolean isRecord = buffer.getInt(found) != SegmentFormat.END_ORDINAL;
    int ordinal = buffer.getInt(isRecord ? found : found + SegmentFormat.FRAME_BYTES);
    if (found > position || ordinal > expectedOrdinal) {
      findings.damaged(file(), position, found - position, ordinal - expectedOrdinal);
    }
    if (isRecord) {
      recordAt = found;
      expectedOrdinal = ordinal + 1;
      position = bodyAt() + bodyLength();
      oldest = Math.min(oldest, millis());
      newest = Math.max(newest, millis());
    } else {
      expectedOrdinal = ordinal;
      position = bytes.length;
      sealed = true;
      ended = true;
    }
    intactEnd = position;
    return isRecord;
  }

  private boolean isRecord(int at) {
    if (bytes.length - at < SegmentFormat.RECORD_BYTES_MIN) {
      return false;
    }
    int ordinal = buffer.getInt(at);
    int length = buffer.getInt(at + 4);
    // INVARIANT: skipped bytes hold no more records than fit into them. Together with the length it
    // spares the checksum almost everywhere, so that finding the way again is cheap.
    return ordinal >= expectedOrdinal
        && ordinal - expectedOrdinal <= (at - position) / SegmentFormat.RECORD_BYTES_MIN
        && length >= EventCodec.BYTES_MIN
        && length <= EventCodec.BYTES_MAX
        && length <= bytes.length - at - SegmentFormat.FRAME_BYTES
        && matchesChecksum(at, ordinal, length);
  }

  private boolean isEndMark(int at) {
    return at == bytes.length - SegmentFormat.END_BYTES
        && buffer.getInt(at) == SegmentFormat.END_ORDINAL
        && buffer.getInt(at + 4) == SegmentFormat.END_BODY_BYTES
        && matchesChecksum(at, SegmentFormat.END_ORDINAL, SegmentFormat.END_BODY_BYTES);
  }

  private boolean matchesChecksum(int at, int ordinal, int length) {
    return buffer.getInt(at + 8)
        == SegmentFormat.crc(number, ordinal, bytes, at + SegmentFormat.FRAME_BYTES, length);
  }

  /** The bytes ran out without an end mark: say whether that is damage. */
  private void noteMissingEnd() {
    int rest = bytes.length - position;
    if (!complete && rest == 0) {
      return;
    }
    if (!complete && isTorn(rest)) {
      findings.torn(file(), position, rest);
      return;
    }
    boolean partOfRecord = rest > 0 && position > 0 && !looksLikeEndMark(rest);
    findings.damaged(file(), position, rest, partOfRecord ? 1 : 0);
  }

  /** Whether a process that died, or a file system that lost the last bytes, can leave this. */
  private boolean isTorn(int rest) {
    if (position == 0 || rest < SegmentFormat.FRAME_BYTES || isZero()) {
      return true;
    }
    int ordinal = buffer.getInt(position);
    int length = buffer.getInt(position + 4);
    return (ordinal == expectedOrdinal || ordinal == SegmentFormat.END_ORDINAL)
        && length > rest - SegmentFormat.FRAME_BYTES
        && length <= EventCodec.BYTES_MAX;
  }

  private boolean isZero() {
    for (int i = position; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private boolean looksLikeEndMark(int rest) {
    return rest >= 4 && buffer.getInt(position) == SegmentFormat.END_ORDINAL
        || rest == SegmentFormat.END_BYTES
            && buffer.getInt(position + 4) == SegmentFormat.END_BODY_BYTES;
  }

  private String file() {
    return SegmentDirectory.name(number);
  }

  private int bodyAt() {
    return recordAt + SegmentFormat.FRAME_BYTES;
  }

  private int bodyLength() {
    return buffer.getInt(recordAt + 4);
  }

  /** Of the record: how many were written to the segment before it. */
  int ordinal() {
    return buffer.getInt(recordAt);
  }

  /** Of the record: when its event happened, in epoch milliseconds. */
  long millis() {
    return buffer.getLong(bodyAt());
  }

  /** Of the record: the encoded event. */
  byte[] body() {
    return Arrays.copyOfRange(bytes, bodyAt(), bodyAt() + bodyLength());
  }

  /**
   * Of the record: the event.
   *
   * @throws IOException if the bytes match their checksum but are not of an event
   */
  BehaviourEvent event(EventCodec codec) throws IOException {
    return codec.decode(bytes, bodyAt(), bodyLength());
  }

  /** Notes that the record can not be decoded. */
  void noteUndecodable() {
    findings.damaged(file(), recordAt, SegmentFormat.FRAME_BYTES + bodyLength(), 1);
  }

  /** At the end: how many records were written, damaged ones included as far as is known. */
  int records() {
    return expectedOrdinal;
  }

  /** At the end: bytes up to the end of the last intact record or end mark. */
  int intactEnd() {
    return intactEnd;
  }

  /** At the end: whether nothing can be added, because of the end mark or of another version. */
  boolean isSealed() {
    return sealed;
  }

  boolean isHeaderDamaged() {
    return headerDamaged;
  }

  /**
   * At the end: least epoch milliseconds of an intact record, the largest long if there is none.
   */
  long oldest() {
    return oldest;
  }

  /** At the end: most epoch milliseconds of an intact record, the least long if there is none. */
  long newest() {
    return newest;
  }
}
