package io.tacit.client.connection;

/** The answer to a signed message: it is durable, or why it was not stored. */
public sealed interface SubmitOutcome permits SubmitOutcome.Joined, SubmitOutcome.Stored, Refusal {

  /**
   * The device is on the roster, durably.
   *
   * @param ticket what it shows in later calls of the session
   */
  record Joined(Ticket ticket) implements SubmitOutcome {}

  /** The message of a later stage is durable. */
  record Stored() implements SubmitOutcome {}
}
