package io.tacit.coordinator.sessions;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Where a session is, as one of its devices is told.
 *
 * @param stage that it waits for
 * @param rosterSize devices on the frozen roster, 0 before
 * @param contributors devices whose update is in the session's sum, with COMPLETED
 * @param newModel content hash of the model that the round made, with COMPLETED
 * @param abortReason why, with ABORTED; else empty
 * @param published what the stage before led to, or null
 * @param recordHash of the round's record, with COMPLETED; null in mode PLAIN
 */
public record SessionProgress(
    Stage stage,
    int rosterSize,
    int contributors,
    @Nullable ContentHash newModel,
    String abortReason,
    @Nullable Publication published,
    @Nullable ContentHash recordHash)
    implements AwaitOutcome {

  /** A stage that is going on. */
  public static SessionProgress at(Stage stage, int rosterSize, @Nullable Publication published) {
    return new SessionProgress(stage, rosterSize, 0, null, "", published, null);
  }

  /** The sum went into a model. */
  public static SessionProgress completed(
      int rosterSize, int contributors, ContentHash newModel, @Nullable ContentHash recordHash) {
    return new SessionProgress(
        Stage.COMPLETED, rosterSize, contributors, newModel, "", null, recordHash);
  }

  /** Nothing of it was or will be used. */
  public static SessionProgress aborted(int rosterSize, String reason) {
    return new SessionProgress(Stage.ABORTED, rosterSize, 0, null, reason, null, null);
  }
}
