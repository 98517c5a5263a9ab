package io.tacit.coordinator.service.access;

import io.tacit.enrolment.DeviceCertificate;
import io.tacit.enrolment.RevocationList;
import io.tacit.enrolment.RevocationReason;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import java.security.SecureRandom;
import java.time.Clock;
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
 * What admission costs each call, and what a login costs every 15 minutes; by one thread.
 *
 * <pre>
 * mvn -B -Pservice-benchmarks -Dchecks=off -DskipTests -pl coordinator/service -am verify -Dbenchmark=CallTokenBenchmark
 * </pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
@NullUnmarked // set-up methods fill the fields
public class CallTokenBenchmark {

  private static final int TOKENS = 256;
  private static final int REVOKED = 200;

  private final IdentityKeyPair keys = IdentityKeyPair.generate(new SecureRandom());
  private final String[] given = new String[TOKENS];
  private CallTokens tokens;
  private Logins logins;
  private byte[] certificate;
  private byte[] challenge;
  private byte[] answer;
  private int next;

  /** Some devices that are revoked, many with tokens. */
  @Setup
  public void enrol() {
    SecureRandom random = new SecureRandom();
    Clock clock = Clock.systemUTC();
    TestAuthority authority = TestAuthority.create(clock);
    for (int i = 0; i < REVOKED; i++) {
      DeviceCertificate other = authority.certify(IdentityKeyPair.generate(random));
      authority.authority().revoke(other.serial(), RevocationReason.KEY_COMPROMISE);
    }
    RevocationList list = authority.authority().revocationList();
    tokens = new CallTokens(SecretKey.generate(random), () -> list, clock);
    DeviceCertificate device = authority.certify(keys);
    for (int i = 0; i < TOKENS; i++) {
      given[i] = tokens.grant(authority.certify(IdentityKeyPair.generate(random))).text();
    }
    // A clock that stands still, so that one challenge is open for the whole run.
    Clock still = Clock.fixed(clock.instant(), clock.getZone());
    logins = new Logins(new Challenges(random, still), authority.verifier(), tokens);
    certificate = device.toDer();
    challenge = logins.challenge();
    answer = keys.sign(Transcript.login(challenge, device.thumbprint()));
  }

  /** The check of a token. */
  @Benchmark
  public Object check() {
    TokenCheck check = tokens.check(given[next++ & TOKENS - 1]);
    if (check instanceof TokenFault fault) {
      throw new IllegalStateException(fault.detail());
    }
    return check;
  }

  /** A login: certificate and answer are verified, and the challenge is found spent. */
  @Benchmark
  public Object login() {
    return logins.login(challenge, certificate, answer);
  }
}
