package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Updates acknowledged after fsync per second, and what the disk does with the same bytes.
 *
 * <pre>
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl coordinator/core -am verify -Dbenchmark=SpoolBenchmark
 * </pre>
 *
 * <p>Writes up to some gigabytes below the directory {@code target}. 64 updates are in flight; the
 * sizes are those of models of 2,497, 100,000 and 1,000,000 parameters. The SHA-256 of each update
 * is part of the work.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
@NullUnmarked // set-up methods fill the fields
public class SpoolBenchmark {

  private static final int IN_FLIGHT = 64;

  /** What a batch of the spool has on average with 64 in flight; it prints the real figure. */
  private static final int RECORDS_PER_BATCH = IN_FLIGHT / 2;

  private static final int CHUNK_BYTES = 256 * 1024;

  /** Bytes of an update: 64 + 4 d. */
  @Param({"10052", "400064", "4000064"})
  public int payloadBytes;

  private final SecureRandom random = new SecureRandom();
  private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
  private Path directory;
  private byte[] payload;
  private ContentHash sha256;
  private SpoolUpdateLog log;
  private SessionId session;
  private SessionLog records;
  private int client;
  private FileChannel raw;
  private ByteBuffer batch;

  /** Makes the payload and an empty log. */
  @Setup
  public void open() throws IOException {
    Files.createDirectories(Path.of("target"));
    directory = Files.createTempDirectory(Path.of("target"), "spool");
    payload = new byte[payloadBytes];
    new Random(1).nextBytes(payload);
    sha256 = ContentHash.of(payload);
    long bytes = 1L << 30;
    log =
        new SpoolUpdateLog(
            directory.resolve("spool"),
            new SpoolSettings(
                payloadBytes, 1_000_000, 2, 10_000, bytes, 64L << 20, 1_000, bytes, 0, 4),
            Clock.systemUTC());
    batch = ByteBuffer.allocateDirect(RECORDS_PER_BATCH * (RecordHeader.BYTES + payloadBytes));
  }

  /** A session for each iteration, so that the disk does not fill up. */
  @Setup(Level.Iteration)
  public void openSession() throws IOException {
    session = SessionId.random(random);
    records = log.open(session);
    raw =
        FileChannel.open(
            directory.resolve("raw"),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  /** Waits for what is in flight and deletes it. */
  @TearDown(Level.Iteration)
  public void dropSession() throws IOException, InterruptedException {
    inFlight.acquire(IN_FLIGHT);
    inFlight.release(IN_FLIGHT);
    log.drop(session);
    raw.close();
  }

  /** Tells how large the batches were. */
  @TearDown
  public void close() throws IOException {
    SpoolStatistics statistics = log.statistics();
    System.out.printf(
        "%n%d records in %d batches, %.1f s in fsync%n",
        statistics.records(), statistics.batches(), statistics.fsyncSeconds());
    log.close();
    Files.deleteIfExists(directory.resolve("raw"));
  }

  /** One update, given to the log in one piece. */
  @Benchmark
  public void append() throws InterruptedException {
    inFlight.acquire();
    records.append(nextKey(), ByteBuffer.wrap(payload)).whenComplete(this::acknowledge);
  }

  /** One update in chunks of 256 KiB. */
  @Benchmark
  public void upload() throws InterruptedException {
    inFlight.acquire();
    records
        .resume(nextKey(), payload.length, sha256)
        .thenCompose(start -> sendFrom(0, ((UploadStart.Ready) start).upload()))
        .whenComplete(this::acknowledge);
  }

  private CompletionStage<Acceptance> sendFrom(int offset, PartialUpload upload) {
    if (offset == payload.length) {
      return upload.finish();
    }
    int count = Math.min(CHUNK_BYTES, payload.length - offset);
    return upload
        .write(offset, ByteBuffer.wrap(payload, offset, count))
        .thenCompose(
            outcome ->
                outcome instanceof ChunkOutcome.Stored stored
                    ? sendFrom((int) stored.nextOffset(), upload)
                    : CompletableFuture.failedFuture(new AssertionError(outcome)));
  }

  private void acknowledge(Acceptance answer, Throwable failure) {
    if (!(answer instanceof Acceptance.Accepted)) {
      failure = failure == null ? new AssertionError(answer) : failure;
      failure.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
    inFlight.release();
  }

  private RecordKey nextKey() {
    byte[] id = new byte[ClientId.LENGTH];
    ByteBuffer.wrap(id).putInt(client++);
    return new RecordKey(ClientId.fromBytes(id), Stage.INPUT);
  }

  /** The limit: one thread that only writes and syncs batches of as many bytes. */
  @Benchmark
  @OperationsPerInvocation(RECORDS_PER_BATCH)
  public void raw_disk() throws IOException {
    batch.clear();
    while (batch.hasRemaining()) {
      raw.write(batch);
    }
    raw.force(false);
  }
}
