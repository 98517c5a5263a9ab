package io.tacit.client.behaviour;

import io.tacit.client.behaviour.IntegrityReport.Findings;
import io.tacit.client.storage.FileFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Goes through the records of a segment, over damage, and notes what it skips. Not thread-safe.
 *
 * <p>The segment may be one that is still written, which has no end mark and can end in the middle
 * of a record, or one that is complete and has lost something if it does.
 */
final class SegmentReader {

  private final SegmentSeal seal;
  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final boolean complete;
  private final Findings findings;

  /** From here the next record is looked for. */
  private int position;

  private int expectedOrdinal;

  /** What the end mark says. */
  private int endRecords;

  private int recordAt = -1;
  private byte[] body = new byte[0];
  private int intactEnd;
  private int damagedAtEnd;
  private boolean headerDamaged;
  private boolean ended;
  private boolean sealed;
  private long oldest = Long.MAX_VALUE;
  private long newest = Long.MIN_VALUE;

  /**
   * @param seal as the segment's bytes begin
   * @param bytes of the segment, read only
   * @param complete whether an end mark must be there
   * @param findings gets what is skipped
   */
  SegmentReader(SegmentSeal seal, byte[] bytes, boolean complete, Findings findings) {
    this.seal = seal;
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes);
    this.complete = complete;
    this.findings = findings;
    passHeader();
  }

  /** A segment that is not there. */
  static SegmentReader ofNothing(long number) {
    SegmentSeal none = new SegmentSeal(number, 0, null, null);
    return new SegmentReader(none, new byte[0], false, new Findings());
  }

  private void passHeader() {
    FileFault fault = seal.fault();
    if (fault == null) {
      position = Math.min(bytes.length, seal.headerBytes());
    } else if (fault != FileFault.DAMAGED) {
      findings.damaged(file(), 0, bytes.length, 0, fault);
      position = bytes.length;
      sealed = true;
      ended = true;
    } else {
      headerDamaged = true;
      if (bytes.length >= seal.headerBytes()) {
        findings.damaged(file(), 0, seal.headerBytes(), 0);
        position = seal.headerBytes();
      }
    }
    intactEnd = position;
  }

  /** Goes to the next intact record; false if there is none. */
  boolean next() {
    boolean found = nextWhole();
    while (found && !isAuthentic()) {
      findings.damaged(file(), recordAt, position - recordAt, 1);
      found = nextWhole();
    }
    if (found) {
      oldest = Math.min(oldest, millis());
      newest = Math.max(newest, millis());
    }
    return found;
  }

  /** Goes over all records without decrypting them: nobody knows then how old they are. */
  void pass() {
    while (nextWhole()) {
      findings.intact();
    }
  }

  private boolean isAuthentic() {
    Optional<byte[]> opened =
        seal.open(ordinal(), bytes, recordAt + SegmentFormat.FRAME_BYTES, lengthAt(recordAt));
    body = opened.orElse(body);
    return opened.isPresent();
  }

  /** Goes to the next record that matches its checksum; false if there is none. */
  private boolean nextWhole() {
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
    int ordinal = isRecord ? buffer.getInt(found) : endRecords;
    if (found > position || ordinal > expectedOrdinal) {
      findings.damaged(file(), position, found - position, ordinal - expectedOrdinal);
    }
    if (isRecord) {
      recordAt = found;
      expectedOrdinal = ordinal + 1;
      position = found + SegmentFormat.FRAME_BYTES + lengthAt(found);
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
    int overhead = seal.overheadBytes();
    int bytesMin = SegmentFormat.RECORD_BYTES_MIN + overhead;
    if (bytes.length - at < bytesMin) {
      return false;
    }
    int ordinal = buffer.getInt(at);
    int length = lengthAt(at);
    // INVARIANT: skipped bytes hold no more records than fit into them. Together with the length it
    // spares the checksum almost everywhere, so that finding the way again is cheap.
    return ordinal >= expectedOrdinal
        && ordinal - expectedOrdinal <= (at - position) / bytesMin
        && length >= EventCodec.BYTES_MIN + overhead
        && length <= EventCodec.BYTES_MAX + overhead
        && length <= bytes.length - at - SegmentFormat.FRAME_BYTES
        && matchesChecksum(at, ordinal, length);
  }

  private boolean isEndMark(int at) {
    int length = SegmentFormat.END_BODY_BYTES + seal.overheadBytes();
    return at == bytes.length - SegmentFormat.FRAME_BYTES - length
        && buffer.getInt(at) == SegmentFormat.END_ORDINAL
        && lengthAt(at) == length
        && matchesChecksum(at, SegmentFormat.END_ORDINAL, length)
        && readEndMark(at + SegmentFormat.FRAME_BYTES, length);
  }

  private boolean readEndMark(int at, int length) {
    Optional<byte[]> mark = seal.open(SegmentFormat.END_ORDINAL, bytes, at, length);
    endRecords = mark.isPresent() ? ByteBuffer.wrap(mark.get()).getInt() : 0;
    return mark.isPresent();
  }

  private boolean matchesChecksum(int at, int ordinal, int length) {
    return buffer.getInt(at + 8)
        == SegmentFormat.crc(seal.number(), ordinal, bytes, at + SegmentFormat.FRAME_BYTES, length);
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
    damagedAtEnd = partOfRecord ? 1 : 0;
    findings.damaged(file(), position, rest, damagedAtEnd);
  }

  /** Whether a process that died, or a file system that lost the last bytes, can leave this. */
  private boolean isTorn(int rest) {
    if (position == 0 || rest < SegmentFormat.FRAME_BYTES || isZero()) {
      return true;
    }
    int ordinal = buffer.getInt(position);
    int length = lengthAt(position);
    return (ordinal == expectedOrdinal || ordinal == SegmentFormat.END_ORDINAL)
        && length > rest - SegmentFormat.FRAME_BYTES
        && length <= EventCodec.BYTES_MAX + seal.overheadBytes();
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
        || rest == SegmentFormat.END_BYTES + seal.overheadBytes()
            && lengthAt(position) == SegmentFormat.END_BODY_BYTES + seal.overheadBytes();
  }

  private String file() {
    return SegmentDirectory.name(seal.number());
  }

  /** Bytes behind the frame of the record at a position. */
  private int lengthAt(int at) {
    return buffer.getInt(at + 4);
  }

  /** How the segment is written. */
  SegmentSeal seal() {
    return seal;
  }

  /** Of the record: how many were written to the segment before it. */
  int ordinal() {
    return buffer.getInt(recordAt);
  }

  /** Of the record: when its event happened, in epoch milliseconds. */
  long millis() {
    return ByteBuffer.wrap(body).getLong();
  }

  /** Of the record: the encoded event; not to be changed. */
  byte[] body() {
    return body;
  }

  /**
   * Of the record: the event.
   *
   * @throws IOException if the bytes match their checksum but are not of an event
   */
  BehaviourEvent event(EventCodec codec) throws IOException {
    return codec.decode(body, 0, body.length);
  }

  /** Notes that the record can not be decoded. */
  void noteUndecodable() {
    findings.damaged(file(), recordAt, position - recordAt, 1);
  }

  /** At the end: how many records were written, damaged ones included as far as is known. */
  int records() {
    return expectedOrdinal;
  }

  /** At the end: how many are not among {@link #records} and were noted as damaged. */
  int damagedAtEnd() {
    return damagedAtEnd;
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
