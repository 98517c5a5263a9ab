package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.DownloadChunk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A download goes as fast as its client takes it. */
class DownloadStreamTest {

  private static final byte[] CONTENT = new byte[4 * WireLimits.CHUNK_BYTES_MAX];

  @TempDir Path directory;

  private final SlowClient client = new SlowClient();
  private long nanos;
  private final OpenStreams streams =
      new OpenStreams(new StreamLimits(1, Duration.ofSeconds(60)), () -> nanos);

  private ContentHash start() {
    ArtifactStore artifacts = new ArtifactStore(directory);
    ContentHash hash = artifacts.put(CONTENT);
    new DownloadStream(artifacts, hash, 0, client, streams, Runnable::run).start();
    return hash;
  }

  @Test
  void reads_no_chunk_before_the_client_can_take_it() {
    client.room = 1;
    start();
    assertThat(client.chunks).hasSize(1);

    client.makeRoom(2);
    assertThat(client.chunks).hasSize(3);
    assertThat(client.completed).isFalse();

    client.makeRoom(5);
    assertThat(client.chunks).hasSize(4);
    assertThat(client.completed).isTrue();
  }

  @Test
  void stops_when_the_client_goes_away() {
    client.room = 1;
    start();

    client.cancelled = true;
    client.onCancel.run();
    client.makeRoom(5);

    assertThat(client.chunks).hasSize(1);
    assertThat(client.completed).isFalse();
    assertThat(client.failure).isNull();
  }

  @Test
  void ends_when_the_client_takes_nothing_for_long() {
    client.room = 1;
    start();
    nanos = Duration.ofSeconds(60).toNanos();
    streams.endIdle();
    assertThat(client.failure).isNull();

    nanos++;
    streams.endIdle();

    assertThat(client.failure)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            busy -> {
              assertThat(busy.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              assertThat(busy.getStatus().getDescription())
                  .isEqualTo(
                      "the stream stood still for 60 s or moved less than 1024 bytes a second; go"
                          + " on where it ended");
            });
    assertThat(streams.size()).isZero();
  }

  @Test
  void a_client_that_takes_something_now_and_then_is_served_to_the_end() {
    client.room = 1;
    start();
    for (int taken = 2; taken <= 4; taken++) {
      nanos += Duration.ofSeconds(59).toNanos();
      streams.endIdle();
      client.makeRoom(1);
    }

    assertThat(client.completed).isTrue();
    assertThat(streams.size()).isZero();
  }

  @Test
  void fails_instead_of_sending_nothing_for_ever_if_the_file_was_cut_meanwhile()
      throws IOException {
    client.room = 1;
    ContentHash hash = start();
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve(hash.toHex()).toFile(), "rw")) {
      file.setLength(WireLimits.CHUNK_BYTES_MAX + 10);
    }

    client.makeRoom(5);

    assertThat(client.chunks).hasSize(1);
    assertThat(client.failure)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL));
  }

  /** A client that has room for so many chunks. */
  private static final class SlowClient extends ServerCallStreamObserver<DownloadChunk> {

    private final List<DownloadChunk> chunks = new ArrayList<>();
    private int room;
    private boolean cancelled;
    private boolean completed;
    private @Nullable Throwable failure;
    private Runnable onReady = () -> {};
    private Runnable onCancel = () -> {};

    void makeRoom(int more) {
      room += more;
      onReady.run();
    }

    @Override
    public boolean isReady() {
      return room > 0;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public void onNext(DownloadChunk chunk) {
      room--;
      chunks.add(chunk);
    }

    @Override
    public void onError(Throwable with) {
      failure = with;
    }

    @Override
    public void onCompleted() {
      completed = true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
      onCancel = handler;
    }

    @Override
    public void setCompression(String compression) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
  }
}
