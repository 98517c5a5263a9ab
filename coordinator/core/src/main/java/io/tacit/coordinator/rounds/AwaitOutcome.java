package io.tacit.coordinator.rounds;

/** The answer to a device that waits for its session. */
public sealed interface AwaitOutcome permits AwaitOutcome.Progress, Refusal {

  /**
   * Where the session is.
   *
   * @param state the state of its round
   */
  record Progress(RoundState state) implements AwaitOutcome {}
}
