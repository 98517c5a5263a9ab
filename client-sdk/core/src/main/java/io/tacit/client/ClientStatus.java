package io.tacit.client;

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

  private ClientStatus(State state, String message, String remedy) {
    this.state = state;
    this.message = message;
    this.remedy = remedy;
  }

  static ClientStatus fine(State state, String message) {
    return new ClientStatus(state, message, "");
  }

  static ClientStatus of(State state, String message, String remedy) {
    return new ClientStatus(state, message, remedy);
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

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientStatus that
        && state == that.state
        && message.equals(that.message)
        && remedy.equals(that.remedy);
  }

  @Override
  public int hashCode() {
    return Objects.hash(state, message, remedy);
  }

  @Override
  public String toString() {
    return state + ": " + message + (remedy.isEmpty() ? "" : " " + remedy);
  }
}
