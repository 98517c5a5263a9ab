package io.tacit.enrolment;

import io.tacit.protocol.crypto.IdentityKeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
 * Certificates a second, each from token to answer, with books on the disk that are forced before
 * the answer. What devices and backend do is done before.
 *
 * <pre>
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl coordinator/enrolment -am verify -Dbenchmark=EnrolmentBenchmark
 * </pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
@NullUnmarked // set-up methods fill the fields
public class EnrolmentBenchmark {

  private static final int DEVICES = 1_000;

  /** The kind of the devices' keys. */
  @Param({"ed25519", "p256"})
  String keys;

  /** Requests that are worked on at the same time. */
  @Param({"1", "16"})
  int inFlight;

  private EnrolmentDatabase database;
  private EnrolmentAuthority authority;
  private BootstrapTokenMint backend;
  private ExecutorService threads;
  private List<Callable<IssuanceOutcome>> calls;

  /** Opens empty books. */
  @Setup
  public void open() throws IOException {
    Files.createDirectories(Path.of("target"));
    database =
        EnrolmentDatabase.openFile(
            Files.createTempDirectory(Path.of("target"), "enrolment").resolve("books"));
    SecureRandom random = new SecureRandom();
    Clock clock = Clock.systemUTC();
    backend = new BootstrapTokenMint(IdentityKeyPair.generate(random), random, clock);
    authority =
        new EnrolmentAuthority(
            RootKey.generate("benchmark", random, clock),
            EnrolmentSettings.defaults(Set.of("shop"), List.of(backend.publicKey()))
                .withLimits(
                    new IssuanceLimit(1_000_000, Duration.ofDays(30)),
                    new IssuanceLimit(1_000_000, Duration.ofHours(1))),
            database,
            Attestor.none(),
            random,
            clock);
    threads = Executors.newFixedThreadPool(inFlight);
  }

  /** New devices, of as many accounts. */
  @Setup(Level.Invocation)
  public void mint() {
    calls = new ArrayList<>();
    for (int i = 0; i < DEVICES; i++) {
      EnrolmentRequest request =
          new EnrolmentRequest(
              backend.mint("shop", Duration.ofMinutes(10), Optional.of(String.format("%064x", i))),
              (keys.equals("p256") ? TestDevice.p256() : TestDevice.ed25519()).request(),
              new byte[0],
              TestDevice.address("192.0.2.1"));
      calls.add(() -> authority.enrol(request));
    }
  }

  /** Enrols them all. */
  @Benchmark
  @OperationsPerInvocation(DEVICES)
  public void enrol() throws Exception {
    for (Future<IssuanceOutcome> outcome : threads.invokeAll(calls)) {
      if (!(outcome.get() instanceof IssuanceOutcome.Issued issued) || issued.repeated()) {
        throw new IllegalStateException(outcome.get().toString());
      }
    }
  }

  /** Closes the books. */
  @TearDown
  public void close() {
    threads.shutdown();
    database.close();
  }
}
