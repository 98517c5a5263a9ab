package io.tacit.coordinator.service.access;

import io.tacit.enrolment.Attestor;
import io.tacit.enrolment.BootstrapTokenMint;
import io.tacit.enrolment.CertificateVerifier;
import io.tacit.enrolment.DeviceCertificate;
import io.tacit.enrolment.EnrolmentAuthority;
import io.tacit.enrolment.EnrolmentDatabase;
import io.tacit.enrolment.EnrolmentRequest;
import io.tacit.enrolment.EnrolmentSettings;
import io.tacit.enrolment.IssuanceOutcome;
import io.tacit.enrolment.RootKey;
import io.tacit.protocol.crypto.IdentityKeyPair;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An authority in memory, and the backend whose tokens it takes. */
record TestAuthority(EnrolmentAuthority authority, BootstrapTokenMint backend, Clock clock) {

  static final String POPULATION = "shop";

  static TestAuthority create(Clock clock) {
    SecureRandom random = new SecureRandom();
    BootstrapTokenMint backend =
        new BootstrapTokenMint(IdentityKeyPair.generate(random), random, clock);
    EnrolmentAuthority authority =
        new EnrolmentAuthority(
            RootKey.generate("test", random, clock),
            EnrolmentSettings.defaults(Set.of(POPULATION), List.of(backend.publicKey())),
            EnrolmentDatabase.inMemory(),
            Attestor.none(),
            random,
            clock);
    return new TestAuthority(authority, backend, clock);
  }

  DeviceCertificate certify(IdentityKeyPair keys) {
    IssuanceOutcome outcome =
        authority.enrol(
            new EnrolmentRequest(
                backend.mint(POPULATION, Duration.ofMinutes(10), Optional.empty()),
                keys.certificateRequest(),
                new byte[0],
                InetAddress.getLoopbackAddress()));
    if (outcome instanceof IssuanceOutcome.Issued issued) {
      return issued.certificate();
    }
    throw new AssertionError(outcome);
  }

  CertificateVerifier verifier() {
    return new CertificateVerifier(authority.rootCertificate(), authority::revocationList, clock);
  }
}
