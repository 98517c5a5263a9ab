package io.tacit.enrolment;

import static io.tacit.enrolment.RefusalReason.CERTIFICATE_EXPIRED;
import static io.tacit.enrolment.RefusalReason.CERTIFICATE_FOREIGN;
import static io.tacit.enrolment.RefusalReason.CERTIFICATE_MALFORMED;
import static io.tacit.enrolment.RefusalReason.CERTIFICATE_NOT_YET_VALID;
import static io.tacit.enrolment.RefusalReason.CERTIFICATE_REVOKED;
import static io.tacit.enrolment.RefusalReason.REVOCATIONS_OUTDATED;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Verifies certificates of devices against a pinned root.
 *
 * <p>Guarantee: a certificate that it returns was signed by the root, is valid now, and is not on
 * the list, which may still be relied on. Thread-safe.
 */
public final class CertificateVerifier {

  private final RootCertificate root;
  private final Supplier<RevocationList> revocations;
  private final Clock clock;

  /**
   * A verifier.
   *
   * @param root the one that is trusted
   * @param revocations gives the newest list there is, without waiting
   */
  public CertificateVerifier(
      RootCertificate root, Supplier<RevocationList> revocations, Clock clock) {
    this.root = root;
    this.revocations = revocations;
    this.clock = clock;
  }

  /**
   * Verifies a certificate in DER. About 0.1 ms; who sees the same ones again remembers the result
   * and asks only whether they have expired or been revoked since.
   */
  public CertificateCheck check(byte[] der) {
    CertificateCheck genuine = checkOrigin(der, root);
    if (!(genuine instanceof DeviceCertificate certificate)) {
      return genuine;
    }
    Optional<Refused> ended = checkTime(certificate, clock.instant());
    if (ended.isPresent()) {
      return ended.get();
    }
    RevocationList list = revocations.get();
    if (clock.instant().isAfter(list.nextUpdate())) {
      return Refused.because(
          REVOCATIONS_OUTDATED,
          "revocation list "
              + list.epoch()
              + " was good until "
              + list.nextUpdate()
              + "; nobody knows what was revoked since, until there is a newer one");
    }
    if (list.isRevoked(certificate.serial())) {
      return Refused.because(
          CERTIFICATE_REVOKED,
          "certificate "
              + certificate.serial()
              + " is on revocation list "
              + list.epoch()
              + "; enrol again with a new key");
    }
    return certificate;
  }

  /** Size, form and signature. */
  static CertificateCheck checkOrigin(byte[] der, RootCertificate root) {
    Optional<DeviceCertificate> read = DeviceCertificate.read(der);
    if (read.isEmpty()) {
      return Refused.because(
          CERTIFICATE_MALFORMED,
          "certificate of "
              + der.length
              + " bytes is not one of a device in DER with at most "
              + DeviceCertificate.BYTES_MAX
              + " bytes");
    }
    if (!read.get().isSignedBy(root)) {
      return Refused.because(
          CERTIFICATE_FOREIGN,
          "certificate is not signed by the authority " + root.fingerprint() + "; enrol with it");
    }
    return read.get();
  }

  /** Whether now is within its time; empty if it is. */
  static Optional<Refused> checkTime(DeviceCertificate certificate, Instant now) {
    if (now.isBefore(certificate.notBefore())) {
      return Optional.of(
          Refused.until(
              CERTIFICATE_NOT_YET_VALID,
              "certificate is valid from "
                  + certificate.notBefore()
                  + " on, it is "
                  + now
                  + "; set the clocks",
              Duration.between(now, certificate.notBefore())));
    }
    if (now.isAfter(certificate.notAfter())) {
      return Optional.of(
          Refused.because(
              CERTIFICATE_EXPIRED,
              "certificate expired at "
                  + certificate.notAfter()
                  + ", it is "
                  + now
                  + "; enrol again with a new token"));
    }
    return Optional.empty();
  }
}
