package io.tacit.coordinator.service.rpc;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.grpc.MetricCollectingServerInterceptor;
import io.quarkus.runtime.LaunchMode;
import io.tacit.protocol.WireLimits;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * What devices call: gRPC-Java's own server on a port of its own (docs/adr/0024), with the services
 * that the process has.
 */
@Singleton
public class GrpcServer {

  private static final Logger LOG = Logger.getLogger(GrpcServer.class);

  /** Calls get this long to end when the service stops; those that wait for a round do not. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

  /** Whoever opens a connection and then says nothing is not waited for. */
  private static final Duration HANDSHAKE_WITHIN = Duration.ofSeconds(10);

  /** Whoever calls nothing for so long connects again. */
  private static final Duration IDLE_AT_MOST = Duration.ofMinutes(5);

  /** Calls of one connection at a time: a phone has one or two, a load generator thousands. */
  private static final int CALLS_PER_CONNECTION_MAX = 5_000;

  /** Names and values of the headers of one call together, as HTTP/2 counts them. */
  private static final int METADATA_BYTES_MAX = 8 * 1024;

  private final InetSocketAddress address;
  private final boolean encrypted;
  private final Server server;

  @Inject
  GrpcServer(
      GrpcServerSettings settings,
      CertifiedDevices devices,
      DeviceServices services,
      MeterRegistry metrics) {
    this.address = new InetSocketAddress(settings.host(), settings.port());
    this.encrypted = settings.keys().isPresent();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .handshakeTimeout(HANDSHAKE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionIdle(IDLE_AT_MOST.toMillis(), TimeUnit.MILLISECONDS)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .maxInboundMetadataSize(METADATA_BYTES_MAX)
            .maxInboundMessageSize(WireLimits.MESSAGE_BYTES_MAX)
            // No service blocks: each runs on the event loop of its connection.
            .directExecutor();
    // The one added last sees a call first, and its answer last.
    builder
        .intercept(new PeerAddress())
        .intercept(new ProtocolVersionInterceptor())
        .intercept(new StatusConformanceInterceptor(LaunchMode.current()))
        .intercept(new MetricCollectingServerInterceptor(metrics));
    settings
        .keys()
        .ifPresent(
            keys ->
                builder.sslContext(
                    settings.clientCertificates() ? keys.context(devices) : keys.context()));
    services.definitions().forEach(builder::addService);
    this.server = builder.build();
  }

  /**
   * Listens.
   *
   * @throws UncheckedIOException if it can not, e.g. because another process has the port
   */
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "gRPC can not listen on %s:%d: %s; stop what has this port, or set tacit.grpc.port"
              .formatted(
                  address.getHostString(),
                  address.getPort(),
                  e.getCause() == null ? e.getMessage() : e.getCause().getMessage()),
          e);
    }
    LOG.infof(
        "gRPC listens on %s:%d, %s",
        address.getHostString(), server.getPort(), encrypted ? "TLS 1.3" : "unencrypted");
  }

  /** The port that it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Takes no new calls, and ends those that are not answered within a few seconds. */
  public void stop() {
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow().awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
