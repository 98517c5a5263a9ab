package io.tacit.enrolment;

import static io.tacit.enrolment.RefusalReason.REQUEST_KEY;
import static io.tacit.enrolment.RefusalReason.REQUEST_MALFORMED;
import static io.tacit.enrolment.RefusalReason.REQUEST_SIGNATURE;

import java.util.Optional;
import org.bouncycastle.asn1.pkcs.CertificationRequest;

/**
 * A request for certification (PKCS#10, RFC 2986) whose sender holds the key.
 *
 * <p>Guarantee: the key is of a kind that is certified, and has signed the request. Of the request
 * only the key counts: subject, attributes and wished-for extensions are the device's words, and
 * are ignored.
 *
 * @param key the key to certify
 */
record CertificateRequest(DeviceKey key) implements RequestCheck {

  /** A request for a P-256 key with a long subject and some attributes has about 500 bytes. */
  static final int BYTES_MAX = 4_096;

  /** Checks a request in DER: its size, its form, its key, its signature, in this order. */
  static RequestCheck check(byte[] der) {
    if (der.length > BYTES_MAX) {
      return Refused.because(
          REQUEST_MALFORMED, "request has " + der.length + " bytes, may have at most " + BYTES_MAX);
    }
    Optional<CertificationRequest> read =
        Der.read(der, CertificationRequest::getInstance, Optional::of);
    if (read.isEmpty()) {
      return Refused.because(
          REQUEST_MALFORMED, "request of " + der.length + " bytes is not PKCS#10 in DER");
    }
    CertificationRequest request = read.get();
    Optional<DeviceKey> key =
        DeviceKey.of(request.getCertificationRequestInfo().getSubjectPublicKeyInfo());
    if (key.isEmpty()) {
      return Refused.because(
          REQUEST_KEY, "request is not for a valid key of Ed25519 or of ECDSA on P-256");
    }
    if (request.getSignature().getPadBits() != 0 || !isSigned(request, key.get())) {
      return Refused.because(
          REQUEST_SIGNATURE,
          "request is not signed with its own key by Ed25519 or ECDSA with SHA-256");
    }
    return new CertificateRequest(key.get());
  }

  private static boolean isSigned(CertificationRequest request, DeviceKey key) {
    byte[] signed = Der.writeOwn(request.getCertificationRequestInfo());
    return key.verifies(
        request.getSignatureAlgorithm(), signed, request.getSignature().getOctets());
  }
}
