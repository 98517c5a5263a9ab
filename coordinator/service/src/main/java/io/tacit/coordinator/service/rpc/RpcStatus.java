package io.tacit.coordinator.service.rpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tacit.coordinator.aggregation.UpdateLogUnavailableException;
import io.tacit.coordinator.database.DatabaseUnavailableException;
import io.tacit.coordinator.models.ArtifactStorageException;
import io.tacit.coordinator.service.access.TokenFault;
import io.tacit.coordinator.sessions.BusyException;
import io.tacit.enrolment.EnrolmentDatabaseException;
import io.tacit.protocol.ProtocolVersion;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The statuses of the contract's table (tacit/v1/README.md); each says who is at fault. */
final class RpcStatus {

  private static final Logger LOG = Logger.getLogger(RpcStatus.class);

  static final Metadata.Key<String> PROTOCOL = key(ProtocolVersion.METADATA_KEY);
  static final Metadata.Key<String> REASON = key(ProtocolVersion.REASON_KEY);
  static final Metadata.Key<String> RETRY_AFTER = key(ProtocolVersion.RETRY_AFTER_KEY);

  private static final String RETRY_BUSY_MILLIS = "1000";
  private static final String RETRY_STORAGE_MILLIS = "5000";

  static final Metadata.Key<String> TOKEN = key(ProtocolVersion.TOKEN_KEY);

  /** The reasons that may stand beside each status. */
  static final Map<Status.Code, Set<String>> DOCUMENTED =
      Map.of(
          Status.Code.FAILED_PRECONDITION, Set.of("PROTOCOL_VERSION"),
          Status.Code.INVALID_ARGUMENT, Set.of("MALFORMED"),
          Status.Code.UNAUTHENTICATED,
              Arrays.stream(TokenFault.values()).map(Enum::name).collect(Collectors.toSet()),
          Status.Code.RESOURCE_EXHAUSTED, Set.of("BUSY"),
          Status.Code.UNAVAILABLE, Set.of("STORAGE"),
          Status.Code.INTERNAL, Set.of("BUG"));

  private RpcStatus() {}

  /** The client speaks another version of the protocol. */
  static StatusRuntimeException protocolVersion(String theirs) {
    return status(
        Status.FAILED_PRECONDITION,
        "PROTOCOL_VERSION",
        "client speaks protocol version "
            + theirs
            + ", this coordinator speaks "
            + ProtocolVersion.CURRENT
            + "; update the older side",
        null);
  }

  /** A field is not of its form: a bug of the client. */
  static StatusRuntimeException malformed(String description) {
    return status(Status.INVALID_ARGUMENT, "MALFORMED", description, null);
  }

  /** The call is not one of an enrolled device for itself. */
  static StatusRuntimeException unauthenticated(TokenFault fault) {
    return status(Status.UNAUTHENTICATED, fault.name(), fault.detail(), null);
  }

  /** A limit is reached: the client waits. */
  static StatusRuntimeException busy(String description) {
    return status(Status.RESOURCE_EXHAUSTED, "BUSY", description, RETRY_BUSY_MILLIS);
  }

  /** What the answer rests on is not there: the client tries again. */
  static StatusRuntimeException storage() {
    return status(
        Status.UNAVAILABLE,
        "STORAGE",
        "the coordinator's storage is not available; nothing was stored; try again",
        RETRY_STORAGE_MILLIS);
  }

  /** Turns what went wrong into the status that the client is to see. */
  static StatusRuntimeException of(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof StatusRuntimeException status) {
      return status;
    }
    if (cause instanceof BusyException || cause instanceof RejectedExecutionException) {
      return busy("a queue of the coordinator is full; come back");
    }
    if (cause instanceof UpdateLogUnavailableException
        || cause instanceof DatabaseUnavailableException
        || cause instanceof EnrolmentDatabaseException
        || cause instanceof ArtifactStorageException) {
      // One line: the conductor logs the whole failure, and a full disk fails many calls.
      LOG.warnf("STORAGE: a call failed: %s", cause);
      return storage();
    }
    String incident = UUID.randomUUID().toString();
    LOG.errorf(cause, "Incident %s", incident);
    return status(Status.INTERNAL, "BUG", "incident " + incident, null);
  }

  private static StatusRuntimeException status(
      Status status, String reason, String description, @Nullable String retryAfter) {
    Metadata trailers = new Metadata();
    trailers.put(REASON, reason);
    if (retryAfter != null) {
      trailers.put(RETRY_AFTER, retryAfter);
    }
    return status.withDescription(description).asRuntimeException(trailers);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
