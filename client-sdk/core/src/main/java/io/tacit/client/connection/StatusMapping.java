package io.tacit.client.connection;

import io.grpc.Metadata;
import io.grpc.Status;
import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.protocol.ProtocolVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a gRPC status means to a device. */
final class StatusMapping {

  private static final Metadata.Key<String> REASON =
      Metadata.Key.of(ProtocolVersion.REASON_KEY, Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> RETRY_AFTER =
      Metadata.Key.of(ProtocolVersion.RETRY_AFTER_KEY, Metadata.ASCII_STRING_MARSHALLER);

  /** A coordinator may not send a device away for longer. */
  private static final long RETRY_AFTER_MILLIS_MAX = Duration.ofDays(1).toMillis();

  private StatusMapping() {}

  /**
   * The exception of a failed call.
   *
   * @param status not OK
   * @param trailers of the answer, null if there was none
   */
  static ConnectionException toException(Status status, @Nullable Metadata trailers) {
    Throwable cause = status.getCause();
    if (cause instanceof ProtocolVersionInterceptor.Mismatch) {
      return new ConnectionException(
          Reason.PROTOCOL_MISMATCH, String.valueOf(cause.getMessage()), null, cause);
    }
    if (cause instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
      return new ConnectionException(
          Reason.INTERRUPTED, "the call was interrupted; it may be repeated", null, cause);
    }
    String reason = trailers == null ? null : trailers.get(REASON);
    return new ConnectionException(
        reason(status.getCode(), reason),
        describe(status, reason),
        trailers == null ? null : retryAfter(trailers.get(RETRY_AFTER)),
        cause);
  }

  private static Reason reason(Status.Code code, @Nullable String reason) {
    return switch (code) {
      case DEADLINE_EXCEEDED -> Reason.DEADLINE;
      // Without a reason it is a message above a size limit: no use in repeating it.
      case RESOURCE_EXHAUSTED -> reason == null ? Reason.REJECTED : Reason.TOO_BUSY;
      case UNAVAILABLE, CANCELLED, ABORTED -> Reason.UNAVAILABLE;
      case INTERNAL, UNKNOWN, DATA_LOSS -> Reason.SERVER_BUG;
      case OK,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          UNIMPLEMENTED ->
          Reason.REJECTED;
      // Another login helps, which the next try makes.
      case UNAUTHENTICATED -> isStale(reason) ? Reason.UNAVAILABLE : Reason.NOT_ADMITTED;
    };
  }

  /** Whether the trailers say that the call failed for its token alone. */
  static boolean isTokenStale(@Nullable Metadata trailers) {
    return trailers != null && isStale(trailers.get(REASON));
  }

  private static boolean isStale(@Nullable String reason) {
    return "TOKEN_EXPIRED".equals(reason) || "TOKEN_INVALID".equals(reason);
  }

  private static String describe(Status status, @Nullable String reason) {
    String description = status.getDescription();
    return "coordinator answered "
        + status.getCode()
        + (reason == null ? "" : " (" + reason + ")")
        + (description == null ? "" : ": " + description);
  }

  private static @Nullable Duration retryAfter(@Nullable String millis) {
    if (millis == null || !millis.matches("\\d{1,18}")) {
      return null;
    }
    return Duration.ofMillis(Math.min(Long.parseLong(millis), RETRY_AFTER_MILLIS_MAX));
  }
}
