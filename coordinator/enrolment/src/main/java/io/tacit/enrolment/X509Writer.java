package io.tacit.enrolment;

import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/**
 * Writes what an authority signs: its root, certificates of devices, revocation lists (RFC 5280).
 */
final class X509Writer {

  private static final AlgorithmIdentifier ED25519 =
      new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

  /** RFC 5280, section 4.2.1.2: any 20 bytes of a hash of the key. */
  private static final int KEY_IDENTIFIER_BYTES = 20;

  private X509Writer() {}

  /** The self-signed certificate of an authority. */
  static byte[] root(
      String name, IdentityKeyPair keys, SerialNumber serial, Instant from, Instant until) {
    X500Name subject =
        new X500NameBuilder()
            .addRDN(BCStyle.O, "Tacit enrolment authority")
            .addRDN(BCStyle.CN, name)
            .build();
    try {
      X509v3CertificateBuilder builder =
          builder(subject, serial, from, until, subject, info(keys.publicKey()))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  new SubjectKeyIdentifier(keyIdentifier(keys.publicKey())))
              // It signs devices, and no authority below it.
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return builder.build(new Signer(keys)).getEncoded();
    } catch (IOException e) {
      throw new AssertionError("extensions of known parts have an encoding", e);
    }
  }

  /** The certificate of a device. */
  static byte[] device(
      RootKey root,
      SerialNumber serial,
      DeviceKey key,
      String population,
      AttestationLevel level,
      Instant from,
      Instant until) {
    X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, key.clientId().toHex()).build();
    try {
      X509v3CertificateBuilder builder =
          builder(root.certificate().subject(), serial, from, until, subject, key.toInfo())
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  new AuthorityKeyIdentifier(keyIdentifier(root.certificate().key())))
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(
                  Extension.extendedKeyUsage,
                  true,
                  new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))
              .addExtension(
                  DeviceCertificate.ADMISSION,
                  false,
                  new DERSequence(
                      new ASN1Encodable[] {
                        new DERUTF8String(population), new ASN1Integer(level.number())
                      }));
      return builder.build(new Signer(root.keys())).getEncoded();
    } catch (IOException e) {
      throw new AssertionError("extensions of known parts have an encoding", e);
    }
  }

  /** A revocation list whose number is the epoch. */
  static byte[] revocationList(
      RootKey root,
      long epoch,
      List<CertificateRegister.Revocation> revocations,
      Instant issuedAt,
      Instant nextUpdate) {
    try {
      X509v2CRLBuilder builder =
          new X509v2CRLBuilder(root.certificate().subject(), date(issuedAt))
              .setNextUpdate(date(nextUpdate))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  new AuthorityKeyIdentifier(keyIdentifier(root.certificate().key())))
              .addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(epoch)));
      for (CertificateRegister.Revocation revocation : revocations) {
        builder.addCRLEntry(
            revocation.serial().toInteger(),
            date(revocation.revokedAt()),
            revocation.reason().code());
      }
      return builder.build(new Signer(root.keys())).getEncoded();
    } catch (IOException e) {
      throw new AssertionError("extensions of known parts have an encoding", e);
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer,
      SerialNumber serial,
      Instant from,
      Instant until,
      X500Name subject,
      SubjectPublicKeyInfo key) {
    return new X509v3CertificateBuilder(
        issuer, serial.toInteger(), date(from), date(until), subject, key);
  }

  /** X.509 has whole seconds. */
  private static Date date(Instant instant) {
    return Date.from(instant.truncatedTo(ChronoUnit.SECONDS));
  }

  private static SubjectPublicKeyInfo info(IdentityKey key) {
    return new SubjectPublicKeyInfo(ED25519, key.toBytes());
  }

  private static byte[] keyIdentifier(IdentityKey key) {
    return Arrays.copyOf(key.clientId().toBytes(), KEY_IDENTIFIER_BYTES);
  }

  /** Signs what is written to it. */
  private static final class Signer implements ContentSigner {

    private final IdentityKeyPair keys;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream(512);

    Signer(IdentityKeyPair keys) {
      this.keys = keys;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return ED25519;
    }

    @Override
    public OutputStream getOutputStream() {
      return written;
    }

    @Override
    public byte[] getSignature() {
      return keys.sign(written.toByteArray());
    }
  }
}
