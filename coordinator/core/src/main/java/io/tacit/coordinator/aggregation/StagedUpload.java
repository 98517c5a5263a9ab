package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived of one upload, and which stream may add to it. Safe for many threads; methods do
 * I/O unless the bytes are in memory.
 */
final class StagedUpload {

  final UploadIdentity identity;

  private final MessageDigest digest = ContentHash.newDigest();
  private final CRC32C crc = new CRC32C();
  private final StagedBytes bytes;

  /** Bytes held and digested; -1 while those of an earlier process are not digested yet. */
  private long held;

  private Instant lastChunk;

  /** Which stream holds the upload: the last that resumed. */
  private int stream;

  /** On its way into the log, or deleted: takes no chunks. */
  private boolean closed;

  private StagedUpload(UploadIdentity identity, StagedBytes bytes, long held, Instant now) {
    this.identity = identity;
    this.bytes = bytes;
    this.held = held;
    this.lastChunk = now;
  }

  static StagedUpload begin(UploadIdentity identity, StagedBytes bytes, Instant now) {
    return new StagedUpload(identity, bytes, 0, now);
  }

  /** What an earlier process left in a file. */
  static StagedUpload found(StagedFile.Found found, Instant now) {
    return new StagedUpload(found.upload(), found.file(), -1, now);
  }

  boolean isInMemory() {
    return bytes.isInMemory();
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
    if (end > identity.totalBytes()) {
      return Refused.tooLong(end, identity.totalBytes());
    }
    if (offset < held) {
      forget();
    }
    bytes.write(offset, chunk.duplicate());
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
    if (held < identity.totalBytes()) {
      return Refused.incomplete(held, identity.totalBytes());
    }
    closed = true;
    return sha256SoFar().equals(identity.sha256()) ? null : Refused.wrongDigest();
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

  /** Takes no more chunks, and leaves what has arrived in a file for the next process. */
  synchronized void leave(FileLayer files, Path directory) throws IOException {
    boolean unfinished = !closed && held > 0;
    closed = true;
    if (unfinished && isInMemory()) {
      StagedFile file = StagedFile.create(files, directory, identity);
      long[] end = {0};
      bytes.read(
          held,
          tile -> {
            int count = tile.remaining();
            file.write(end[0], tile);
            end[0] += count;
          });
    }
  }

  synchronized void close() {
    closed = true;
  }

  synchronized void delete() throws IOException {
    closed = true;
    bytes.delete();
  }

  /** The record to append; the upload must be closed. */
  synchronized PendingRecord toRecord() {
    return PendingRecord.staged(identity, (int) crc.getValue(), bytes::copyTo);
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
    try {
      long size = bytes.size();
      bytes.read(
          size,
          tile -> {
            digest.update(tile.duplicate());
            crc.update(tile);
          });
      held = size;
    } catch (IOException e) {
      held = -1;
      throw e;
    }
  }
}
