package io.tacit.coordinator.aggregation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The append-only file of a session: a file header, then records in batches.
 *
 * <p>What is known about the bytes of the file at any time:
 *
 * <ul>
 *   <li>INVARIANT: everything before {@link #durableLength} was covered by an fsync that succeeded,
 *       and a batch is written only at the durable length. Nobody reads beyond it.
 *   <li>If writing a batch or its fsync fails, the state of its bytes is unknown: after a failed
 *       fsync the kernel may call pages clean that never reached the disk, and a second fsync would
 *       succeed without writing them. So it is never repeated. The file is opened afresh and cut
 *       back to the durable length, which throws these pages away; the page at the cut is dirtied
 *       by that and written whole with the next fsync. The records come again from their clients,
 *       into new pages. Until cutting and an fsync succeed, nothing is written.
 *   <li>After a crash, the last batch may be whole in the page cache yet not on the disk (kill -9
 *       before or after a failed fsync). Recovery therefore writes the last batch again, over
 *       itself, before the fsync that makes it count.
 *   <li>What follows the last intact record is cut as torn, unless a record of a later batch, or
 *       the checkpoint, proves that it had been durable: then it is corruption. Damage within the
 *       very last batch cannot be told from a torn write, and is cut.
 * </ul>
 *
 * One thread writes at a time; {@link #read} may run beside it.
 */
final class LogFile implements Closeable {

  /** Where the first record begins. */
  static final long START = 32;

  private static final long MAGIC =
      ByteBuffer.wrap("TACITLOG".getBytes(StandardCharsets.US_ASCII)).getLong();
  private static final int VERSION = 1;
  private static final int WRITE_BUFFER_BYTES = 1024 * 1024;

  /** One for each writer thread. A direct buffer, as the JDK would copy into one of its own. */
  private static final ThreadLocal<ByteBuffer> WRITE_BUFFER =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(WRITE_BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN));

  private final FileLayer files;
  private final Path path;
  private final SpoolCounters counters;
  private final long mark;
  private volatile long durableLength;

  /** Null after a failure, until the file is cut back. */
  private @Nullable FileChannel channel;

  private LogFile(
      SpoolEnvironment environment, Path path, long mark, long durableLength, FileChannel channel) {
    this.files = environment.files();
    this.counters = environment.counters();
    this.path = path;
    this.mark = mark;
    this.durableLength = durableLength;
    this.channel = channel;
  }

  /**
   * A file that was opened.
   *
   * @param bytesCut length of the torn tail that was cut off
   */
  record Recovered(LogFile file, long bytesCut) {}

  /** Creates the file with its header, durable as soon as its directory is. */
  static void create(FileLayer files, Path path, SecureRandom random) throws IOException {
    ByteBuffer header = ByteBuffer.allocate((int) START);
    header.putLong(MAGIC).putInt(VERSION).putInt(0).putLong(random.nextLong()).putInt(0);
    header.putInt(RecordHeader.crc(header.duplicate().flip()));
    try (FileChannel out =
        files.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      FileLayer.writeFully(out, header.flip(), 0);
      out.force(true);
    }
  }

  /**
   * Opens the file, checks every record, and cuts off a torn tail.
   *
   * @param coveredByCheckpoint everything before this offset is known to have been durable
   * @param intact is given each record in order
   * @throws CorruptLogException if a record that had been durable is damaged or missing
   */
  static Recovered recover(
      SpoolEnvironment environment, Path path, long coveredByCheckpoint, Consumer<LogRecord> intact)
      throws IOException {
    FileChannel file = openPresent(environment.files(), path);
    try {
      long size = file.size();
      long mark = markOf(file, path, size);
      RecordScanner scanner = new RecordScanner(file, mark, START, size);
      long lastBatch = START;
      for (RecordHeader header = scanner.next(CHECK_ALL);
          header != null;
          header = scanner.next(CHECK_ALL)) {
        intact.accept(header.record());
        lastBatch = header.batchStart();
      }
      long end = scanner.position();
      requireTorn(scanner, path, coveredByCheckpoint);
      environment.counters().bytesCut.add(size - end);
      file.truncate(end);
      writeAgain(file, lastBatch, end);
      file.force(true);
      return new Recovered(new LogFile(environment, path, mark, end, file), size - end);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static FileChannel openPresent(FileLayer files, Path path) throws IOException {
    try {
      return files.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      // A session directory appears together with its log file.
      throw new CorruptLogException(path, 0, "the file is missing");
    }
  }

  /** Refuses to go on if what is missing behind the last intact record had been durable. */
  private static void requireTorn(RecordScanner scanner, Path path, long coveredByCheckpoint)
      throws IOException {
    long end = scanner.position();
    RecordHeader later = scanner.laterBatch();
    if (later != null) {
      throw new CorruptLogException(
          path,
          end,
          "no intact record here, but one of a later batch at " + later.record().offset());
    }
    if (end < coveredByCheckpoint) {
      throw new CorruptLogException(
          path, end, "the records end here, but the checkpoint covers " + coveredByCheckpoint);
    }
  }

  private static final RecordReader CHECK_ALL =
      new RecordReader() {
        @Override
        public boolean begin(LogRecord record) {
          return true;
        }

        @Override
        public void tile(long position, ByteBuffer tile) {}
      };

  private static long markOf(FileChannel file, Path path, long size) throws IOException {
    ByteBuffer header = ByteBuffer.allocate((int) START);
    if (size >= START) {
      FileLayer.readFully(file, header, 0);
      int crc = RecordHeader.crc(header.duplicate().limit((int) START - 4));
      if (header.getLong() == MAGIC && header.getInt(28) == crc && header.getInt() == VERSION) {
        return header.getLong(16);
      }
    }
    throw new CorruptLogException(path, 0, "no file header of version " + VERSION);
  }

  private static void writeAgain(FileChannel file, long from, long to) throws IOException {
    ByteBuffer tile = ByteBuffer.allocate(SessionLog.TILE_BYTES);
    for (long at = from; at < to; at += tile.capacity()) {
      tile.clear().limit((int) Math.min(tile.capacity(), to - at));
      FileLayer.readFully(file, tile, at);
      FileLayer.writeFully(file, tile, at);
    }
  }

  Path path() {
    return path;
  }

  /** Behind the last durable record. */
  long durableLength() {
    return durableLength;
  }

  /** Makes a batch durable: all of it, or, with an exception, nothing. */
  void commit(List<PendingRecord> batch) throws IOException {
    try {
      FileChannel out = channel == null ? reopen() : channel;
      Writer writer = new Writer(out, durableLength);
      for (PendingRecord pending : batch) {
        writer.put(pending);
      }
      long end = writer.flush();
      long before = System.nanoTime();
      out.force(false);
      counters.fsyncNanos.add(System.nanoTime() - before);
      counters.batches.increment();
      durableLength = end;
    } catch (IOException e) {
      counters.failedBatches.increment();
      giveUp(e);
      throw e;
    }
  }

  private FileChannel reopen() throws IOException {
    FileChannel out = files.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (out.size() < durableLength) {
        throw new IOException(
            "the file has only " + out.size() + " of " + durableLength + " bytes");
      }
      out.truncate(durableLength).force(true);
    } catch (IOException e) {
      out.close();
      throw e;
    }
    channel = out;
    return out;
  }

  /**
   * Cuts the failed batch off now, for the room; if even that fails, the next commit tries again.
   */
  private void giveUp(IOException cause) {
    try {
      close();
      reopen();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** As {@link SessionLog#read}. */
  long read(long fromOffset, RecordReader reader) throws IOException {
    long end = durableLength;
    long start = Math.max(fromOffset, START);
    if (start > end) {
      throw new IllegalArgumentException(
          "offset is " + fromOffset + ", must be 0 or one that read returned, at most " + end);
    }
    if (start == end) {
      return end;
    }
    // A channel of its own: interrupting the reading thread closes the channel it reads from.
    try (FileChannel in = files.open(path, StandardOpenOption.READ)) {
      RecordScanner scanner = new RecordScanner(in, mark, start, end);
      while (scanner.position() < end) {
        if (scanner.next(reader) == null) {
          throw new CorruptLogException(path, scanner.position(), "no intact record here");
        }
      }
    }
    return end;
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  /**
   * Writes a batch through one buffer, so that small records share a system call and large ones
   * need no memory of their own.
   */
  final class Writer {

    private final FileChannel out;
    private final long batchStart;
    private final ByteBuffer buffer = WRITE_BUFFER.get().clear();
    private long flushed;

    private Writer(FileChannel out, long batchStart) {
      this.out = out;
      this.batchStart = batchStart;
      this.flushed = batchStart;
    }

    void put(PendingRecord pending) throws IOException {
      if (buffer.remaining() < RecordHeader.BYTES) {
        flush();
      }
      long offset = flushed + buffer.position();
      LogRecord record = new LogRecord(pending.key, offset, pending.payloadBytes, pending.sha256);
      new RecordHeader(record, batchStart, pending.payloadCrc).put(buffer, mark);
      pending.source.writeTo(this);
    }

    /** Writes all that remains in the payload. */
    void put(ByteBuffer payload) throws IOException {
      while (payload.hasRemaining()) {
        if (!buffer.hasRemaining()) {
          flush();
        }
        int count = Math.min(payload.remaining(), buffer.remaining());
        buffer.put(payload.slice().limit(count));
        payload.position(payload.position() + count);
      }
    }

    /** Copies from a file; where the system can, without passing through this process. */
    void copy(FileChannel in, long from, long bytes) throws IOException {
      flush();
      out.position(flushed);
      for (long done = 0; done < bytes; ) {
        long count = in.transferTo(from + done, bytes - done, out);
        if (count <= 0) {
          throw new IOException("staged file ends at " + (from + done) + ", too early");
        }
        done += count;
      }
      flushed += bytes;
    }

    private long flush() throws IOException {
      flushed = FileLayer.writeFully(out, buffer.flip(), flushed);
      buffer.clear();
      return flushed;
    }
  }
}
