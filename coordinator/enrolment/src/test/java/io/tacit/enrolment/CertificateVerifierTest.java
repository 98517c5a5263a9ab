package io.tacit.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.security.cert.CRLReason;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CertificateVerifierTest {

  private final TestAuthority test = TestAuthority.create();
  private final CertificateVerifier verifier =
      new CertificateVerifier(
          test.root().certificate(), test.authority()::revocationList, test.clock());

  @AfterEach
  void close() {
    test.database().close();
  }

  @Test
  void accepts_what_the_authority_issued() {
    DeviceCertificate certificate = test.enrol(TestDevice.p256());

    assertThat(verifier.check(certificate.toDer())).isEqualTo(certificate);
  }

  @Test
  void refuses_a_certificate_before_and_after_its_time() {
    DeviceCertificate certificate = test.enrol(TestDevice.ed25519());
    Instant now = test.clock().instant();

    test.clock().set(certificate.notBefore().minusSeconds(1));
    assertThat(verifier.check(certificate.toDer()))
        .isEqualTo(
            Refused.until(
                RefusalReason.CERTIFICATE_NOT_YET_VALID,
                "certificate is valid from 2025-12-31T23:55:00Z on, it is 2025-12-31T23:54:59Z; set"
                    + " the clocks",
                Duration.ofSeconds(1)));
    test.clock().set(now.plus(Duration.ofDays(90)));
    assertThat(verifier.check(certificate.toDer())).isEqualTo(certificate);
    test.clock().advance(Duration.ofSeconds(1));
    assertThat(verifier.check(certificate.toDer()))
        .isEqualTo(
            Refused.because(
                RefusalReason.CERTIFICATE_EXPIRED,
                "certificate expired at 2026-04-01T00:00:00Z, it is 2026-04-01T00:00:01Z; enrol"
                    + " again with a new token"));
  }

  @Test
  void refuses_a_certificate_of_another_authority_of_the_same_name() {
    TestAuthority other = TestAuthority.create();

    assertReason(other.enrol(TestDevice.ed25519()).toDer(), RefusalReason.CERTIFICATE_FOREIGN);
    other.database().close();
  }

  @Test
  void refuses_a_certificate_that_a_device_signed_itself() {
    RootKey own = RootKey.generate("test", new SecureRandom(), test.clock());
    byte[] selfSigned =
        X509Writer.device(
            own,
            SerialNumber.random(new SecureRandom()),
            TestDevice.ed25519().key(),
            "shop",
            AttestationLevel.HARDWARE,
            test.clock().instant(),
            test.clock().instant().plus(Duration.ofDays(1)));

    assertReason(selfSigned, RefusalReason.CERTIFICATE_FOREIGN);
  }

  @Test
  void refuses_the_root_as_a_device() {
    assertReason(test.root().certificate().toDer(), RefusalReason.CERTIFICATE_MALFORMED);
  }

  @Test
  void refuses_any_altered_bit() {
    byte[] der = test.enrol(TestDevice.ed25519()).toDer();
    for (int bit = 0; bit < 8 * der.length; bit++) {
      byte[] altered = der.clone();
      altered[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(verifier.check(altered)).as("bit %d", bit).isInstanceOf(Refused.class);
    }
  }

  @Test
  void refuses_a_large_certificate_unread() {
    assertThat(verifier.check(new byte[2_049]))
        .isEqualTo(
            Refused.because(
                RefusalReason.CERTIFICATE_MALFORMED,
                "certificate of 2049 bytes is not one of a device in DER with at most 2048 bytes"));
  }

  @Test
  void refuses_a_revoked_certificate() {
    DeviceCertificate certificate = test.enrol(TestDevice.ed25519());
    test.authority().revoke(certificate.serial(), RevocationReason.KEY_COMPROMISE);

    assertThat(verifier.check(certificate.toDer()))
        .isEqualTo(
            Refused.because(
                RefusalReason.CERTIFICATE_REVOKED,
                "certificate "
                    + certificate.serial()
                    + " is on revocation list 1; enrol again with a new key"));
  }

  @Test
  void takes_nobody_by_a_list_whose_time_is_over() {
    DeviceCertificate certificate = test.enrol(TestDevice.ed25519());
    RevocationList list = test.authority().revocationList();
    CertificateVerifier cutOff =
        new CertificateVerifier(test.root().certificate(), () -> list, test.clock());

    test.clock().set(list.nextUpdate());
    assertThat(cutOff.check(certificate.toDer())).isEqualTo(certificate);
    test.clock().advance(Duration.ofSeconds(1));
    assertThat(cutOff.check(certificate.toDer()))
        .isEqualTo(
            Refused.because(
                RefusalReason.REVOCATIONS_OUTDATED,
                "revocation list 0 was good until 2026-01-02T00:00:00Z; nobody knows what was"
                    + " revoked since, until there is a newer one"));
  }

  @Test
  void reads_only_lists_of_its_root() {
    RevocationList list = test.authority().revocationList();
    TestAuthority other = TestAuthority.create();

    assertThat(RevocationList.read(list.toDer(), test.root().certificate())).isPresent();
    assertThat(RevocationList.read(list.toDer(), other.root().certificate())).isEmpty();
    byte[] altered = list.toDer();
    altered[altered.length - 1] ^= 1;
    assertThat(RevocationList.read(altered, test.root().certificate())).isEmpty();
    other.database().close();
  }

  static List<TestDevice> devices() {
    return List.of(TestDevice.ed25519(), TestDevice.p256());
  }

  /** The path validation of the JDK shares no code with this module. */
  @ParameterizedTest
  @MethodSource("devices")
  void the_jdk_agrees(TestDevice device) throws Exception {
    DeviceCertificate certificate = test.enrol(device);
    X509Certificate read = x509(certificate.toDer());

    assertThat(read.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(read.getKeyUsage()[0]).isTrue();
    assertThat(read.getSubjectX500Principal().getName())
        .isEqualTo("CN=" + device.key().clientId().toHex());
    assertThat(read.getSerialNumber().bitLength()).isEqualTo(159);
    assertThat(read.getPublicKey()).isEqualTo(device.keys().getPublic());
    validate(read);

    test.authority().revoke(certificate.serial(), RevocationReason.KEY_COMPROMISE);
    // For the JDK a certificate is good in the second in which it is revoked.
    test.clock().advance(Duration.ofSeconds(1));

    assertThatThrownBy(() -> validate(read))
        .isInstanceOfSatisfying(
            CertPathValidatorException.class,
            e ->
                assertThat(e.getReason())
                    .isEqualTo(CertPathValidatorException.BasicReason.REVOKED));
  }

  @Test
  void the_jdk_reads_epoch_and_reason_of_a_list() throws Exception {
    DeviceCertificate certificate = test.enrol(TestDevice.ed25519());
    test.authority().revoke(certificate.serial(), RevocationReason.PRIVILEGE_WITHDRAWN);

    X509CRL list = crl();

    list.verify(x509(test.root().certificate().toDer()).getPublicKey());
    assertThat(list.getRevokedCertificate(x509(certificate.toDer())).getRevocationReason())
        .isEqualTo(CRLReason.PRIVILEGE_WITHDRAWN);
    // An octet string around the integer 1.
    assertThat(list.getExtensionValue("2.5.29.20")).containsExactly(4, 3, 2, 1, 1);
  }

  private void validate(X509Certificate certificate) throws Exception {
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(x509(test.root().certificate().toDer()), null)));
    parameters.setDate(Date.from(test.clock().instant()));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(crl()))));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
            parameters);
  }

  private X509CRL crl() throws Exception {
    return (X509CRL)
        CertificateFactory.getInstance("X.509")
            .generateCRL(new ByteArrayInputStream(test.authority().revocationList().toDer()));
  }

  private static X509Certificate x509(byte[] der) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private void assertReason(byte[] der, RefusalReason reason) {
    assertThat(verifier.check(der))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }
}
