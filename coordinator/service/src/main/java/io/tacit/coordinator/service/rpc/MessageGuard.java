package io.tacit.coordinator.service.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what is no message of its method as {@code MALFORMED}, and a call that needs one message
 * and has none or two. gRPC-Java by itself answers with {@code UNKNOWN} and {@code INTERNAL}, and
 * logs each: whoever reaches the port could fill the log, and it would read as our fault.
 */
final class MessageGuard {

  private MessageGuard() {}

  static ServerServiceDefinition guard(ServerServiceDefinition service) {
    ServerServiceDefinition.Builder guarded =
        ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
    service.getMethods().forEach(method -> guarded.addMethod(guard(method)));
    return guarded.build();
  }

  private static <Q, A> ServerMethodDefinition<Received<Q>, A> guard(
      ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(
                new Marshaller<>(descriptor.getRequestMarshaller()),
                descriptor.getResponseMarshaller())
            .build(),
        (call, headers) -> start(call, headers, descriptor, method.getServerCallHandler()));
  }

  private static <Q, A> ServerCall.Listener<Received<Q>> start(
      ServerCall<Received<Q>, A> call,
      Metadata headers,
      MethodDescriptor<Q, A> method,
      ServerCallHandler<Q, A> handler) {
    // A call takes no requests in: its type of request is a name and no more.
    @SuppressWarnings("unchecked")
    RefusableCall<Q, A> refusable = new RefusableCall<>((ServerCall<Q, A>) (ServerCall<?, A>) call);
    return new Listener<>(refusable, method, handler.startCall(refusable, headers));
  }

  /** A message, or nothing where the bytes are none. */
  private record Received<Q>(@Nullable Q message) {}

  private record Marshaller<Q>(MethodDescriptor.Marshaller<Q> messages)
      implements MethodDescriptor.Marshaller<Received<Q>> {

    @Override
    public InputStream stream(Received<Q> received) {
      return messages.stream(Objects.requireNonNull(received.message()));
    }

    @Override
    public Received<Q> parse(InputStream bytes) {
      try {
        return new Received<>(messages.parse(bytes));
      } catch (StatusRuntimeException e) {
        return new Received<>(null);
      }
    }
  }

  /** Says nothing more once it is refused; its service may not have heard of that yet. */
  private static final class RefusableCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

    // Both guarded by this: services answer from other threads than those that listen.
    private boolean closed;
    private boolean refused;

    RefusableCall(ServerCall<Q, A> call) {
      super(call);
    }

    /** False if the service has answered before. */
    synchronized boolean refuse(String description) {
      if (closed) {
        return false;
      }
      refused = true;
      StatusRuntimeException refusal = RpcStatus.malformed(description);
      super.close(refusal.getStatus(), Objects.requireNonNull(refusal.getTrailers()));
      return true;
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!refused) {
        closed = true;
        super.close(status, trailers);
      }
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!refused) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(A message) {
      if (!refused) {
        super.sendMessage(message);
      }
    }
  }

  private static final class Listener<Q, A> extends ServerCall.Listener<Received<Q>> {

    private final RefusableCall<Q, A> call;
    private final MethodDescriptor<Q, A> method;
    private final ServerCall.Listener<Q> service;
    private boolean refused;
    private boolean begun;

    Listener(
        RefusableCall<Q, A> call, MethodDescriptor<Q, A> method, ServerCall.Listener<Q> service) {
      this.call = call;
      this.method = method;
      this.service = service;
    }

    @Override
    public void onMessage(Received<Q> received) {
      if (refused) {
        return;
      }
      Q message = received.message();
      if (message == null) {
        refuse("what was sent is no message of " + method.getFullMethodName());
      } else if (begun && method.getType().clientSendsOneMessage()) {
        refuse(method.getFullMethodName() + " takes one message, more were sent");
      } else {
        begun = true;
        service.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      if (!begun && method.getType().clientSendsOneMessage()) {
        refuse(method.getFullMethodName() + " takes one message, none was sent");
      }
      if (!refused) {
        service.onHalfClose();
      }
    }

    private void refuse(String description) {
      if (!refused) {
        refused = true;
        if (call.refuse(description)) {
          service.onCancel();
        }
      }
    }

    @Override
    public void onCancel() {
      if (!refused) {
        service.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (!refused) {
        service.onComplete();
      }
    }

    @Override
    public void onReady() {
      if (!refused) {
        service.onReady();
      }
    }
  }
}
