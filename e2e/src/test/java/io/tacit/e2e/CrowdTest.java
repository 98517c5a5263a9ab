package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.Membership;
import io.tacit.client.connection.PinnedTrust;
import io.tacit.client.connection.Upload;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadHeader;
import io.tacit.protocol.v1.UploadResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crowds that mean to keep others out of the packaged coordinator. */
class CrowdTest {

  private static final int CONNECTIONS = 5_000;
  private static final int HONEST_CALLS = 200;
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final Metadata.Key<String> PROTOCOL =
      Metadata.Key.of("tacit-protocol", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> REASON =
      Metadata.Key.of("tacit-reason", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir Path directory;

  @Test
  void connections_that_begin_a_handshake_and_fall_silent_keep_nobody_out() throws Exception {
    List<SocketChannel> silent = new ArrayList<>();
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      for (int i = 0; i < CONNECTIONS; i++) {
        int port = i % 2 == 0 ? coordinator.process().grpcPort() : coordinator.process().httpPort();
        silent.add(beginHandshake(port));
      }

      long[] nanos = new long[HONEST_CALLS];
      for (int i = 0; i < HONEST_CALLS; i++) {
        long begun = System.nanoTime();
        // A connection of its own each: it must be let in beside the crowd, not before it.
        try (CoordinatorConnection connection = coordinator.connect()) {
          assertThat(connection.currentModels("nobody", Set.of("tabular"))).isEmpty();
        }
        nanos[i] = System.nanoTime() - begun;
      }
      assertThat(coordinator.api().plans()).isEmpty();
      Arrays.sort(nanos);
      System.out.printf(
          "beside %,d silent connections: %d honest ones, median %.1f ms, longest %.1f ms%n",
          CONNECTIONS, HONEST_CALLS, nanos[HONEST_CALLS / 2] / 1e6, nanos[HONEST_CALLS - 1] / 1e6);

      for (SocketChannel connection : silent) {
        assertThat(isEndedByServer(connection)).isTrue();
      }
    } finally {
      for (SocketChannel connection : silent) {
        connection.close();
      }
    }
  }

  /** The head of a TLS record that announces more than it brings. */
  private static SocketChannel beginHandshake(int port) throws IOException {
    SocketChannel connection = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    connection.write(ByteBuffer.wrap(new byte[] {0x16, 3, 1, 1, 0}));
    return connection;
  }

  /** Waits until it is. */
  private static boolean isEndedByServer(SocketChannel connection) {
    try {
      connection.socket().setSoTimeout((int) WITHIN.toMillis());
      InputStream in = connection.socket().getInputStream();
      int read = in.read();
      while (read >= 0) {
        read = in.read(); // An alert may come first.
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // Reset.
    }
  }

  @Test
  void uploads_that_never_begin_take_the_places_of_others_for_a_moment_only() throws Exception {
    try (RunningCoordinator coordinator =
        new RunningCoordinator(
            directory, Map.of("tacit.streams-max", "20", "tacit.stream-idle", "5s"))) {
      ManagedChannel channel = channel(coordinator);
      try (CoordinatorConnection honest = coordinator.connect()) {
        List<CompletableFuture<Answer>> crowd = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          crowd.add(begin(channel, version()));
        }
        RunningCoordinator.await("all places to be taken", WITHIN, () -> isBusy(honest));

        // Others than those who want a place notice nothing.
        assertThat(honest.currentModels("nobody", Set.of("tabular"))).isEmpty();

        for (CompletableFuture<Answer> one : crowd) {
          Answer answer = one.get(WITHIN.toSeconds(), TimeUnit.SECONDS);
          assertThat(answer.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
          assertThat(answer.trailers().get(REASON)).isEqualTo("BUSY");
        }
        assertThat(isBusy(honest)).isFalse();
      } finally {
        channel.shutdownNow();
      }
    }
  }

  /** Slow loris: never silent for as long as an upload may stand still, and never done. */
  @Test
  void an_upload_that_drips_is_ended_and_its_device_can_begin_again() throws Exception {
    TrainingPlan plan = OneRoundPlan.of(1, 40);
    try (RunningCoordinator coordinator =
        new RunningCoordinator(
            directory, Map.of("tacit.streams-max", "1", "tacit.stream-idle", "4s"))) {
      coordinator.apply(plan);
      ManagedChannel channel = channel(coordinator);
      try (CoordinatorConnection honest = coordinator.connect();
          Drip drip = new Drip(channel)) {
        ScriptedDevice device = new ScriptedDevice(honest, plan, 1);
        device.join();
        device.awaitAfter(Stage.ADVERTISE);
        Upload upload = device.update();
        drip.begin(header(device.membership(), upload), upload);
        RunningCoordinator.await("its place to be taken", WITHIN, () -> isBusy(honest));
        assertThat(honest.currentModels("nobody", Set.of("tabular"))).isEmpty();

        Answer answer = drip.answer().get(WITHIN.toSeconds(), TimeUnit.SECONDS);

        assertThat(answer.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(answer.status().getDescription())
            .contains("moved less than 1024 bytes a second");
        assertThat(drip.bytes()).as("bytes, one by one").isBetween(10, upload.size() - 1);
        assertThat(isBusy(honest)).isFalse();
        device.upload();
        assertThat(device.awaitAfter(Stage.INPUT).stage()).isEqualTo(Stage.COMPLETED);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static UploadHeader header(Membership membership, Upload upload) {
    return UploadHeader.newBuilder()
        .setSessionId(ByteString.copyFrom(membership.session().toBytes()))
        .setClientId(ByteString.copyFrom(membership.client().toBytes()))
        .setTicket(ByteString.copyFrom(membership.ticket().toBytes()))
        .setTotalBytes(upload.size())
        .setSha256(ByteString.copyFrom(upload.hash().toBytes()))
        .build();
  }

  /** Sends an upload byte by byte, five a second. */
  private static final class Drip implements AutoCloseable {

    private static final long PAUSE_MILLIS = 200;

    private final ClientCall<UploadChunk, UploadResponse> call;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final AtomicInteger bytes = new AtomicInteger();
    private final ScheduledExecutorService tap = Executors.newSingleThreadScheduledExecutor();

    Drip(ManagedChannel channel) {
      this.call = channel.newCall(RoundsGrpc.getUploadMethod(), CallOptions.DEFAULT);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // goes on until this is closed
    void begin(UploadHeader header, Upload upload) {
      start(call, version(), answer);
      tap.scheduleAtFixedRate(
          () -> {
            int at = bytes.getAndIncrement();
            UploadChunk.Builder chunk = UploadChunk.newBuilder();
            if (at == 0) {
              chunk.setHeader(header);
            }
            call.sendMessage(
                chunk.setData(ByteString.copyFrom(upload.bytes().slice(at, 1))).build());
          },
          0,
          PAUSE_MILLIS,
          TimeUnit.MILLISECONDS);
    }

    CompletableFuture<Answer> answer() {
      return answer;
    }

    int bytes() {
      return bytes.get();
    }

    @Override
    public void close() {
      tap.shutdownNow();
    }
  }

  @Test
  void headers_of_any_size_are_refused_and_the_port_goes_on() throws Exception {
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      ManagedChannel channel = channel(coordinator);
      try (CoordinatorConnection honest = coordinator.connect()) {
        assertThat(malformedUpload(channel, 1).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        for (int kilobytes : List.of(9, 100, 1_000)) {
          assertThat(malformedUpload(channel, kilobytes).getCode())
              .as("%s KB", kilobytes)
              .isNotIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT);
          assertThat(honest.currentModels("nobody", Set.of("tabular"))).isEmpty();
        }
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static Status malformedUpload(ManagedChannel channel, int kilobytes) throws Exception {
    Metadata headers = version();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "x".repeat(1024 * kilobytes));
    return begin(channel, headers, UploadChunk.getDefaultInstance())
        .get(WITHIN.toSeconds(), TimeUnit.SECONDS)
        .status();
  }

  /** Whether a download finds no place. */
  private static boolean isBusy(CoordinatorConnection connection) {
    ConnectionException busy =
        catchThrowableOfType(
            ConnectionException.class,
            () ->
                connection.download(
                    ContentHash.of(new byte[1]), 0, 100, Duration.ofSeconds(20), bytes -> {}));
    return busy != null && busy.reason() == ConnectionException.Reason.TOO_BUSY;
  }

  private static ManagedChannel channel(RunningCoordinator coordinator) throws IOException {
    try (InputStream authority = Files.newInputStream(coordinator.process().authority())) {
      return OkHttpChannelBuilder.forAddress("localhost", coordinator.process().grpcPort())
          .tlsConnectionSpec(new String[] {"TLSv1.3"}, new String[] {"TLS_AES_128_GCM_SHA256"})
          .sslSocketFactory(PinnedTrust.socketFactory(authority))
          .build();
    }
  }

  private static Metadata version() {
    Metadata metadata = new Metadata();
    metadata.put(PROTOCOL, "1");
    return metadata;
  }

  /** Opens an upload and sends these chunks, and not its end. */
  private static CompletableFuture<Answer> begin(
      ManagedChannel channel, Metadata headers, UploadChunk... chunks) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    ClientCall<UploadChunk, UploadResponse> call =
        channel.newCall(RoundsGrpc.getUploadMethod(), CallOptions.DEFAULT);
    start(call, headers, answer);
    for (UploadChunk chunk : chunks) {
      call.sendMessage(chunk);
    }
    return answer;
  }

  private static void start(
      ClientCall<UploadChunk, UploadResponse> call,
      Metadata headers,
      CompletableFuture<Answer> answer) {
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            answer.complete(new Answer(status, trailers));
          }
        },
        headers);
    call.request(1);
  }

  private record Answer(Status status, Metadata trailers) {}
}
