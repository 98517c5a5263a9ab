package io.tacit.coordinator.aggregation;

/**
 * A record or chunk that was not stored; nothing changed, unless the reason says so.
 *
 * @param reason for programs
 * @param detail for people: what, the value, the allowed range, what to do; no data of any client
 */
public record Refused(Reason reason, String detail) implements Acceptance, ChunkOutcome {

  /** Why. */
  public enum Reason {
    /** The same key is durable, or on its way, with other bytes. */
    OTHER_BYTES,
    /** The stage was frozen. */
    STAGE_CLOSED,
    /** The session was dropped. */
    SESSION_CLOSED,
    /** Empty, beyond the limit, not ending where announced, or the upload is not complete yet. */
    WRONG_LENGTH,
    /** The whole has not the announced SHA-256; what was held of it is gone. */
    WRONG_DIGEST,
    /** The chunk begins neither at 0 nor where the bytes held end. */
    WRONG_OFFSET,
    /** A newer stream took over, or the upload has expired. */
    SUPERSEDED,
    /** A queue or the room for partial uploads is full: try again later. */
    BUSY
  }
}
