package io.tacit.client;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a client is, in words for people: what happens, and what to do if something must be done. */
public final class ClientStatus {

  /** How it is, for code. */
  public enum State {
    /** The files of the device are being opened. */
    STARTING,
    /** Recommendations work. */
    READY,
    /** All is well, but there is no model yet. */
    WAITING_FOR_MODEL,
    /** It takes part in a round. */
    PARTICIPATING,
    /** The person or the app has paused it. */
    PAUSED,
    /** The coordinator can not be reached; the client tries again. */
    OFFLINE,
    /** It does not get on by itself: somebody must do something. */
    NEEDS_ATTENTION,
    /** It is closed. */
    CLOSED
  }

  private final State state;
  private final String message;
  private final String remedy;
  private final List<String> findings;

  private ClientStatus(State state, String message, String remedy, List<String> findings) {
    this.state = state;
    this.message = message;
    this.remedy = remedy;
    this.findings = findings;
  }

  static ClientStatus fine(State state, String message) {
    return of(state, message, "");
  }

  static ClientStatus of(State state, String message, String remedy) {
    return new ClientStatus(state, message, remedy, List.of());
  }

  ClientStatus withFindings(List<String> found) {
    return new ClientStatus(state, message, remedy, List.copyOf(found));
  }

  /** How it is, for code. */
  public State state() {
    return state;
  }

  /** What happens, for people. */
  public String message() {
    return message;
  }

  /** What to do, for people; empty if nothing. */
  public String remedy() {
    return remedy;
  }

  /**
   * What was found wrong with the device's files when they were opened, a sentence for each, with
   * the reason and what is lost by it; empty if nothing was. The client goes on without it.
   * Unmodifiable.
   */
  public List<String> findings() {
    return findings;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientStatus that
        && state == that.state
        && message.equals(that.message)
        && remedy.equals(that.remedy)
        && findings.equals(that.findings);
  }

  @Override
  public int hashCode() {
    return Objects.hash(state, message, remedy, findings);
  }

  @Override
  public String toString() {
    return state + ": " + message + (remedy.isEmpty() ? "" : " " + remedy);
  }
}
