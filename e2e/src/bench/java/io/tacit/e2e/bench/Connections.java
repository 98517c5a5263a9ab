package io.tacit.e2e.bench;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.tacit.protocol.ProtocolVersion;
import io.tacit.protocol.v1.RoundsGrpc;
import java.util.ArrayList;
import java.util.List;

/** The generator's connections to one server. */
final class Connections implements AutoCloseable {

  /** Two for each core: one connection is one event loop on either side. */
  private static final int COUNT = 4;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<RoundsGrpc.RoundsStub> stubs = new ArrayList<>();

  Connections(int port) {
    Metadata version = new Metadata();
    version.put(
        Metadata.Key.of(ProtocolVersion.METADATA_KEY, Metadata.ASCII_STRING_MARSHALLER),
        Integer.toString(ProtocolVersion.CURRENT));
    for (int i = 0; i < COUNT; i++) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("localhost", port)
              .usePlaintext()
              .directExecutor()
              .disableRetry()
              .build();
      channels.add(channel);
      stubs.add(
          RoundsGrpc.newStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(version)));
    }
  }

  /** The same connection for the same index. */
  RoundsGrpc.RoundsStub stub(int index) {
    return stubs.get(index % COUNT);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
