package io.tacit.protocol.crypto;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.Certificate;

/**
 * The certificate of a device's own key, as its authority gave it.
 *
 * <p>Guarantee: it is for the key that it was read for. Who signed it, {@link #isSignedBy} tells;
 * whether it was revoked, the coordinator finds out. Immutable.
 */
public final class IdentityCertificate {

  private final byte[] der;
  private final byte[] signedPart;
  private final byte[] signature;
  private final String serial;
  private final long notBeforeMillis;
  private final long notAfterMillis;

  private IdentityCertificate(byte[] der, Certificate certificate) throws IOException {
    this.der = der.clone();
    this.signedPart = certificate.getTBSCertificate().getEncoded(ASN1Encoding.DER);
    this.signature = certificate.getSignature().getOctets();
    this.serial = certificate.getSerialNumber().getValue().toString(16);
    this.notBeforeMillis = certificate.getStartDate().getDate().getTime();
    this.notAfterMillis = certificate.getEndDate().getDate().getTime();
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
      return Arrays.equals(IdentityKey.rawKeyOf(certificate), key.toBytes())
          ? Optional.of(new IdentityCertificate(der, certificate))
          : Optional.empty();
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | ClassCastException e) {
      // What Bouncy Castle throws at bytes that are no certificate.
      return Optional.empty();
    }
  }

  /** Whether the holder of this key has signed it, as authorities of devices do, with Ed25519. */
  public boolean isSignedBy(IdentityKey authority) {
    return authority.verifies(signedPart, signature);
  }

  /** A copy of the certificate in DER. */
  public byte[] toDer() {
    return der.clone();
  }

  /** The number by which it is revoked, in hex. */
  public String serial() {
    return serial;
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
