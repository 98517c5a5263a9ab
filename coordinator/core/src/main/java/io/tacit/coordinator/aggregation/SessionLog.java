package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The records of one session in the order in which they became durable; at most one for each {@link
 * RecordKey}.
 *
 * <p>Safe for use by many threads. Methods that return a {@link CompletionStage} never block and do
 * no I/O on the calling thread; what depends on their stages runs on a thread of the log, so that
 * anything slow there belongs into the {@code …Async} forms. The others read or write storage.
 *
 * <p>Broken storage completes a stage with {@link UpdateLogUnavailableException}: nothing was
 * stored, the caller may try again. Everything else is an {@link Acceptance}.
 */
public interface SessionLog {

  /** Bytes of a tile given to {@link RecordReader#tile}; only the last of a payload is smaller. */
  int TILE_BYTES = 256 * 1024;

  /**
   * Appends a record; answers when it is durable.
   *
   * @param payload from position to limit, at least 1 byte; the log reads it until the stage
   *     completes, so the caller must not change it before. Position and limit are left alone.
   * @param sha256 the SHA-256 of the payload, computed by the caller (never one that was merely
   *     announced)
   */
  CompletionStage<Acceptance> append(RecordKey key, ByteBuffer payload, ContentHash sha256);

  /** {@link #append(RecordKey, ByteBuffer, ContentHash)} that hashes the payload first, here. */
  default CompletionStage<Acceptance> append(RecordKey key, ByteBuffer payload) {
    return append(key, payload, ContentHash.of(payload.duplicate()));
  }

  /**
   * Starts or continues an upload that comes in chunks. It takes over from any stream that is still
   * writing the same key. What is held of another upload (other length or hash) is thrown away.
   *
   * @param totalBytes length of the whole payload
   * @param sha256 what the client announces as SHA-256 of the whole payload; checked at the end
   */
  CompletionStage<UploadStart> resume(RecordKey key, long totalBytes, ContentHash sha256);

  /** What is held of an unfinished upload, also one from before a restart. */
  CompletionStage<Optional<UploadProgress>> progress(RecordKey key);

  /** The SHA-256 of the durable payload of this key, if there is one. */
  Optional<ContentHash> accepted(RecordKey key);

  /**
   * Closes a stage: from now on its new records are {@link Refused.Reason#STAGE_CLOSED}; those that
   * were queued before are durable, or have failed, when this returns. So what is read after it is
   * all there will ever be. Not durable: whoever moves the session does it again after a restart.
   */
  void freeze(Stage stage);

  /**
   * Hands over all durable records from an offset on, in log order, each payload in tiles; never
   * holds more than a tile.
   *
   * @param fromOffset 0 for the beginning, or what an earlier call returned
   * @return the offset behind the last record: where to go on
   * @throws IllegalArgumentException if the offset lies behind the end
   * @throws IllegalStateException if a wanted payload lies before the latest checkpoint and is no
   *     longer kept
   * @throws CorruptLogException if no intact record is where one should be; the reader may then
   *     have seen bytes that it must not use
   * @throws UpdateLogUnavailableException if the storage fails
   */
  long read(long fromOffset, RecordReader reader);

  /**
   * Stores the sum so far, durably and in one piece, in place of the one before. Payloads of stage
   * INPUT before its offset may then be forgotten.
   *
   * @throws UpdateLogUnavailableException if the storage fails; the one before is still there
   */
  void checkpoint(Checkpoint checkpoint);

  /** The latest checkpoint, in arrays of the caller's own; empty also if its file was damaged. */
  Optional<Checkpoint> latestCheckpoint();

  /** What was found when the log was opened. */
  RecoveryReport recovery();
}
