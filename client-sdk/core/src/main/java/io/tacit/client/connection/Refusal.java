package io.tacit.client.connection;

/**
 * The coordinator did not store the message; nothing changed.
 *
 * @param reason for code
 * @param detail for people
 */
public record Refusal(Reason reason, String detail)
    implements SubmitOutcome, UploadOutcome, UploadStatus, AwaitOutcome {

  /** Why the coordinator refused; the duties of a device stand beside {@code RefusalReason}. */
  public enum Reason {
    /** A reason of a newer coordinator: leave the session. */
    OTHER,
    /** No such session: poll again. */
    SESSION_UNKNOWN,
    /** The session does not take this stage (any more): leave it. */
    STAGE_CLOSED,
    /** The roster is full: poll again. */
    ROSTER_FULL,
    /** The device is not on the roster: leave the session. */
    NOT_ON_ROSTER,
    /** Context or signature does not verify: do not repeat. */
    BAD_SIGNATURE,
    /** Other bytes were handed in before: do not repeat. */
    OTHER_BYTES,
    /** The update has not the model's length: fetch plan and model again. */
    WRONG_LENGTH,
    /** The bytes that arrived have another hash: send from 0 again. */
    WRONG_DIGEST,
    /** The chunk did not begin where the coordinator stands: ask for the status. */
    WRONG_OFFSET,
    /** A newer stream of this device took over the upload. */
    SUPERSEDED
  }
}
