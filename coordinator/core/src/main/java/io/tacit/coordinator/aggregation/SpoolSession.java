package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One session of a {@link SpoolUpdateLog}: a log file, a staging area and a checkpoint file. */
final class SpoolSession implements SessionLog {

  private final SpoolEnvironment environment;
  private final LogFile file;
  private final CommitQueue queue;
  private final StagingArea staging;
  private final CheckpointFile checkpoints;
  private final RecoveryReport recovery;

  private SpoolSession(
      SpoolEnvironment environment,
      LogFile file,
      CommitQueue queue,
      StagingArea staging,
      CheckpointFile checkpoints,
      RecoveryReport recovery) {
    this.environment = environment;
    this.file = file;
    this.queue = queue;
    this.staging = staging;
    this.checkpoints = checkpoints;
    this.recovery = recovery;
  }

  static SpoolSession recover(SpoolEnvironment environment, Path directory) throws IOException {
    CheckpointFile checkpoints = new CheckpointFile(environment.files(), directory);
    long covered = checkpoints.load().map(Checkpoint::offset).orElse(0L);
    Map<RecordKey, ContentHash> durable = new HashMap<>();
    LongAdder payloadBytes = new LongAdder();
    LogFile.Recovered log =
        LogFile.recover(
            environment,
            directory.resolve(SpoolDirectory.LOG),
            covered,
            record -> {
              durable.put(record.key(), record.sha256());
              payloadBytes.add(record.payloadBytes());
            });
    try {
      StagingArea staging =
          StagingArea.recover(
              environment, directory.resolve(SpoolDirectory.STAGED), durable.keySet());
      return new SpoolSession(
          environment,
          log.file(),
          new CommitQueue(environment, log.file(), durable),
          staging,
          checkpoints,
          new RecoveryReport(durable.size(), payloadBytes.sum(), log.bytesCut(), staging.size()));
    } catch (IOException | RuntimeException e) {
      log.file().close();
      throw e;
    }
  }

  @Override
  public CompletionStage<Acceptance> append(RecordKey key, ByteBuffer payload, ContentHash sha256) {
    Refused refused = refusedLength(payload.remaining());
    return refused != null
        ? CompletableFuture.completedFuture(refused)
        : queue.admit(PendingRecord.ofBytes(key, payload.duplicate(), sha256));
  }

  @Override
  public CompletionStage<UploadStart> resume(RecordKey key, long totalBytes, ContentHash sha256) {
    Refused refused = refusedLength(totalBytes);
    if (refused != null) {
      return CompletableFuture.completedFuture(new UploadStart.Settled(refused));
    }
    CompletionStage<Acceptance> settled = queue.settled(key, sha256);
    if (settled != null) {
      return settled.thenApply(UploadStart.Settled::new);
    }
    UploadIdentity identity = new UploadIdentity(key, totalBytes, sha256);
    StagedUpload inMemory = staging.obtainInMemory(identity);
    return inMemory != null
        ? stage(HERE, "stage an upload in", () -> start(inMemory))
        : stage(environment.writers(), "stage an upload in", () -> start(staging.obtain(identity)));
  }

  private UploadStart start(@Nullable StagedUpload upload) throws IOException {
    if (upload == null) {
      return new UploadStart.Settled(staging.refusal());
    }
    StagedUpload.Hold hold = upload.takeOver();
    return hold == null
        ? new UploadStart.Settled(Refused.superseded())
        : new UploadStart.Ready(new ChunkStream(upload, hold));
  }

  /** One stream's hold on a staged upload. */
  private final class ChunkStream implements PartialUpload {

    private final StagedUpload upload;
    private final StagedUpload.Hold hold;

    ChunkStream(StagedUpload upload, StagedUpload.Hold hold) {
      this.upload = upload;
      this.hold = hold;
    }

    @Override
    public long offset() {
      return hold.offset();
    }

    @Override
    public CompletionStage<ChunkOutcome> write(long offset, ByteBuffer chunk) {
      StagingTask<ChunkOutcome> task =
          () -> upload.write(hold.stream(), offset, chunk, environment.clock().instant());
      if (upload.isInMemory()) {
        return stage(HERE, "write a chunk to", task);
      }
      Admission room = environment.counters().queue;
      int bytes = chunk.remaining();
      if (!room.enter(bytes)) {
        return CompletableFuture.completedFuture(room.refusal());
      }
      return stage(environment.writers(), "write a chunk to", task)
          .whenComplete((outcome, failure) -> room.leave(bytes));
    }

    @Override
    public CompletionStage<Acceptance> finish() {
      Executor executor = upload.isInMemory() ? HERE : environment.writers();
      return stage(executor, "finish an upload in", this::close).thenCompose(Function.identity());
    }

    private CompletionStage<Acceptance> close() throws IOException {
      Refused refused = upload.complete(hold.stream());
      if (refused == null) {
        return queue.admit(upload.toRecord()).whenComplete(this::settle);
      }
      if (refused.reason() == Refused.Reason.WRONG_DIGEST) {
        staging.discard(upload);
      }
      return CompletableFuture.completedFuture(refused);
    }

    private void settle(@Nullable Acceptance answer, @Nullable Throwable failure) {
      if (failure != null
          || (answer instanceof Refused refused && refused.reason() == Refused.Reason.BUSY)) {
        upload.reopen();
        return;
      }
      try {
        staging.discard(upload);
      } catch (IOException e) {
        // The answer stands. The file is deleted when the session is opened again, or dropped.
      }
    }
  }

  @Override
  public CompletionStage<Optional<UploadProgress>> progress(RecordKey key) {
    return stage(
        environment.writers(),
        "read an upload in",
        () -> {
          Optional<StagedUpload> upload = staging.find(key);
          return upload.isEmpty() ? Optional.empty() : Optional.of(upload.get().progress());
        });
  }

  @Override
  public Optional<ContentHash> accepted(RecordKey key) {
    return queue.durable(key);
  }

  @Override
  public void freeze(Stage stage) {
    queue.freeze(stage);
  }

  @Override
  public long read(long fromOffset, RecordReader reader) {
    try {
      return file.read(fromOffset, reader);
    } catch (IOException e) {
      throw UpdateLogUnavailableException.cannot("read", file.path(), e);
    }
  }

  @Override
  public void checkpoint(Checkpoint checkpoint) {
    if (checkpoint.offset() > file.durableLength()) {
      throw new IllegalArgumentException(
          "checkpoint offset is "
              + checkpoint.offset()
              + ", must be one that read returned, at most "
              + file.durableLength());
    }
    try {
      checkpoints.save(checkpoint);
    } catch (IOException e) {
      throw UpdateLogUnavailableException.cannot("write", checkpoints.path(), e);
    }
  }

  @Override
  public Optional<Checkpoint> latestCheckpoint() {
    try {
      return checkpoints.load();
    } catch (IOException e) {
      throw UpdateLogUnavailableException.cannot("read", checkpoints.path(), e);
    }
  }

  @Override
  public RecoveryReport recovery() {
    return recovery;
  }

  int expireStaged(Instant lastChunkBefore) {
    try {
      return staging.expire(lastChunkBefore);
    } catch (IOException e) {
      throw UpdateLogUnavailableException.cannot("delete from", staging.directory(), e);
    }
  }

  /** Refuses everything from now on, and lets go of the files, which may then be deleted. */
  void drop() throws IOException {
    queue.drop();
    staging.drop();
    file.close();
  }

  /** Commits what is queued and lets go of the files. */
  void close() throws IOException {
    queue.close();
    staging.close();
    file.close();
  }

  private @Nullable Refused refusedLength(long bytes) {
    long max = environment.settings().payloadBytesMax();
    return bytes >= 1 && bytes <= max ? null : Refused.payloadLength(bytes, max);
  }

  private interface StagingTask<T> {
    T run() throws IOException;
  }

  /** For what does no I/O, since its bytes are in memory. */
  private static final Executor HERE = Runnable::run;

  private <T> CompletionStage<T> stage(Executor executor, String what, StagingTask<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      executor.execute(
          () -> {
            try {
              result.complete(task.run());
            } catch (IOException e) {
              result.completeExceptionally(
                  UpdateLogUnavailableException.cannot(what, staging.directory(), e));
            } catch (RuntimeException | Error e) {
              result.completeExceptionally(e);
              throw e;
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(UpdateLogUnavailableException.closed());
    }
    return result;
  }
}
