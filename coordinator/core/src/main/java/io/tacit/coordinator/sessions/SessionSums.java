package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.MaskedSum;
import io.tacit.protocol.SessionId;
import java.util.HashMap;
import java.util.Map;

/**
 * The sums under way: updates are added as they become durable, so that no session holds them in
 * memory. For the conductor's thread alone.
 */
final class SessionSums {

  private final long checkpointBytes;
  private final Map<SessionId, Folding> foldings = new HashMap<>();

  /**
   * @param checkpointBytes how much of the log may be folded again after a crash
   */
  SessionSums(long checkpointBytes) {
    this.checkpointBytes = checkpointBytes;
  }

  /** A sum under way and how much of it is not in a checkpoint yet. */
  private static final class Folding {

    private final MaskedSum sum;
    private long bytesSinceCheckpoint;

    Folding(MaskedSum sum) {
      this.sum = sum;
    }
  }

  /**
   * Adds the updates that have become durable.
   *
   * @return the sum; whose updates are in it, it knows
   */
  MaskedSum foldWhatCame(LiveSession session) {
    int lanes = session.lanes();
    SessionId id = session.session().id();
    Folding folding =
        foldings.computeIfAbsent(id, key -> new Folding(MaskedSum.over(session.log(), lanes)));
    boolean done = false;
    try {
      long added = folding.sum.advance();
      folding.bytesSinceCheckpoint += added * Integer.BYTES * lanes;
      if (folding.bytesSinceCheckpoint >= checkpointBytes) {
        folding.sum.checkpoint();
        folding.bytesSinceCheckpoint = 0;
      }
      done = true;
    } finally {
      if (!done) {
        // A sum that broke off in the middle of an update is of no use: fold again from the log.
        foldings.remove(id);
      }
    }
    return folding.sum;
  }

  void forget(SessionId session) {
    foldings.remove(session);
  }
}
