package io.tacit.protocol.crypto;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * The certificate of a device's own key, as its authority gave it.
 *
 * <p>Guarantee: it is for the key that it was read for. Whether it is genuine and not revoked, the
 * coordinator finds out. Immutable.
 */
public final class IdentityCertificate {

  private final byte[] der;
  private final long notBeforeMillis;
  private final long notAfterMillis;

  private IdentityCertificate(byte[] der, Date notBefore, Date notAfter) {
    this.der = der;
    this.notBeforeMillis = notBefore.getTime();
    this.notAfterMillis = notAfter.getTime();
  }

  /**
   * Reads a certificate in DER.
   *
   * @return empty if it is none, is too long, or is for another key
   */
  public static Optional<IdentityCertificate> read(byte[] der, IdentityKey key) {
    if (der.length > WireLimits.CERTIFICATE_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      Certificate certificate = Certificate.getInstance(der);
      SubjectPublicKeyInfo info = certificate.getSubjectPublicKeyInfo();
      boolean isForKey =
          info.getAlgorithm().getAlgorithm().equals(IdentityKey.ALGORITHM)
              && Arrays.equals(info.getPublicKeyData().getOctets(), key.toBytes());
      return isForKey
          ? Optional.of(
              new IdentityCertificate(
                  der.clone(),
                  certificate.getStartDate().getDate(),
                  certificate.getEndDate().getDate()))
          : Optional.empty();
    } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
      // What Bouncy Castle throws at bytes that are no certificate.
      return Optional.empty();
    }
  }

  /** A copy of the certificate in DER. */
  public byte[] toDer() {
    return der.clone();
  }

  /** What call tokens are bound to: the SHA-256 of the certificate in DER. */
  public ContentHash thumbprint() {
    return ContentHash.of(der);
  }

  /** Whether its time is over, in milliseconds since 1970. */
  public boolean isExpiredAt(long millis) {
    return millis > notAfterMillis;
  }

  /** Whether the last quarter of its life has begun, when it is renewed. */
  public boolean isDueAt(long millis) {
    return millis > notAfterMillis - (notAfterMillis - notBeforeMillis) / 4;
  }

  @Override
  public String toString() {
    return "IdentityCertificate[" + thumbprint() + "]";
  }
}
