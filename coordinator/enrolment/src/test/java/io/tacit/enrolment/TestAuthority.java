package io.tacit.enrolment;

import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.testing.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** An authority, the backend whose tokens it takes, and the clock of both. */
record TestAuthority(
    EnrolmentAuthority authority,
    RootKey root,
    BootstrapTokenMint backend,
    EnrolmentDatabase database,
    SettableClock clock) {

  static final String POPULATION = "shop";
  static final String ACCOUNT = "ab".repeat(32);

  static TestAuthority create() {
    return create(UnaryOperator.identity());
  }

  static TestAuthority create(UnaryOperator<EnrolmentSettings> settings) {
    return create(EnrolmentDatabase.inMemory(), settings);
  }

  static TestAuthority create(
      EnrolmentDatabase database, UnaryOperator<EnrolmentSettings> settings) {
    SettableClock clock = SettableClock.create();
    SecureRandom random = new SecureRandom();
    RootKey root = RootKey.generate("test", random, clock);
    BootstrapTokenMint backend =
        new BootstrapTokenMint(IdentityKeyPair.generate(random), random, clock);
    EnrolmentAuthority authority =
        new EnrolmentAuthority(
            root,
            settings.apply(
                EnrolmentSettings.defaults(Set.of(POPULATION), List.of(backend.publicKey()))),
            database,
            new InsecureSoftwareAttestor(),
            random,
            clock);
    return new TestAuthority(authority, root, backend, database, clock);
  }

  String token() {
    return backend.mint(POPULATION, Duration.ofMinutes(10), Optional.empty());
  }

  String tokenOf(String account) {
    return backend.mint(POPULATION, Duration.ofMinutes(10), Optional.of(account));
  }

  DeviceCertificate enrol(TestDevice device) {
    return issued(authority.enrol(device.enrolment(token())));
  }

  static DeviceCertificate issued(IssuanceOutcome outcome) {
    if (outcome instanceof IssuanceOutcome.Issued issued) {
      return issued.certificate();
    }
    throw new AssertionError(outcome);
  }
}
