package io.tacit.client.connection;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tacit.protocol.ProtocolVersion;
import org.jspecify.annotations.Nullable;

/**
 * Says our protocol version with every call and checks the one of the answer before any message of
 * it is read.
 */
final class ProtocolVersionInterceptor implements ClientInterceptor {

  static final Metadata.Key<String> VERSION =
      Metadata.Key.of(ProtocolVersion.METADATA_KEY, Metadata.ASCII_STRING_MARSHALLER);

  private static final String OURS = String.valueOf(ProtocolVersion.CURRENT);

  /** Marks a status as a mismatch of versions. */
  static final class Mismatch extends Exception {

    private static final long serialVersionUID = 1;

    Mismatch(@Nullable String theirs) {
      super(
          theirs == null
              ? "the answer names no Tacit protocol version, this client speaks version "
                  + OURS
                  + "; check that host and port are those of a Tacit coordinator"
              : "the coordinator speaks Tacit protocol version "
                  + theirs
                  + ", this client version "
                  + OURS
                  + "; update the older of the two");
    }
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<Q, A>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        headers.put(VERSION, OURS);
        super.start(new VersionChecked<>(listener, this), headers);
      }
    };
  }

  private static final class VersionChecked<A> extends SimpleForwardingClientCallListener<A> {

    private final ClientCall<?, A> call;
    private boolean hasHeaders;
    private @Nullable Mismatch mismatch;

    VersionChecked(ClientCall.Listener<A> listener, ClientCall<?, A> call) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onHeaders(Metadata headers) {
      hasHeaders = true;
      if (OURS.equals(headers.get(VERSION))) {
        super.onHeaders(headers);
      } else {
        mismatch = new Mismatch(headers.get(VERSION));
        call.cancel(mismatch.getMessage(), mismatch);
      }
    }

    @Override
    public void onMessage(A message) {
      if (mismatch == null) {
        super.onMessage(message);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      String theirs = trailers.get(VERSION);
      // An answer of trailers only: a refusal. Without a version it may be of a proxy or our own.
      if (!hasHeaders && theirs != null && !OURS.equals(theirs)) {
        mismatch = new Mismatch(theirs);
      }
      super.onClose(
          mismatch == null ? status : Status.FAILED_PRECONDITION.withCause(mismatch), trailers);
    }
  }
}
