package io.tacit.client.secagg;

import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKeyPair;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertList;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V2TBSCertListGenerator;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/** Certifies devices, and takes it back. */
final class Authority {

  private static final AlgorithmIdentifier ED25519 =
      new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112"));
  private static final X500Name NAME = new X500Name("CN=authority");

  final IdentityKeyPair keys = IdentityKeyPair.generate(new SecureRandom());
  private int serial = 1;

  IdentityCertificate certify(IdentityKeyPair device, Instant until) {
    V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(serial++));
    generator.setSignature(ED25519);
    generator.setIssuer(NAME);
    generator.setSubject(new X500Name("CN=device"));
    generator.setStartDate(new Time(Date.from(until.minusSeconds(90L * 86_400))));
    generator.setEndDate(new Time(Date.from(until)));
    generator.setSubjectPublicKeyInfo(
        new SubjectPublicKeyInfo(ED25519, device.publicKey().toBytes()));
    try {
      TBSCertificate body = generator.generateTBSCertificate();
      return IdentityCertificate.read(signed(body, body.getEncoded("DER")), device.publicKey())
          .orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A list of these, as of then. */
  byte[] revocationList(Instant issuedAt, IdentityCertificate... revoked) {
    V2TBSCertListGenerator generator = new V2TBSCertListGenerator();
    generator.setSignature(ED25519);
    generator.setIssuer(NAME);
    generator.setThisUpdate(new Time(Date.from(issuedAt)));
    generator.setNextUpdate(new Time(Date.from(issuedAt.plusSeconds(86_400))));
    for (IdentityCertificate certificate : List.of(revoked)) {
      generator.addCRLEntry(
          new ASN1Integer(new BigInteger(certificate.serial(), 16)),
          new Time(Date.from(issuedAt)),
          0);
    }
    try {
      TBSCertList body = generator.generateTBSCertList();
      return signed(body, body.getEncoded("DER"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] signed(ASN1Encodable body, byte[] encoded) throws IOException {
    DERBitString signature = new DERBitString(keys.sign(encoded));
    return new DERSequence(new ASN1Encodable[] {body, ED25519, signature}).getEncoded("DER");
  }
}
