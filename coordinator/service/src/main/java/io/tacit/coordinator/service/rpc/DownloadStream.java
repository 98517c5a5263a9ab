package io.tacit.coordinator.service.rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.StoredArtifact;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.ArtifactNotFound;
import io.tacit.protocol.v1.DownloadChunk;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One download: sends while the client takes, on a worker, and holds one chunk of memory. */
final class DownloadStream {

  private final ArtifactStore artifacts;
  private final ContentHash hash;
  private final ServerCallStreamObserver<DownloadChunk> observer;
  private final OpenStreams streams;
  private final OpenStreams.Stream place;
  private final Executor workers;

  /** Signals to pump; whoever raises it from 0 pumps until it is 0 again. */
  private final AtomicInteger signals = new AtomicInteger();

  private long offset;
  private @Nullable StoredArtifact artifact;
  private boolean done;
  private volatile boolean idle;

  /**
   * @throws io.grpc.StatusRuntimeException BUSY, if too many streams are open
   */
  DownloadStream(
      ArtifactStore artifacts,
      ContentHash hash,
      long offset,
      ServerCallStreamObserver<DownloadChunk> observer,
      OpenStreams streams,
      Executor workers) {
    this.artifacts = artifacts;
    this.hash = hash;
    this.offset = offset;
    this.observer = observer;
    this.streams = streams;
    this.workers = workers;
    this.place = streams.enter(this::endIdle);
  }

  private void endIdle() {
    idle = true;
    signal();
  }

  void start() {
    observer.setOnReadyHandler(this::signal);
    observer.setOnCancelHandler(this::signal);
    signal();
  }

  private void signal() {
    if (signals.getAndIncrement() == 0) {
      workers.execute(this::pump);
    }
  }

  private void pump() {
    int seen = 1;
    do {
      try {
        step();
      } catch (RuntimeException e) {
        if (!done) {
          finish();
          observer.onError(RpcStatus.of(e));
        }
      }
      seen = signals.addAndGet(-seen);
    } while (seen > 0);
  }

  private void step() {
    if (done) {
      return;
    }
    if (observer.isCancelled()) {
      finish();
      return;
    }
    if (idle) {
      if (!observer.isReady()) {
        throw streams.idle();
      }
      idle = false;
    }
    StoredArtifact source = artifact == null ? openOrAnswer() : artifact;
    while (source != null && !done && !observer.isCancelled() && observer.isReady()) {
      sendChunk(source);
    }
  }

  private @Nullable StoredArtifact openOrAnswer() {
    Optional<StoredArtifact> found = artifacts.open(hash);
    if (found.isEmpty()) {
      finish();
      observer.onNext(
          DownloadChunk.newBuilder().setNotFound(ArtifactNotFound.getDefaultInstance()).build());
      observer.onCompleted();
      return null;
    }
    StoredArtifact opened = found.get();
    artifact = opened;
    WireFields.within("offset", offset, 0, opened.length());
    return opened;
  }

  private void sendChunk(StoredArtifact source) {
    int size = (int) Math.min(WireLimits.CHUNK_BYTES_MAX, source.length() - offset);
    ByteBuffer data = ByteBuffer.allocate(size);
    int read = source.read(data, offset);
    if (read < size) {
      // Without this check, a file that someone cut would be sent in empty chunks for ever.
      throw new IllegalStateException(
          "artifact " + hash + " ends at byte " + (offset + read) + " of " + source.length());
    }
    offset += size;
    place.moved(size);
    observer.onNext(
        DownloadChunk.newBuilder()
            .setData(UnsafeByteOperations.unsafeWrap(data.flip()))
            .setTotalBytes(source.length())
            .build());
    if (offset >= source.length()) {
      finish();
      observer.onCompleted();
    }
  }

  private void finish() {
    done = true;
    place.leave();
    StoredArtifact source = artifact;
    if (source != null) {
      source.close();
    }
  }
}
