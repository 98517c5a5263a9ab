package io.tacit.client.connection;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call to the coordinator got no answer, or none that this build understands. */
public final class ConnectionException extends Exception {

  private static final long serialVersionUID = 1;

  /** What happened, and so what a device should do. */
  public enum Reason {
    /** No coordinator could be reached, or it broke off: try again later. */
    UNAVAILABLE(true),
    /** No answer within the deadline: try again later. */
    DEADLINE(true),
    /** The coordinator has too much to do: try again after {@link #retryAfter()}. */
    TOO_BUSY(true),
    /** The coordinator, or something on the way, failed at this call: a few tries, not more. */
    SERVER_BUG(true),
    /** The two sides speak different protocol versions: update one of them. */
    PROTOCOL_MISMATCH(false),
    /** The coordinator refuses this call, now and later. */
    REJECTED(false),
    /** This device has no certificate that both the coordinator and the app take. */
    NOT_ADMITTED(false),
    /** The answer breaks the contract: the coordinator, or what stands between, is faulty. */
    MALFORMED_ANSWER(false),
    /** The artifact is larger than the caller allows. */
    TOO_LARGE(false),
    /** The bytes of the artifact have another hash than they were asked for by. */
    WRONG_HASH(false),
    /** The calling thread was interrupted (its flag is set again), or the connection closed. */
    INTERRUPTED(false);

    private final boolean retryable;

    Reason(boolean retryable) {
      this.retryable = retryable;
    }
  }

  private final Reason reason;
  private final @Nullable Duration retryAfter;

  /**
   * @param reason for code
   * @param message for people: what, the value, the allowed range, what to do
   * @param retryAfter what the coordinator asks to wait, or null
   * @param cause or null
   */
  public ConnectionException(
      Reason reason, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  /** Without a time to wait or a cause. */
  public ConnectionException(Reason reason, String message) {
    this(reason, message, null, null);
  }

  /** What happened. */
  public Reason reason() {
    return reason;
  }

  /** Whether the same call may succeed later. */
  public boolean isRetryable() {
    return reason.retryable;
  }

  /** What the coordinator asks to wait before the next try. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
