package io.tacit.client.connection;

/** The answer to an advertisement: a place on the roster, or why there is none. */
public sealed interface SubmitOutcome permits SubmitOutcome.Joined, Refusal {

  /**
   * The device is on the roster, durably.
   *
   * @param ticket what it shows in later calls of the session
   */
  record Joined(Ticket ticket) implements SubmitOutcome {}
}
