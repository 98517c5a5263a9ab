package io.tacit.coordinator.service.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.runtime.LaunchMode;
import java.util.Objects;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Keeps the written contract: a status that its table does not list never leaves the server. In
 * production it becomes INTERNAL with an incident number; in tests it becomes a failure that no
 * test can overlook.
 */
final class StatusConformanceInterceptor implements ServerInterceptor {

  private static final Logger LOG = Logger.getLogger(StatusConformanceInterceptor.class);

  private final LaunchMode mode;

  StatusConformanceInterceptor(LaunchMode mode) {
    this.mode = mode;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            if (isDocumented(status, trailers)) {
              super.close(status, trailers);
            } else {
              closeUndocumented(delegate(), status);
            }
          }
        },
        headers);
  }

  static boolean isDocumented(Status status, Metadata trailers) {
    return switch (status.getCode()) {
      // Made by the client's own side or by the transport, not by us.
      case OK, CANCELLED, UNIMPLEMENTED, DEADLINE_EXCEEDED -> true;
      default -> {
        Set<String> reasons = RpcStatus.DOCUMENTED.getOrDefault(status.getCode(), Set.of());
        String reason = trailers.get(RpcStatus.REASON);
        yield reason != null && reasons.contains(reason);
      }
    };
  }

  private void closeUndocumented(ServerCall<?, ?> call, Status status) {
    String method = call.getMethodDescriptor().getFullMethodName();
    LOG.errorf(
        status.getCause(),
        "Undocumented status %s left %s; add it to tacit/v1/README.md or answer as it says",
        status,
        method);
    StatusRuntimeException replaced =
        RpcStatus.of(new IllegalStateException("undocumented status " + status, status.getCause()));
    Status shown = replaced.getStatus();
    if (mode == LaunchMode.TEST) {
      shown = shown.withDescription("UNDOCUMENTED STATUS " + status.getCode() + " from " + method);
    }
    call.close(shown, Objects.requireNonNull(replaced.getTrailers()));
  }
}
