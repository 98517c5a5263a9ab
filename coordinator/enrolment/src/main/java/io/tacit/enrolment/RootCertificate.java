package io.tacit.enrolment;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.IdentityKey;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.TBSCertificate;

/**
 * The public half of an authority: its self-signed certificate, which apps and coordinators pin.
 *
 * <p>Guarantee: it is signed by itself with Ed25519 and may sign certificates and revocation lists.
 * That it is the right one, only a comparison of {@link #fingerprint} says. Immutable.
 */
public final class RootCertificate {

  private static final int BYTES_MAX = 4_096;

  private final byte[] der;
  private final X500Name subject;
  private final IdentityKey key;
  private final Instant notBefore;
  private final Instant notAfter;

  private RootCertificate(byte[] der, TBSCertificate body, IdentityKey key) {
    this.der = der.clone();
    this.subject = body.getSubject();
    this.key = key;
    this.notBefore = body.getStartDate().getDate().toInstant();
    this.notAfter = body.getEndDate().getDate().toInstant();
  }

  /**
   * Reads a certificate in DER.
   *
   * @return empty if it is not the root certificate of an authority of this kind
   */
  public static Optional<RootCertificate> read(byte[] der) {
    return der.length > BYTES_MAX
        ? Optional.empty()
        : Der.read(der, Certificate::getInstance, certificate -> interpret(der, certificate));
  }

  private static Optional<RootCertificate> interpret(byte[] der, Certificate certificate) {
    TBSCertificate body = certificate.getTBSCertificate();
    BasicConstraints constraints = BasicConstraints.fromExtensions(body.getExtensions());
    KeyUsage usage = KeyUsage.fromExtensions(body.getExtensions());
    boolean authority =
        constraints != null
            && constraints.isCA()
            && usage != null
            && usage.hasUsages(KeyUsage.keyCertSign | KeyUsage.cRLSign)
            && body.getIssuer().equals(body.getSubject());
    if (!authority) {
      return Optional.empty();
    }
    return DeviceKey.of(body.getSubjectPublicKeyInfo())
        .filter(key -> key.algorithm() == DeviceKey.Algorithm.ED25519)
        .map(key -> IdentityKey.fromBytes(key.toBytes()))
        .filter(key -> isSigned(certificate, key))
        .map(key -> new RootCertificate(der, body, key));
  }

  private static boolean isSigned(Certificate certificate, IdentityKey key) {
    return certificate
            .getSignatureAlgorithm()
            .getAlgorithm()
            .equals(EdECObjectIdentifiers.id_Ed25519)
        && certificate.getSignature().getPadBits() == 0
        && key.verifies(
            Der.writeOwn(certificate.getTBSCertificate()), certificate.getSignature().getOctets());
  }

  /** A copy of the certificate in DER. */
  public byte[] toDer() {
    return der.clone();
  }

  /** The certificate in PEM, for files. */
  public String toPem() {
    return Pem.write(Pem.CERTIFICATE, der);
  }

  /** What to compare over another way: the SHA-256 of the certificate in DER. */
  public ContentHash fingerprint() {
    return ContentHash.of(der);
  }

  /** The key that signs the authority's certificates. */
  public IdentityKey key() {
    return key;
  }

  /** From when on the authority exists. */
  public Instant notBefore() {
    return notBefore;
  }

  /** Until when: no certificate of it lives longer. */
  public Instant notAfter() {
    return notAfter;
  }

  X500Name subject() {
    return subject;
  }

  @Override
  public String toString() {
    return "RootCertificate[" + subject + ", " + fingerprint() + ", until " + notAfter + "]";
  }
}
