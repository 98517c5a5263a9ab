package io.tacit.coordinator.sessions;

/**
 * A record that was not stored.
 *
 * @param reason for machines
 * @param detail for people: what, the value, the allowed range, what to do; no secret, no data
 */
public record Refusal(Reason reason, String detail) implements SubmitOutcome, AwaitOutcome {

  /** Why; numbered as in {@code tacit.v1.RefusalReason}. */
  public enum Reason {
    SESSION_UNKNOWN,
    STAGE_CLOSED,
    ROSTER_FULL,
    NOT_ON_ROSTER,
    BAD_SIGNATURE,
    OTHER_BYTES,
    WRONG_LENGTH,
    WRONG_DIGEST,
    WRONG_OFFSET,
    SUPERSEDED
  }
}
