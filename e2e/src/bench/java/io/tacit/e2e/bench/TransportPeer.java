package io.tacit.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.Accepted;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;

/**
 * The limit of the transport: a plain gRPC server that reads uploads, checks their SHA-256, which
 * no server may leave out, and acknowledges them without storing anything.
 */
final class TransportPeer extends RoundsGrpc.RoundsImplBase {

  private static final ByteString TICKET = ByteString.copyFrom(new byte[32]);

  private TransportPeer() {}

  /** Prints its port and serves until its input ends. */
  public static void main(String[] arguments) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(WireLimits.MESSAGE_BYTES_MAX)
            .directExecutor()
            .addService(new TransportPeer())
            .build()
            .start();
    System.out.println(server.getPort());
    new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
    server.shutdownNow();
  }

  @Override
  public StreamObserver<UploadChunk> upload(StreamObserver<UploadResponse> observer) {
    return new Receiver(observer);
  }

  private static final class Receiver implements StreamObserver<UploadChunk> {

    private final StreamObserver<UploadResponse> observer;
    private final MessageDigest digest = ContentHash.newDigest();
    private ByteString announced = ByteString.EMPTY;
    private long missing;

    Receiver(StreamObserver<UploadResponse> observer) {
      this.observer = observer;
    }

    @Override
    public void onNext(UploadChunk chunk) {
      if (chunk.hasHeader()) {
        announced = chunk.getHeader().getSha256();
        missing = chunk.getHeader().getTotalBytes();
      }
      digest.update(chunk.getData().asReadOnlyByteBuffer());
      missing -= chunk.getData().size();
      if (missing == 0) {
        if (!ByteString.copyFrom(digest.digest()).equals(announced)) {
          throw new IllegalStateException("the update has not the announced SHA-256");
        }
        observer.onNext(
            UploadResponse.newBuilder()
                .setAccepted(Accepted.newBuilder().setTicket(TICKET))
                .build());
        observer.onCompleted();
      }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
