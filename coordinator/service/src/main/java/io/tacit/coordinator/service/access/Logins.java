package io.tacit.coordinator.service.access;

import io.tacit.coordinator.service.access.Challenges.Spending;
import io.tacit.coordinator.service.access.LoginRefusal.Reason;
import io.tacit.enrolment.CertificateCheck;
import io.tacit.enrolment.CertificateVerifier;
import io.tacit.enrolment.DeviceCertificate;
import io.tacit.enrolment.Refused;
import io.tacit.protocol.crypto.Transcript;

/**
 * Gives call tokens to devices that prove that they hold the key of a certificate.
 *
 * <p>Guarantee: a token is given for an answer to a challenge of this process, once, signed with
 * the key of a certificate that is good now. Thread-safe; a login takes about 0.2 ms.
 */
public final class Logins {

  private final Challenges challenges;
  private final CertificateVerifier certificates;
  private final CallTokens tokens;

  /** Logins with certificates that this verifier takes. */
  public Logins(Challenges challenges, CertificateVerifier certificates, CallTokens tokens) {
    this.challenges = challenges;
    this.certificates = certificates;
    this.tokens = tokens;
  }

  /** Something to sign; 64 bytes. */
  public byte[] challenge() {
    return challenges.issue();
  }

  /**
   * Decides. The arrays are the caller's, and must not change.
   *
   * @param challenge what {@link #challenge} answered
   * @param certificate in DER
   * @param signature over {@link Transcript#login}
   */
  public LoginOutcome login(byte[] challenge, byte[] certificate, byte[] signature) {
    // First what costs least, as anybody may ask.
    if (!challenges.isOpen(challenge)) {
      return refusedChallenge();
    }
    CertificateCheck check = certificates.check(certificate);
    if (!(check instanceof DeviceCertificate device)) {
      return refused((Refused) check);
    }
    if (!device.key().verifies(Transcript.login(challenge, device.thumbprint()), signature)) {
      return new LoginRefusal(
          Reason.BAD_SIGNATURE,
          "the challenge is not signed with the key of certificate " + device.serial());
    }
    Spending spending = challenges.spend(challenge);
    return switch (spending) {
      case SPENT_NOW -> tokens.grant(device);
      case SPENT_BEFORE -> refusedChallenge();
      case TOO_MANY -> new LoginOutcome.Busy();
    };
  }

  private static LoginRefusal refusedChallenge() {
    return new LoginRefusal(
        Reason.CHALLENGE,
        "the challenge is none of this coordinator, is older than "
            + Challenges.LIFETIME.toSeconds()
            + " s, or was answered before; get another");
  }

  private static LoginOutcome refused(Refused certificate) {
    return switch (certificate.reason()) {
      case REVOCATIONS_OUTDATED -> new LoginOutcome.Unavailable();
      case CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID ->
          new LoginRefusal(Reason.EXPIRED, certificate.message());
      case CERTIFICATE_REVOKED -> new LoginRefusal(Reason.REVOKED, certificate.message());
      default -> new LoginRefusal(Reason.CERTIFICATE, certificate.message());
    };
  }
}
