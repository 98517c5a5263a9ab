package io.tacit.client.behaviour;

import io.tacit.client.behaviour.IntegrityReport.Findings;
import io.tacit.client.storage.DurableFile;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The segment to which records are added. Not thread-safe.
 *
 * <p>Whatever fails, the first {@link #bytes} of the file stay as they are. The file is then closed
 * and, before anything more is written, opened again and cut there: a write that failed half-way
 * (disk full) leaves nothing behind, and neither does a channel that an interrupt has closed.
 */
final class ActiveSegment implements Closeable {

  private final SegmentDirectory directory;
  private final SegmentSeal seal;

  private long bytes;
  private int records;
  private long oldest;
  private long newest;

  /** Whether these two are of all records, and not of the added ones alone. */
  private boolean agesKnown = true;

  private @Nullable FileChannel channel;

  /** Records that are not in the file yet. */
  private ByteArrayOutputStream batch = new ByteArrayOutputStream();

  private int batchRecords;

  private ActiveSegment(
      SegmentDirectory directory,
      SegmentSeal seal,
      long bytes,
      int records,
      long oldest,
      long newest) {
    this.directory = directory;
    this.seal = seal;
    this.bytes = bytes;
    this.records = records;
    this.oldest = oldest;
    this.newest = newest;
  }

  /** A new segment; its file is made with the first records. */
  static ActiveSegment begin(SegmentDirectory directory, long number) throws IOException {
    SegmentSeal seal = directory.seals().begin(number);
    return new ActiveSegment(directory, seal, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  /**
   * Goes on with a segment that another process left, as read to its end.
   *
   * @param agesKnown whether it was looked how old its events are
   */
  static ActiveSegment resume(SegmentDirectory directory, SegmentReader read, boolean agesKnown) {
    ActiveSegment resumed =
        new ActiveSegment(
            directory, read.seal(), read.intactEnd(), read.records(), read.oldest(), read.newest());
    resumed.agesKnown = agesKnown;
    return resumed;
  }

  private void learnAges() throws IOException {
    if (agesKnown) {
      return;
    }
    Findings known = new Findings();
    SegmentReader reader =
        new SegmentReader(seal, directory.read(number(), bytes, known), false, known);
    while (reader.next()) {
      oldest = Math.min(oldest, reader.millis());
      newest = Math.max(newest, reader.millis());
    }
    agesKnown = true;
  }

  /** Cuts off what is behind the last whole record, and writes the header anew. */
  void repair() throws IOException {
    FileChannel open = channel();
    if (bytes > 0) {
      open.position(0);
      DurableFile.writeFully(open, ByteBuffer.wrap(seal.header()));
    }
  }

  long number() {
    return seal.number();
  }

  /** Bytes of the whole records in the file, and of its header. */
  long bytes() {
    return bytes;
  }

  /** Records in the file. */
  int records() {
    return records;
  }

  /** No event of the file is older, in epoch milliseconds; the largest long if there is none. */
  long oldest() throws IOException {
    learnAges();
    return oldest;
  }

  /** Whether a record fits, below these limits of a segment; one fits always. */
  boolean hasRoom(int bodyLength, int recordsMax, int bytesMax) {
    long bytesThen =
        bytes
            + batch.size()
            + SegmentFormat.FRAME_BYTES
            + bodyLength
            + SegmentFormat.END_BYTES
            + 2 * seal.overheadBytes();
    int recordsNow = records + batchRecords;
    return recordsNow == 0 || recordsNow < recordsMax && bytesThen <= bytesMax;
  }

  /** Adds a record to the batch that {@link #flush} writes. */
  void add(byte[] body, long epochMillis) {
    if (bytes == 0 && batchRecords == 0) {
      byte[] header = seal.header();
      batch.write(header, 0, header.length);
    }
    int ordinal = records + batchRecords;
    SegmentFormat.putRecord(batch, number(), ordinal, seal.seal(ordinal, body));
    batchRecords++;
    // If the write fails, the range is wider than the events: no harm, they are looked at one by
    // one.
    oldest = Math.min(oldest, epochMillis);
    newest = Math.max(newest, epochMillis);
  }

  /**
   * Writes the batch; it is empty afterwards.
   *
   * @throws IOException if nothing of it was written
   */
  void flush() throws IOException {
    if (batchRecords == 0) {
      return;
    }
    byte[] written = batch.toByteArray();
    int count = batchRecords;
    batch = new ByteArrayOutputStream();
    batchRecords = 0;
    boolean appears = bytes == 0;
    write(written);
    records += count;
    if (appears) {
      directory.seals().appeared(seal);
    }
  }

  /** Ends the segment, which must have no batch; nothing can be added to it. */
  Segment seal() throws IOException {
    ByteArrayOutputStream end = new ByteArrayOutputStream();
    learnAges();
    SegmentFormat.putEnd(end, seal, records, oldest, newest);
    write(end.toByteArray());
    closeFile();
    noteRecords();
    return new Segment(number(), records, bytes, oldest, newest);
  }

  private void write(byte[] addition) throws IOException {
    boolean written = false;
    try {
      FileChannel open = channel();
      open.position(bytes);
      DurableFile.writeFully(open, ByteBuffer.wrap(addition));
      bytes += addition.length;
      written = true;
    } catch (IOException e) {
      throw new IOException(
          "cannot write "
              + addition.length
              + " bytes to "
              + directory.file(number())
              + " ("
              + e.getMessage()
              + "); what was recorded before is intact, make room and record again",
          e);
    } finally {
      if (!written) {
        closeFile();
      }
    }
  }

  /** The open file, without anything behind the last whole record. */
  private FileChannel channel() throws IOException {
    FileChannel open = channel;
    if (open == null || !open.isOpen()) {
      open = directory.openToWrite(number());
      channel = open;
      if (open.size() > bytes) {
        open.truncate(bytes);
      }
    }
    return open;
  }

  /** Waits until the file is on the disk. */
  void sync() throws IOException {
    channel().force(false);
  }

  private void noteRecords() throws IOException {
    if (records > directory.seals().recordsLeast(number())) {
      directory.seals().holds(seal, records);
    }
  }

  /** Closes the file, and remembers how much is in it. */
  @Override
  public void close() throws IOException {
    closeFile();
    noteRecords();
  }

  /** Closes the file; it is opened again when it is needed. */
  void closeFile() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
