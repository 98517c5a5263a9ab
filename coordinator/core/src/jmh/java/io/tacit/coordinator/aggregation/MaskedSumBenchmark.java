package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Updates of 4 MB (1,000,000 parameters) folded per second: 250 a second are 1 GB/s.
 *
 * <pre>
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl coordinator/core -am verify -Dbenchmark=MaskedSumBenchmark
 * </pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
@NullUnmarked // set-up methods fill the fields
public class MaskedSumBenchmark {

  private static final int LANES = 16 + 1_000_000;
  private static final int UPDATES = 32;

  private Path directory;
  private SpoolUpdateLog log;
  private SessionLog records;
  private final int[] sum = new int[LANES];
  private final int[][] updates = new int[UPDATES][LANES];

  /** Appends the updates, which then are in the page cache. */
  @Setup
  public void append() throws IOException {
    Files.createDirectories(Path.of("target"));
    directory = Files.createTempDirectory(Path.of("target"), "spool");
    log = new SpoolUpdateLog(directory, SpoolSettings.defaults(), Clock.systemUTC());
    records = log.open(SessionId.random(new SecureRandom()));
    byte[] payload = new byte[Integer.BYTES * LANES];
    new Random(1).nextBytes(payload);
    for (int i = 0; i < UPDATES; i++) {
      byte[] id = new byte[ClientId.LENGTH];
      id[0] = (byte) i;
      RecordKey key = new RecordKey(ClientId.fromBytes(id), Stage.INPUT);
      records.append(key, ByteBuffer.wrap(payload)).toCompletableFuture().join();
      ByteBuffer.wrap(payload).asIntBuffer().get(updates[i]);
    }
  }

  /** Deletes the updates. */
  @TearDown
  public void drop() {
    log.sessions().forEach(log::drop);
    log.close();
  }

  /** The fold over the log: read, check CRC-32C, add. */
  @Benchmark
  @OperationsPerInvocation(UPDATES)
  public int fold() {
    return MaskedSum.over(records, LANES).advance();
  }

  /** The limit: the same additions on arrays in memory. */
  @Benchmark
  @OperationsPerInvocation(UPDATES)
  public int[] add_in_memory() {
    for (int[] update : updates) {
      for (int i = 0; i < LANES; i++) {
        sum[i] += update[i];
      }
    }
    return sum;
  }
}
