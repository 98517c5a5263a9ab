package io.tacit.coordinator.service.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tacit.protocol.ProtocolVersion;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Refuses clients of another protocol version before their message is read, and tells ours. */
final class ProtocolVersionInterceptor implements ServerInterceptor {

  private static final Logger LOG = Logger.getLogger(ProtocolVersionInterceptor.class);

  private static final String OURS = Integer.toString(ProtocolVersion.CURRENT);

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String theirs = headers.get(RpcStatus.PROTOCOL);
    if (isOfTacit(call) && !OURS.equals(theirs)) {
      refuse(call, theirs == null ? "none" : shortened(theirs));
      return new ServerCall.Listener<>() {};
    }
    return next.startCall(new Answering<>(call), headers);
  }

  private static <Q, A> void refuse(ServerCall<Q, A> call, String theirs) {
    LOG.warnf(
        "PROTOCOL_VERSION: a client speaks version %s, this coordinator speaks %s; update the older"
            + " side",
        theirs, OURS);
    StatusRuntimeException refusal = RpcStatus.protocolVersion(theirs);
    Metadata trailers = Objects.requireNonNull(refusal.getTrailers());
    trailers.put(RpcStatus.PROTOCOL, OURS);
    call.close(refusal.getStatus(), trailers);
  }

  /** Health checks and the like have versions of their own. */
  private static boolean isOfTacit(ServerCall<?, ?> call) {
    return String.valueOf(call.getMethodDescriptor().getServiceName()).startsWith("tacit.");
  }

  private static String shortened(String text) {
    return text.length() <= 16 ? text : text.substring(0, 16) + "...";
  }

  /** Puts our version into every answer. */
  private static final class Answering<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private boolean headersSent;

    Answering(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void sendHeaders(Metadata headers) {
      headersSent = true;
      headers.put(RpcStatus.PROTOCOL, OURS);
      super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!headersSent) {
        trailers.put(RpcStatus.PROTOCOL, OURS);
      }
      super.close(status, trailers);
    }
  }
}
