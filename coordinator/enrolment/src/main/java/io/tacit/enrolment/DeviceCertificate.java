package io.tacit.enrolment;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of a device: that the holder of a key may take part in the rounds of a
 * population.
 *
 * <p>Guarantee: it has the form that an authority gives it, and its subject is the pseudonym of its
 * key. Whether an authority has signed it, and whether it is valid, says {@link
 * CertificateVerifier}. Immutable.
 */
public final class DeviceCertificate implements CertificateCheck {

  /** A certificate for a P-256 key has about 550 bytes. */
  static final int BYTES_MAX = 2_048;

  /**
   * The extension {@code SEQUENCE { population UTF8String, attestationLevel INTEGER }}; an arc of
   * ITU-T X.667, for which nobody has to be asked.
   */
  static final ASN1ObjectIdentifier ADMISSION =
      new ASN1ObjectIdentifier("2.25.214695977008458296419376957220207671317");

  private final byte[] der;
  private final Certificate certificate;
  private final SerialNumber serial;
  private final DeviceKey key;
  private final String population;
  private final AttestationLevel attestation;

  private DeviceCertificate(
      byte[] der,
      Certificate certificate,
      SerialNumber serial,
      DeviceKey key,
      String population,
      AttestationLevel attestation) {
    this.der = der.clone();
    this.certificate = certificate;
    this.serial = serial;
    this.key = key;
    this.population = population;
    this.attestation = attestation;
  }

  /** Reads a certificate in DER; empty if it has not the form of a device's certificate. */
  static Optional<DeviceCertificate> read(byte[] der) {
    return der.length > BYTES_MAX
        ? Optional.empty()
        : Der.read(der, Certificate::getInstance, certificate -> interpret(der, certificate));
  }

  private static Optional<DeviceCertificate> interpret(byte[] der, Certificate certificate) {
    TBSCertificate body = certificate.getTBSCertificate();
    Optional<DeviceKey> key = DeviceKey.of(body.getSubjectPublicKeyInfo());
    String serial = body.getSerialNumber().getValue().toString(16);
    Extensions extensions = body.getExtensions();
    boolean wellFormed =
        body.getVersionNumber() == 3
            && SerialNumber.isSerialNumber(serial)
            && key.isPresent()
            && hasSubject(body.getSubject(), key.get().clientId())
            && extensions != null
            && isForClients(extensions);
    if (!wellFormed) {
      return Optional.empty();
    }
    // Read now, for what is malformed in them.
    body.getStartDate().getDate();
    body.getEndDate().getDate();
    ASN1Sequence admission =
        ASN1Sequence.getInstance(extensions.getExtensionParsedValue(ADMISSION));
    if (admission.size() != 2) {
      return Optional.empty();
    }
    String population = ASN1UTF8String.getInstance(admission.getObjectAt(0)).getString();
    int level = ASN1Integer.getInstance(admission.getObjectAt(1)).intValueExact();
    if (!Names.isName(population)) {
      return Optional.empty();
    }
    return AttestationLevel.ofNumber(level)
        .map(
            attestation ->
                new DeviceCertificate(
                    der,
                    certificate,
                    new SerialNumber(serial),
                    key.get(),
                    population,
                    attestation));
  }

  private static boolean hasSubject(X500Name subject, ClientId expected) {
    return subject.size() == 1
        && subject.getRDNs(BCStyle.CN).length == 1
        && subject.getRDNs()[0].getFirst().getValue().toString().equals(expected.toHex());
  }

  /** Exactly the usages that an authority gives: it may sign, as a client, and certify nobody. */
  private static boolean isForClients(Extensions extensions) {
    BasicConstraints constraints = BasicConstraints.fromExtensions(extensions);
    KeyUsage usage = KeyUsage.fromExtensions(extensions);
    ExtendedKeyUsage purposes = ExtendedKeyUsage.fromExtensions(extensions);
    return constraints != null
        && !constraints.isCA()
        && usage != null
        && usage.hasUsages(KeyUsage.digitalSignature)
        && purposes != null
        && purposes.hasKeyPurposeId(KeyPurposeId.id_kp_clientAuth)
        && extensions.getExtension(ADMISSION) != null
        && extensions.getCriticalExtensionOIDs().length == 3;
  }

  /** Whether this root has signed it. */
  boolean isSignedBy(RootCertificate root) {
    return certificate.getIssuer().equals(root.subject())
        && certificate
            .getSignatureAlgorithm()
            .getAlgorithm()
            .equals(EdECObjectIdentifiers.id_Ed25519)
        && certificate.getSignature().getPadBits() == 0
        && root.key()
            .verifies(
                Der.writeOwn(certificate.getTBSCertificate()),
                certificate.getSignature().getOctets());
  }

  /** A copy of the certificate in DER. */
  public byte[] toDer() {
    return der.clone();
  }

  /** The SHA-256 of the certificate in DER, by which tokens for calls are bound to it. */
  public ContentHash thumbprint() {
    return ContentHash.of(der);
  }

  /** Its number, by which it can be revoked. */
  public SerialNumber serial() {
    return serial;
  }

  /** The key that it certifies. */
  public DeviceKey key() {
    return key;
  }

  /** The pseudonym of the device. */
  public ClientId clientId() {
    return key.clientId();
  }

  /** In whose rounds the device may take part. */
  public String population() {
    return population;
  }

  /** What was known about where the key lives. */
  public AttestationLevel attestation() {
    return attestation;
  }

  /** From when on it is valid. */
  public Instant notBefore() {
    return certificate.getStartDate().getDate().toInstant();
  }

  /** Until when it is valid, this second included. */
  public Instant notAfter() {
    return certificate.getEndDate().getDate().toInstant();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DeviceCertificate that && Arrays.equals(der, that.der);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(der);
  }

  @Override
  public String toString() {
    return "DeviceCertificate["
        + serial
        + ", "
        + population
        + ", "
        + attestation
        + ", until "
        + notAfter()
        + "]";
  }
}
