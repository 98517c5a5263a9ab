package io.tacit.coordinator.aggregation;

import io.tacit.protocol.Stage;

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

  static Refused otherBytes(Stage stage) {
    return new Refused(
        Reason.OTHER_BYTES,
        "Other bytes of this client for stage " + stage + " are stored already; do not repeat.");
  }

  static Refused stageClosed(Stage stage) {
    return new Refused(
        Reason.STAGE_CLOSED, "Stage " + stage + " is closed; take part in another session.");
  }

  static Refused sessionClosed() {
    return new Refused(Reason.SESSION_CLOSED, "The session is over; take part in another one.");
  }

  static Refused payloadLength(long bytes, long bytesMax) {
    return new Refused(
        Reason.WRONG_LENGTH, "Payload has " + bytes + " bytes, must have 1 to " + bytesMax + ".");
  }

  static Refused tooLong(long bytes, long totalBytes) {
    return new Refused(
        Reason.WRONG_LENGTH,
        "Chunk ends at byte "
            + bytes
            + ", but "
            + totalBytes
            + " were announced; start again with the right length.");
  }

  static Refused incomplete(long bytes, long totalBytes) {
    return new Refused(
        Reason.WRONG_LENGTH,
        "Only " + bytes + " of " + totalBytes + " bytes have arrived; send the rest.");
  }

  static Refused wrongDigest() {
    return new Refused(
        Reason.WRONG_DIGEST,
        "The bytes that arrived do not have the announced SHA-256; start again at offset 0.");
  }

  static Refused wrongOffset(long offset, long held) {
    return new Refused(
        Reason.WRONG_OFFSET,
        "Chunk begins at byte " + offset + ", must begin at " + held + " (or at 0, afresh).");
  }

  static Refused superseded() {
    return new Refused(
        Reason.SUPERSEDED,
        "A newer stream took over this upload, or it has expired; ask for its progress.");
  }

  static Refused busy(String what, int itemsMax, long bytesMax) {
    return new Refused(
        Reason.BUSY,
        "The log has no room: "
            + what
            + " may hold "
            + itemsMax
            + " items and "
            + bytesMax
            + " bytes; try again later.");
  }

  static Refused sessionFull(int recordsMax) {
    return new Refused(Reason.BUSY, "The session is full: it may hold " + recordsMax + " records.");
  }
}
