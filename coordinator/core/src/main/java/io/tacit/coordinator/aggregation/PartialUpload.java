package io.tacit.coordinator.aggregation;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * One stream's hold on an upload in chunks. It needs no closing: a stream that breaks off leaves
 * what it wrote for the next one to continue, until it expires.
 */
public interface PartialUpload {

  /** Bytes that were held when this stream began: where it may go on. */
  long offset();

  /**
   * Stores the next chunk. This is the flow control: hand in one at a time, the next when the stage
   * of the last has completed.
   *
   * @param offset where the chunk begins in the payload: where the last one ended, or 0, which
   *     throws away what is held
   * @param chunk from position to limit; not to be changed until the stage completes
   */
  CompletionStage<ChunkOutcome> write(long offset, ByteBuffer chunk);

  /**
   * Checks length and SHA-256 of the whole and appends it to the log; answers when it is durable.
   * After {@link UpdateLogUnavailableException} the chunks are still held, and it may be called
   * again.
   */
  CompletionStage<Acceptance> finish();
}
