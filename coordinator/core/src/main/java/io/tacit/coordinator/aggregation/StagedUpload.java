package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file that holds what has arrived of one upload.
 *
 * <pre>
 *   0  u64  magic
 *   8  u64  announced bytes
 *  16  32   client id
 *  48  32   announced SHA-256
 *  80  u32  stage
 *  84  u32  CRC-32C of bytes 0 to 83
 *  88  ...  payload
 * </pre>
 *
 * All little-endian. Not synced: after a power cut a part of it may be missing or wrong, which the
 * SHA-256 in the client's status call shows. The file is opened for each chunk, so that streams
 * that broke off hold no file descriptors. Safe for many threads; methods do I/O.
 */
final class StagedUpload {

  private static final long MAGIC =
      ByteBuffer.wrap("TACITPUP".getBytes(StandardCharsets.US_ASCII)).getLong();
  private static final int HEADER_BYTES = 88;
  private static final int CRC_AT = 84;

  final RecordKey key;
  final long totalBytes;
  final ContentHash sha256;

  private final FileLayer files;
  private final Path path;
  private final MessageDigest digest = ContentHash.newDigest();
  private final CRC32C crc = new CRC32C();

  /** Bytes held and digested; -1 while those of an earlier process are not digested yet. */
  private long held;

  private Instant lastChunk;

  /** Which stream holds the upload: the last that resumed. */
  private int stream;

  /** On its way into the log, or deleted: takes no chunks. */
  private boolean closed;

  private StagedUpload(
      FileLayer files,
      Path path,
      RecordKey key,
      long totalBytes,
      ContentHash sha256,
      long held,
      Instant now) {
    this.files = files;
    this.path = path;
    this.key = key;
    this.totalBytes = totalBytes;
    this.sha256 = sha256;
    this.held = held;
    this.lastChunk = now;
  }

  static StagedUpload create(
      FileLayer files,
      Path directory,
      RecordKey key,
      long totalBytes,
      ContentHash sha256,
      Instant now)
      throws IOException {
    Path path = directory.resolve(key.client().toHex() + "-" + key.stage().number());
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putLong(totalBytes);
    header.put(key.client().toBytes()).put(sha256.toBytes()).putInt(key.stage().number());
    header.putInt(RecordHeader.crc(header.duplicate().flip()));
    try (FileChannel out =
        files.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      FileLayer.writeFully(out, header.flip(), 0);
    }
    return new StagedUpload(files, path, key, totalBytes, sha256, 0, now);
  }

  /** What an earlier process left; null if the file is of no use. */
  static @Nullable StagedUpload find(FileLayer files, Path path, Instant now) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel in = files.open(path, StandardOpenOption.READ)) {
      if (in.size() < HEADER_BYTES) {
        return null;
      }
      FileLayer.readFully(in, header, 0);
      int headerCrc = RecordHeader.crc(header.duplicate().limit(CRC_AT));
      long totalBytes = header.getLong(8);
      if (header.getLong() != MAGIC
          || header.getInt(CRC_AT) != headerCrc
          || in.size() - HEADER_BYTES > totalBytes) {
        return null;
      }
      byte[] client = new byte[ClientId.LENGTH];
      byte[] sha256 = new byte[ContentHash.LENGTH];
      header.position(16).get(client).get(sha256);
      RecordKey key = new RecordKey(ClientId.fromBytes(client), Stage.ofNumber(header.getInt()));
      return new StagedUpload(
          files, path, key, totalBytes, ContentHash.fromDigest(sha256), -1, now);
    }
  }

  /**
   * A stream's hold on the upload.
   *
   * @param stream its number
   * @param offset bytes that were held when it began
   */
  record Hold(int stream, long offset) {}

  /** Gives the hold to a new stream; null if the upload is closed. */
  synchronized @Nullable Hold takeOver() throws IOException {
    if (closed) {
      return null;
    }
    digestWhatIsHeld();
    return new Hold(++stream, held);
  }

  synchronized UploadProgress progress() throws IOException {
    digestWhatIsHeld();
    return new UploadProgress(held, sha256SoFar());
  }

  synchronized ChunkOutcome write(int byStream, long offset, ByteBuffer chunk, Instant now)
      throws IOException {
    if (closed || byStream != stream) {
      return Refused.superseded();
    }
    if (offset != 0 && offset != held) {
      return Refused.wrongOffset(offset, held);
    }
    long end = offset + chunk.remaining();
    if (end > totalBytes) {
      return Refused.tooLong(end, totalBytes);
    }
    try (FileChannel out = files.open(path, StandardOpenOption.WRITE)) {
      if (offset < held) {
        out.truncate(HEADER_BYTES);
        forget();
      }
      FileLayer.writeFully(out, chunk.duplicate(), HEADER_BYTES + offset);
    }
    digest.update(chunk.duplicate());
    crc.update(chunk.duplicate());
    held = end;
    lastChunk = now;
    return new ChunkOutcome.Stored(end);
  }

  /**
   * Why the upload cannot be appended to the log; null, and no more chunks are taken, if it can.
   */
  synchronized @Nullable Refused complete(int byStream) {
    if (closed || byStream != stream) {
      return Refused.superseded();
    }
    if (held < totalBytes) {
      return Refused.incomplete(held, totalBytes);
    }
    closed = true;
    return sha256SoFar().equals(sha256) ? null : Refused.wrongDigest();
  }

  /** Takes chunks, or another attempt to finish, again. */
  synchronized void reopen() {
    closed = false;
  }

  synchronized boolean closeIfIdle(Instant lastChunkBefore) {
    boolean idle = !closed && lastChunk.isBefore(lastChunkBefore);
    closed |= idle;
    return idle;
  }

  synchronized void close() {
    closed = true;
  }

  synchronized void delete() throws IOException {
    closed = true;
    Files.deleteIfExists(path);
  }

  /** The record to append; the upload must be closed. */
  synchronized PendingRecord toRecord() {
    return PendingRecord.ofFile(key, totalBytes, (int) crc.getValue(), sha256, this::copyTo);
  }

  private void copyTo(LogFile.Writer out) throws IOException {
    try (FileChannel in = files.open(path, StandardOpenOption.READ)) {
      out.copy(in, HEADER_BYTES, totalBytes);
    }
  }

  private ContentHash sha256SoFar() {
    try {
      return ContentHash.fromDigest(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the platform's SHA-256 can be cloned", e);
    }
  }

  private void forget() {
    digest.reset();
    crc.reset();
    held = 0;
  }

  private void digestWhatIsHeld() throws IOException {
    if (held >= 0) {
      return;
    }
    forget();
    ByteBuffer tile = ByteBuffer.allocate(SessionLog.TILE_BYTES);
    try (FileChannel in = files.open(path, StandardOpenOption.READ)) {
      while (in.read(tile.clear(), HEADER_BYTES + held) > 0) {
        tile.flip();
        held += tile.remaining();
        digest.update(tile.duplicate());
        crc.update(tile);
      }
    } catch (IOException e) {
      held = -1;
      throw e;
    }
  }
}
