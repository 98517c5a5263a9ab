package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.Acceptance;
import io.tacit.coordinator.aggregation.RecordKey;
import io.tacit.coordinator.aggregation.Refused;
import io.tacit.coordinator.aggregation.UploadStart;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** Whether an update may be uploaded. */
public sealed interface UploadAdmission {

  /** It may not. */
  record Denied(Refusal refusal) implements UploadAdmission {}

  /**
   * It may: send it whole, or in chunks through {@link #resume}; then have the log's answer turned
   * into the client's by {@link #settle}.
   */
  final class Admitted implements UploadAdmission {

    private final Sessions sessions;
    private final LiveSession live;
    private final RecordKey key;
    private final long totalBytes;
    private final ContentHash sha256;

    Admitted(
        Sessions sessions, LiveSession live, RecordKey key, long totalBytes, ContentHash sha256) {
      this.sessions = sessions;
      this.live = live;
      this.key = key;
      this.totalBytes = totalBytes;
      this.sha256 = sha256;
    }

    /** Bytes of the whole update, checked against the model. */
    public long totalBytes() {
      return totalBytes;
    }

    /**
     * Stores an update that came in one piece.
     *
     * @param update all of it, from position to limit; not to be changed until the stage completes
     */
    public CompletionStage<SubmitOutcome> whole(ByteBuffer update) {
      ContentHash actual = ContentHash.of(update.duplicate());
      if (update.remaining() != totalBytes) {
        return Sessions.refuse(
            Refusal.Reason.WRONG_LENGTH,
            "update has "
                + update.remaining()
                + " bytes, must have the announced "
                + totalBytes
                + "; send it again");
      }
      if (!actual.equals(sha256)) {
        return Sessions.refuse(
            Refusal.Reason.WRONG_DIGEST,
            "update does not have the announced SHA-256; send it again from offset 0");
      }
      sessions.cut(Stage.INPUT, Cut.Moment.BEFORE_COMMIT);
      return live.log().append(key, update, actual).thenApply(this::settle);
    }

    /** Begins or continues an update that comes in chunks. */
    public CompletionStage<UploadStart> resume() {
      return live.log().resume(key, totalBytes, sha256);
    }

    /** A chunk has come that is not the last: the device is slow, but there. */
    public void goesOn() {
      sessions.heard(live);
    }

    /** The client's answer to the log's, recording the contribution. */
    public SubmitOutcome settle(Acceptance acceptance) {
      if (acceptance instanceof Refused refused) {
        return refusal(refused);
      }
      sessions.cut(Stage.INPUT, Cut.Moment.AFTER_COMMIT);
      sessions.heard(live);
      live.facts().recordContributed(key.client(), totalBytes);
      return sessions.durable(live, key.client());
    }

    /** The client's answer to a refused chunk or record. */
    public Refusal refusal(Refused refused) {
      return Sessions.refusal(refused);
    }
  }
}
