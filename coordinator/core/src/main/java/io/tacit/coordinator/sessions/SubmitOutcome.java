package io.tacit.coordinator.sessions;

/** What became of a stage message or an update. */
public sealed interface SubmitOutcome permits SubmitOutcome.Durable, Refusal {

  /**
   * It is durable, now or since an earlier try.
   *
   * @param ticket 32 bytes that the client shows in its further calls of this session; secret
   */
  record Durable(byte[] ticket) implements SubmitOutcome {

    @Override
    public String toString() {
      return "Durable";
    }
  }
}
