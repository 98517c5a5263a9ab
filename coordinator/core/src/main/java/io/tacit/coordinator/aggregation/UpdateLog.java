package io.tacit.coordinator.aggregation;

import io.tacit.protocol.SessionId;
import java.time.Instant;
import java.util.Set;

/**
 * What clients sent, by session, durable before it is acknowledged: one per coordinator.
 *
 * <p>Every implementation is safe for use by many threads, and passes {@code
 * UpdateLogContractTest}. Methods of this interface do blocking I/O: not for event loops.
 */
public interface UpdateLog extends AutoCloseable {

  /**
   * Opens the log of a session: creates it, or recovers what an earlier process left, cutting a
   * torn tail off (see {@link SessionLog#recovery}). Opening it again gives the same log.
   *
   * @throws CorruptLogException if records that were acknowledged are damaged or missing
   * @throws UpdateLogUnavailableException if the storage fails, or too many sessions are open
   */
  SessionLog open(SessionId session);

  /**
   * Deletes everything of a session whose round is over: records, checkpoint, partial uploads.
   * Appends that are still queued are refused. Does nothing if there is no such session.
   *
   * @throws UpdateLogUnavailableException if the storage fails; call again, the rest stays hidden
   */
  void drop(SessionId session);

  /** The sessions that are present, opened or not: what a coordinator finds after a restart. */
  Set<SessionId> sessions();

  /**
   * Deletes the partial uploads of all open sessions whose last chunk came before this time. A
   * restart counts as a chunk.
   *
   * @return how many were deleted
   */
  int expireStaged(Instant lastChunkBefore);

  /** Commits what is queued and lets go of the storage. Nothing is deleted. */
  @Override
  void close();
}
