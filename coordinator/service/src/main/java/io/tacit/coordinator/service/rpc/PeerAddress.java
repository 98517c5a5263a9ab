package io.tacit.coordinator.service.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.tacit.protocol.v1.EnrolmentGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Tells enrolment, which counts addresses, where a call comes from. */
final class PeerAddress implements ServerInterceptor {

  private static final Context.Key<InetAddress> ADDRESS = Context.key("tacit-peer-address");

  /** The peer of the connection that the present call came over. */
  static InetAddress current() {
    return ADDRESS.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!EnrolmentGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())) {
      return next.startCall(call, headers);
    }
    SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    InetAddress address =
        peer instanceof InetSocketAddress internet
            ? internet.getAddress()
            : InetAddress.getLoopbackAddress();
    return Contexts.interceptCall(
        Context.current().withValue(ADDRESS, address), call, headers, next);
  }
}
