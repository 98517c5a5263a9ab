package io.tacit.coordinator.service.rpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tacit.coordinator.aggregation.UpdateLogUnavailableException;
import io.tacit.coordinator.database.DatabaseUnavailableException;
import io.tacit.coordinator.models.ArtifactStorageException;
import io.tacit.coordinator.rounds.BusyException;
import io.tacit.protocol.ProtocolVersion;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/** The statuses of the contract's table (tacit/v1/README.md); each says who is at fault. */
final class RpcStatus {

  private static final Logger LOG = Logger.getLogger(RpcStatus.class);

  static final Metadata.Key<String> PROTOCOL = key(ProtocolVersion.METADATA_KEY);
  static final Metadata.Key<String> REASON = key(ProtocolVersion.REASON_KEY);
  static final Metadata.Key<String> RETRY_AFTER = key(ProtocolVersion.RETRY_AFTER_KEY);

  private static final String RETRY_BUSY_MILLIS = "1000";
  private static final String RETRY_STORAGE_MILLIS = "5000";

  /** The reasons that may stand beside each status. */
  static final Map<Status.Code, String> DOCUMENTED =
      Map.of(
          Status.Code.FAILED_PRECONDITION, "PROTOCOL_VERSION",
          Status.Code.INVALID_ARGUMENT, "MALFORMED",
          Status.Code.RESOURCE_EXHAUSTED, "BUSY",
          Status.Code.UNAVAILABLE, "STORAGE",
          Status.Code.INTERNAL, "BUG");

  private RpcStatus() {}

  /** The client speaks another version of the protocol. */
  static StatusRuntimeException protocolVersion(String theirs) {
    return status(
        Status.FAILED_PRECONDITION,
        "client speaks protocol version "
            + theirs
            + ", this coordinator speaks "
            + ProtocolVersion.CURRENT
            + "; update the older side",
        null);
  }

  /** A field is not of its form: a bug of the client. */
  static StatusRuntimeException malformed(String description) {
    return status(Status.INVALID_ARGUMENT, description, null);
  }

  /** A limit is reached: the client waits. */
  static StatusRuntimeException busy(String description) {
    return status(Status.RESOURCE_EXHAUSTED, description, RETRY_BUSY_MILLIS);
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
        || cause instanceof ArtifactStorageException) {
      // One line: the conductor logs the whole failure, and a full disk fails many calls.
      LOG.warnf("STORAGE: a call failed: %s", cause);
      return status(
          Status.UNAVAILABLE,
          "the coordinator's storage is not available; nothing was stored; try again",
          RETRY_STORAGE_MILLIS);
    }
    String incident = UUID.randomUUID().toString();
    LOG.errorf(cause, "Incident %s", incident);
    return status(Status.INTERNAL, "incident " + incident, null);
  }

  private static StatusRuntimeException status(
      Status status, String description, @org.jspecify.annotations.Nullable String retryAfter) {
    Metadata trailers = new Metadata();
    trailers.put(REASON, DOCUMENTED.get(status.getCode()));
    if (retryAfter != null) {
      trailers.put(RETRY_AFTER, retryAfter);
    }
    return status.withDescription(description).asRuntimeException(trailers);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
