package io.tacit.e2e.bench;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.MetadataUtils;
import io.tacit.protocol.ProtocolVersion;
import io.tacit.protocol.v1.RoundsGrpc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The generator's connections to one server. */
final class Connections implements AutoCloseable {

  /** Two for each core: one connection is one event loop on either side. */
  private static final int COUNT = 4;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<RoundsGrpc.RoundsStub> stubs = new ArrayList<>();

  private Connections(Supplier<NettyChannelBuilder> newChannel) {
    Metadata version = new Metadata();
    version.put(
        Metadata.Key.of(ProtocolVersion.METADATA_KEY, Metadata.ASCII_STRING_MARSHALLER),
        Integer.toString(ProtocolVersion.CURRENT));
    for (int i = 0; i < COUNT; i++) {
      ManagedChannel channel = newChannel.get().directExecutor().disableRetry().build();
      channels.add(channel);
      stubs.add(
          RoundsGrpc.newStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(version)));
    }
  }

  /** Without TLS. */
  static Connections plain(int port) {
    return new Connections(() -> NettyChannelBuilder.forAddress("localhost", port).usePlaintext());
  }

  /**
   * Over TLS 1.3.
   *
   * @param authority PEM of whom to trust
   */
  static Connections encrypted(int port, Path authority) throws IOException {
    SslContext context =
        GrpcSslContexts.forClient().trustManager(authority.toFile()).protocols("TLSv1.3").build();
    return new Connections(
        () -> NettyChannelBuilder.forAddress("localhost", port).sslContext(context));
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
