package io.tacit.protocol.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.WireLimits;
import io.tacit.testing.Fuzz;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V2TBSCertListGenerator;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RevocationListTest {

  private static final AlgorithmIdentifier ED25519 = new AlgorithmIdentifier(IdentityKey.ALGORITHM);
  private static final X500Name NAME = new X500Name("CN=devices");
  private static final long ISSUED = 1_780_000_000_000L;

  private final IdentityKeyPair authority = IdentityKeyPair.fromSeed(new byte[32]);
  private final IdentityKeyPair device = IdentityKeyPair.fromSeed(seed(1));

  @Test
  void tells_which_certificates_were_revoked_and_when_it_was_signed() throws IOException {
    RevocationList list =
        RevocationList.read(list(authority, false, 7, 0xabcdef), authority.publicKey())
            .orElseThrow();

    assertThat(list.contains(certificate(7))).isTrue();
    assertThat(list.contains(certificate(0xabcdef))).isTrue();
    assertThat(list.contains(certificate(8))).isFalse();
    assertThat(list.issuedAtMillis()).isEqualTo(ISSUED);
    assertThat(list.size()).isEqualTo(2);
    assertThat(list).hasToString("RevocationList[2 certificates]");
    assertThat(
            RevocationList.read(list(authority, false), authority.publicKey()).orElseThrow().size())
        .isZero();
  }

  @Test
  void is_none_of_another_authority_with_a_critical_extension_or_too_long() throws IOException {
    byte[] sound = list(authority, false, 7);

    assertThat(RevocationList.read(sound, device.publicKey())).isEmpty();
    assertThat(RevocationList.read(list(authority, true, 7), authority.publicKey())).isEmpty();
    assertThat(
            RevocationList.read(
                Arrays.copyOf(sound, WireLimits.REVOCATION_LIST_BYTES_MAX + 1),
                authority.publicKey()))
        .isEmpty();
  }

  @Test
  @Tag(Fuzz.TAG)
  void is_empty_for_damaged_bytes() throws IOException {
    byte[] sound = list(authority, false, 7, 8, 9);
    Fuzz.of(sound).feed(input -> RevocationList.read(input, authority.publicKey()));
  }

  private static byte[] list(IdentityKeyPair signer, boolean critical, long... serials)
      throws IOException {
    V2TBSCertListGenerator body = new V2TBSCertListGenerator();
    body.setSignature(ED25519);
    body.setIssuer(NAME);
    body.setThisUpdate(new Time(new Date(ISSUED)));
    body.setNextUpdate(new Time(new Date(ISSUED + 86_400_000L)));
    for (long serial : serials) {
      body.addCRLEntry(
          new ASN1Integer(serial), new Time(new Date(ISSUED)), CRLReason.keyCompromise);
    }
    body.setExtensions(
        new Extensions(
            new Extension(Extension.cRLNumber, critical, new ASN1Integer(1).getEncoded())));
    byte[] signed = body.generateTBSCertList().getEncoded(ASN1Encoding.DER);
    return new Signed(signed, signer.sign(signed)).toDer();
  }

  /** The three parts of what an authority signs. */
  private record Signed(byte[] body, byte[] signature) {

    byte[] toDer() throws IOException {
      ASN1EncodableVector parts = new ASN1EncodableVector();
      parts.add(ASN1Primitive.fromByteArray(body));
      parts.add(ED25519);
      parts.add(new DERBitString(signature));
      return new DERSequence(parts).getEncoded(ASN1Encoding.DER);
    }
  }

  private IdentityCertificate certificate(long serial) throws IOException {
    V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(BigInteger.valueOf(serial)));
    generator.setSignature(ED25519);
    generator.setIssuer(NAME);
    generator.setStartDate(new Time(new Date(ISSUED)));
    generator.setEndDate(new Time(new Date(ISSUED + 86_400_000L)));
    generator.setSubject(NAME);
    generator.setSubjectPublicKeyInfo(
        new SubjectPublicKeyInfo(ED25519, device.publicKey().toBytes()));
    TBSCertificate body = generator.generateTBSCertificate();
    byte[] signed = body.getEncoded(ASN1Encoding.DER);
    return IdentityCertificate.read(
            new Signed(signed, authority.sign(signed)).toDer(), device.publicKey())
        .orElseThrow();
  }

  private static byte[] seed(int first) {
    byte[] seed = new byte[32];
    seed[0] = (byte) first;
    return seed;
  }
}
