package io.tacit.client.connection;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Where a session stands.
 *
 * @param stage what it waits for; terminal if it is over
 * @param rosterSize devices on the roster, once it is frozen
 * @param contributors whose update went into the sum, when completed
 * @param newModelHash the model that the round published, when completed, else null
 * @param abortReason why, in words, when aborted, else empty
 * @param publication what the stage before led to; null in mode PLAIN and where there is nothing
 * @param recordHash of the round's record, when completed, null in mode PLAIN
 */
public record SessionState(
    Stage stage,
    int rosterSize,
    int contributors,
    @Nullable ContentHash newModelHash,
    String abortReason,
    @Nullable Publication publication,
    @Nullable ContentHash recordHash)
    implements AwaitOutcome {

  public SessionState {
    if (stage == Stage.COMPLETED && newModelHash == null) {
      throw new IllegalArgumentException("a completed session has no model hash, must have one");
    }
    if (publication != null && publication.stage() != stage) {
      throw new IllegalArgumentException(
          "what is published belongs to stage "
              + publication.stage()
              + ", the session is in stage "
              + stage);
    }
  }

  /** A session in which nothing is published. */
  public SessionState(
      Stage stage,
      int rosterSize,
      int contributors,
      @Nullable ContentHash newModelHash,
      String abortReason) {
    this(stage, rosterSize, contributors, newModelHash, abortReason, null, null);
  }
}
