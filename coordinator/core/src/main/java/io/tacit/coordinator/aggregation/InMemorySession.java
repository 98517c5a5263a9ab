package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One session of an {@link InMemoryUpdateLog}. Offsets count records. Guarded by this. */
final class InMemorySession implements SessionLog {

  /** A record; the payload is null once it is forgotten. */
  private record Kept(LogRecord record, byte @Nullable [] payload) {}

  enum State {
    OPEN,
    DROPPED,
    CLOSED
  }

  private final long payloadBytesMax;
  private final Clock clock;
  private final List<Kept> records = new ArrayList<>();
  private final Map<RecordKey, ContentHash> index = new HashMap<>();
  private final Map<RecordKey, Staged> staged = new HashMap<>();
  private final Set<Stage> frozen = EnumSet.noneOf(Stage.class);
  private @Nullable Checkpoint latest;
  private State state = State.OPEN;

  InMemorySession(long payloadBytesMax, Clock clock) {
    this.payloadBytesMax = payloadBytesMax;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Acceptance> append(RecordKey key, ByteBuffer payload, ContentHash sha256) {
    if (payload.remaining() > payloadBytesMax) {
      return CompletableFuture.completedFuture(
          Refused.payloadLength(payload.remaining(), payloadBytesMax));
    }
    // Copied before the lock is taken: a whole cohort appends at the same time.
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    return append(key, bytes, sha256);
  }

  private synchronized CompletionStage<Acceptance> append(
      RecordKey key, byte[] payload, ContentHash sha256) {
    if (state == State.CLOSED) {
      return CompletableFuture.failedFuture(UpdateLogUnavailableException.closed());
    }
    Acceptance answer = settled(key, payload.length, sha256);
    if (answer == null) {
      keep(key, payload, sha256);
      answer = new Acceptance.Accepted();
    }
    return CompletableFuture.completedFuture(answer);
  }

  private @Nullable Acceptance settled(RecordKey key, long bytes, ContentHash sha256) {
    if (bytes < 1 || bytes > payloadBytesMax) {
      return Refused.payloadLength(bytes, payloadBytesMax);
    }
    if (state == State.DROPPED) {
      return Refused.sessionClosed();
    }
    ContentHash present = index.get(key);
    if (present != null) {
      return present.equals(sha256)
          ? new Acceptance.AlreadyAccepted()
          : Refused.otherBytes(key.stage());
    }
    return frozen.contains(key.stage()) ? Refused.stageClosed(key.stage()) : null;
  }

  private void keep(RecordKey key, byte[] payload, ContentHash sha256) {
    records.add(new Kept(new LogRecord(key, records.size(), payload.length, sha256), payload));
    index.put(key, sha256);
  }

  @Override
  public synchronized CompletionStage<UploadStart> resume(
      RecordKey key, long totalBytes, ContentHash sha256) {
    if (state == State.CLOSED) {
      return CompletableFuture.failedFuture(UpdateLogUnavailableException.closed());
    }
    Acceptance answer = settled(key, totalBytes, sha256);
    if (answer != null) {
      return CompletableFuture.completedFuture(new UploadStart.Settled(answer));
    }
    Staged present = staged.get(key);
    if (present == null || present.bytes.length != totalBytes || !present.sha256.equals(sha256)) {
      present = new Staged(new byte[(int) totalBytes], sha256);
      staged.put(key, present);
    }
    present.lastChunk = clock.instant();
    present.stream++;
    return CompletableFuture.completedFuture(
        new UploadStart.Ready(new ChunkStream(key, present, present.stream, present.held)));
  }

  /** What has arrived of an upload. */
  private static final class Staged {
    final byte[] bytes;
    final ContentHash sha256;
    int held;
    int stream;
    Instant lastChunk = Instant.MIN;

    Staged(byte[] bytes, ContentHash sha256) {
      this.bytes = bytes;
      this.sha256 = sha256;
    }

    ContentHash sha256SoFar() {
      return ContentHash.of(ByteBuffer.wrap(bytes, 0, held));
    }
  }

  /** One stream's hold on a staged upload. */
  private final class ChunkStream implements PartialUpload {

    private final RecordKey key;
    private final Staged upload;
    private final int number;
    private final long offset;

    ChunkStream(RecordKey key, Staged upload, int number, long offset) {
      this.key = key;
      this.upload = upload;
      this.number = number;
      this.offset = offset;
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public CompletionStage<ChunkOutcome> write(long offset, ByteBuffer chunk) {
      synchronized (InMemorySession.this) {
        return CompletableFuture.completedFuture(store(offset, chunk.duplicate()));
      }
    }

    private ChunkOutcome store(long offset, ByteBuffer chunk) {
      if (isSuperseded()) {
        return Refused.superseded();
      }
      if (offset != 0 && offset != upload.held) {
        return Refused.wrongOffset(offset, upload.held);
      }
      long end = offset + chunk.remaining();
      if (end > upload.bytes.length) {
        return Refused.tooLong(end, upload.bytes.length);
      }
      chunk.get(upload.bytes, (int) offset, chunk.remaining());
      upload.held = (int) end;
      upload.lastChunk = clock.instant();
      return new ChunkOutcome.Stored(end);
    }

    @Override
    public CompletionStage<Acceptance> finish() {
      synchronized (InMemorySession.this) {
        if (state == State.CLOSED) {
          return CompletableFuture.failedFuture(UpdateLogUnavailableException.closed());
        }
        return CompletableFuture.completedFuture(take());
      }
    }

    private Acceptance take() {
      if (isSuperseded()) {
        return Refused.superseded();
      }
      if (upload.held < upload.bytes.length) {
        return Refused.incomplete(upload.held, upload.bytes.length);
      }
      staged.remove(key);
      if (!upload.sha256SoFar().equals(upload.sha256)) {
        return Refused.wrongDigest();
      }
      Acceptance answer = settled(key, upload.bytes.length, upload.sha256);
      if (answer == null) {
        keep(key, upload.bytes, upload.sha256);
        answer = new Acceptance.Accepted();
      }
      return answer;
    }

    private boolean isSuperseded() {
      return staged.get(key) != upload || upload.stream != number;
    }
  }

  @Override
  public synchronized CompletionStage<Optional<UploadProgress>> progress(RecordKey key) {
    return CompletableFuture.completedFuture(
        Optional.ofNullable(staged.get(key))
            .map(upload -> new UploadProgress(upload.held, upload.sha256SoFar())));
  }

  @Override
  public synchronized Optional<ContentHash> accepted(RecordKey key) {
    return Optional.ofNullable(index.get(key));
  }

  @Override
  public synchronized void freeze(Stage stage) {
    frozen.add(stage);
  }

  @Override
  public long read(long fromOffset, RecordReader reader) {
    List<Kept> wanted;
    synchronized (this) {
      if (fromOffset < 0 || fromOffset > records.size()) {
        throw new IllegalArgumentException(
            "offset is "
                + fromOffset
                + ", must be 0 or one that read returned, at most "
                + records.size());
      }
      wanted = List.copyOf(records.subList((int) fromOffset, records.size()));
    }
    for (Kept kept : wanted) {
      if (reader.begin(kept.record())) {
        handOver(kept, reader);
      }
    }
    return fromOffset + wanted.size();
  }

  private static void handOver(Kept kept, RecordReader reader) {
    byte[] payload = kept.payload();
    if (payload == null) {
      throw new IllegalStateException(
          "the payload at offset "
              + kept.record().offset()
              + " was forgotten with a checkpoint; begin at the latest checkpoint");
    }
    for (int at = 0; at < payload.length; at += TILE_BYTES) {
      int count = Math.min(TILE_BYTES, payload.length - at);
      reader.tile(at, ByteBuffer.wrap(payload, at, count).slice().order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  @Override
  public synchronized void checkpoint(Checkpoint checkpoint) {
    if (checkpoint.offset() > records.size()) {
      throw new IllegalArgumentException(
          "checkpoint offset is "
              + checkpoint.offset()
              + ", must be one that read returned, at most "
              + records.size());
    }
    latest = copy(checkpoint);
    for (int i = 0; i < checkpoint.offset(); i++) {
      LogRecord record = records.get(i).record();
      if (record.key().stage() == Stage.INPUT) {
        records.set(i, new Kept(record, null));
      }
    }
  }

  @Override
  public synchronized Optional<Checkpoint> latestCheckpoint() {
    return Optional.ofNullable(latest).map(InMemorySession::copy);
  }

  private static Checkpoint copy(Checkpoint checkpoint) {
    return new Checkpoint(checkpoint.sum().clone(), checkpoint.members(), checkpoint.offset());
  }

  @Override
  public RecoveryReport recovery() {
    return RecoveryReport.NEW_LOG;
  }

  synchronized int expireStaged(Instant lastChunkBefore) {
    int before = staged.size();
    staged.values().removeIf(upload -> upload.lastChunk.isBefore(lastChunkBefore));
    return before - staged.size();
  }

  synchronized void end(State end) {
    state = end;
    staged.clear();
  }
}
