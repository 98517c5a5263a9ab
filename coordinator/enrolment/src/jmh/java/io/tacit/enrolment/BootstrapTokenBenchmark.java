package io.tacit.enrolment;

import io.tacit.protocol.crypto.IdentityKeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The check of a bootstrap token, by one thread, and the signature alone that it verifies.
 *
 * <pre>
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl coordinator/enrolment -am verify -Dbenchmark=BootstrapTokenBenchmark
 * </pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
@NullUnmarked // set-up methods fill the fields
public class BootstrapTokenBenchmark {

  private static final int TOKENS = 256;

  private final IdentityKeyPair backend = IdentityKeyPair.generate(new SecureRandom());
  private final byte[][] messages = new byte[TOKENS][300];
  private final byte[][] signatures = new byte[TOKENS][];
  private final String[] minted = new String[TOKENS];
  private BootstrapTokens tokens;
  private int next;

  /** Mints tokens, that live longer than the benchmark. */
  @Setup
  public void mint() {
    SecureRandom random = new SecureRandom();
    BootstrapTokenMint mint = new BootstrapTokenMint(backend, random, Clock.systemUTC());
    tokens = new BootstrapTokens(List.of(backend.publicKey()), Set.of("shop"), Clock.systemUTC());
    for (int i = 0; i < TOKENS; i++) {
      minted[i] = mint.mint("shop", Duration.ofMinutes(10), Optional.of("ab".repeat(32)));
      random.nextBytes(messages[i]);
      signatures[i] = backend.sign(messages[i]);
    }
  }

  /** All of it. */
  @Benchmark
  public Object check() {
    TokenCheck check = tokens.check(minted[next++ & TOKENS - 1]);
    if (check instanceof Refused refused) {
      throw new IllegalStateException(refused.message());
    }
    return check;
  }

  /** An Ed25519 signature over as many bytes. */
  @Benchmark
  public boolean signatureAlone() {
    int i = next++ & TOKENS - 1;
    return backend.publicKey().verifies(messages[i], signatures[i]);
  }
}
