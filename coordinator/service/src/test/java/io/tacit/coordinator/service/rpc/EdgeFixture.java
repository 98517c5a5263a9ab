package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.tacit.coordinator.Coordinator;
import io.tacit.protocol.v1.ArtifactsGrpc;
import io.tacit.protocol.v1.DownloadChunk;
import io.tacit.protocol.v1.DownloadRequest;
import io.tacit.protocol.v1.RoundsGrpc;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract as a device meets it: real calls over a real connection to the real service. */
abstract class EdgeFixture {

  static final Metadata.Key<String> PROTOCOL = RpcStatus.PROTOCOL;

  @Inject Coordinator coordinator;
  @Inject GrpcServer server;

  ManagedChannel connection;
  Channel channel;
  final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();

  @BeforeEach
  void connect() {
    connection =
        ManagedChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    channel =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(protocol("1")), keepHeaders());
  }

  @AfterEach
  void disconnect() throws InterruptedException {
    connection.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  static Metadata protocol(String version) {
    Metadata metadata = new Metadata();
    metadata.put(PROTOCOL, version);
    return metadata;
  }

  ClientInterceptor keepHeaders() {
    return new ClientInterceptor() {
      @Override
      public <Q, A> ClientCall<Q, A> interceptCall(
          MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
          @Override
          public void start(Listener<A> listener, Metadata sent) {
            super.start(
                new SimpleForwardingClientCallListener<>(listener) {
                  @Override
                  public void onHeaders(Metadata received) {
                    headers.add(received);
                    super.onHeaders(received);
                  }
                },
                sent);
          }
        };
      }
    };
  }

  GrpcDevice device(String population) {
    return new GrpcDevice(RoundsGrpc.newStub(channel), population);
  }

  static void assertMalformed(String text, Callable<?> call) {
    StatusRuntimeException refusal = refused(call);
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getStatus().getDescription()).startsWith(text);
    assertThat(refusal.getTrailers().get(RpcStatus.REASON)).isEqualTo("MALFORMED");
  }

  static StatusRuntimeException refused(Callable<?> call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::call);
  }

  List<DownloadChunk> download(DownloadRequest request) {
    Iterator<DownloadChunk> chunks = ArtifactsGrpc.newBlockingStub(channel).download(request);
    List<DownloadChunk> all = new ArrayList<>();
    chunks.forEachRemaining(all::add);
    return all;
  }
}
