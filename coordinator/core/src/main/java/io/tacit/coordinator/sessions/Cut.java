package io.tacit.coordinator.sessions;

/**
 * A point that the process passes, where crash tests may end it.
 *
 * @param subject what is being made durable: {@code session.STATE}, {@code round.STATE} or {@code
 *     record.STAGE}
 * @param moment where in this
 */
public record Cut(String subject, Moment moment) {

  /** The moments of one durable step, in order. */
  public enum Moment {
    /** Everything is decided, nothing is written. */
    BEFORE_COMMIT,
    /** It is durable, and nobody has heard of it. */
    AFTER_COMMIT,
    /** The first of those who wait was told, the others not. */
    MID_SEND,
    /** All who wait were told. */
    AFTER_SEND
  }
}
