package io.tacit.enrolment;

import static io.tacit.enrolment.TestAuthority.ACCOUNT;
import static io.tacit.enrolment.TestAuthority.issued;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.enrolment.IssuanceOutcome.Issued;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnrolmentAuthorityTest {

  private TestAuthority test = TestAuthority.create();

  static Stream<TestDevice> devices() {
    return Stream.of(TestDevice.ed25519(), TestDevice.p256());
  }

  @AfterEach
  void close() {
    test.database().close();
  }

  // ---- enrolling ----

  @ParameterizedTest
  @MethodSource("devices")
  void gives_a_device_a_certificate_for_90_days(TestDevice device) {
    Instant now = test.clock().instant();

    DeviceCertificate certificate = test.enrol(device);

    assertThat(certificate.clientId()).isEqualTo(device.key().clientId());
    assertThat(certificate.population()).isEqualTo("shop");
    assertThat(certificate.attestation()).isEqualTo(AttestationLevel.NONE);
    assertThat(certificate.notBefore()).isEqualTo(now.minus(Duration.ofMinutes(5)));
    assertThat(certificate.notAfter()).isEqualTo(now.plus(Duration.ofDays(90)));
  }

  @Test
  void writes_nothing_of_the_user_into_the_certificate() {
    TestDevice device = TestDevice.ed25519();

    DeviceCertificate certificate =
        issued(test.authority().enrol(device.enrolment(test.tokenOf(ACCOUNT))));

    String content = new String(certificate.toDer(), StandardCharsets.ISO_8859_1);
    assertThat(content).doesNotContain("user-4711").doesNotContain(ACCOUNT);
  }

  @Test
  void answers_a_repeated_request_with_the_same_certificate() {
    String token = test.tokenOf(ACCOUNT);
    TestDevice device = TestDevice.p256();
    DeviceCertificate first = issued(test.authority().enrol(device.enrolment(token)));

    // ECDSA is random: another signature, the same key.
    IssuanceOutcome again = test.authority().enrol(device.enrolment(token));

    assertThat(again).isEqualTo(new Issued(first, true));
  }

  @Test
  void refuses_a_used_token_for_another_key() {
    String token = test.token();
    issued(test.authority().enrol(TestDevice.ed25519().enrolment(token)));

    assertRefused(
        test.authority().enrol(TestDevice.ed25519().enrolment(token)),
        RefusalReason.TOKEN_USED,
        "token was used before; get a new one");
  }

  @Test
  void a_refused_request_leaves_the_token_unused() {
    String token = test.token();
    TestDevice device = TestDevice.ed25519();
    EnrolmentRequest broken =
        new EnrolmentRequest(
            token,
            device.requestFor(TestDevice.ed25519().info()),
            TestDevice.NO_EVIDENCE,
            TestDevice.address("192.0.2.1"));
    assertReason(test.authority().enrol(broken), RefusalReason.REQUEST_SIGNATURE);

    assertThat(test.authority().enrol(device.enrolment(token))).isInstanceOf(Issued.class);
  }

  @Test
  void refuses_an_expired_token() {
    String token = test.token();
    test.clock().advance(Duration.ofMinutes(10));

    assertReason(
        test.authority().enrol(TestDevice.ed25519().enrolment(token)), RefusalReason.TOKEN_EXPIRED);
  }

  @Test
  void certifies_no_longer_than_the_root_lives() {
    test.clock().set(test.root().certificate().notAfter().minus(Duration.ofDays(90)));
    assertThat(test.authority().enrol(TestDevice.ed25519().enrolment(test.token())))
        .isInstanceOf(Issued.class);

    test.clock().advance(Duration.ofSeconds(1));

    assertReason(
        test.authority().enrol(TestDevice.ed25519().enrolment(test.token())),
        RefusalReason.AUTHORITY_EXPIRED);
  }

  // ---- attestation ----

  @Test
  void puts_the_attested_level_into_the_certificate() {
    assertThat(enrolAttested(TestDevice.p256()).attestation()).isEqualTo(AttestationLevel.SOFTWARE);
  }

  @Test
  void refuses_evidence_about_another_key() {
    TestDevice device = TestDevice.ed25519();

    assertReason(
        test.authority()
            .enrol(attested(device, InsecureSoftwareAttestor.evidence(TestDevice.p256().key()))),
        RefusalReason.ATTESTATION);
  }

  @Test
  void refuses_a_key_that_is_attested_too_low() {
    restart(
        TestAuthority.create(settings -> settings.withAttestationMin(AttestationLevel.SOFTWARE)));

    assertRefused(
        test.authority().enrol(TestDevice.ed25519().enrolment(test.token())),
        RefusalReason.ATTESTATION,
        "evidence of at most 16384 bytes must attest the key as SOFTWARE or better");
    assertThat(enrolAttested(TestDevice.ed25519()).attestation())
        .isEqualTo(AttestationLevel.SOFTWARE);
  }

  @Test
  void never_shows_large_evidence_to_the_attestor() {
    assertReason(
        test.authority().enrol(attested(TestDevice.ed25519(), new byte[16_385])),
        RefusalReason.ATTESTATION);
  }

  // ---- limits ----

  @Test
  void gives_an_account_only_so_many_certificates_in_a_window() {
    limit(new IssuanceLimit(2, Duration.ofDays(30)), new IssuanceLimit(1_000, Duration.ofHours(1)));
    enrolAs(ACCOUNT);
    enrolAs(ACCOUNT);

    IssuanceOutcome third = tryEnrolAs(ACCOUNT);

    Duration rest = Duration.between(test.clock().instant(), Instant.parse("2026-01-07T00:00:00Z"));
    assertThat(third)
        .isEqualTo(
            Refused.until(
                RefusalReason.ACCOUNT_LIMIT, "account had its 2 certificates in PT720H", rest));
    assertThat(tryEnrolAs("cd".repeat(32))).isInstanceOf(Issued.class);
    test.clock().advance(rest);
    assertThat(tryEnrolAs(ACCOUNT)).isInstanceOf(Issued.class);
  }

  @Test
  void counts_a_repeated_request_once() {
    limit(new IssuanceLimit(1, Duration.ofDays(30)), new IssuanceLimit(1, Duration.ofHours(1)));
    TestDevice device = TestDevice.ed25519();
    String token = test.tokenOf(ACCOUNT);
    issued(test.authority().enrol(device.enrolment(token)));

    assertThat(test.authority().enrol(device.enrolment(token))).isInstanceOf(Issued.class);
  }

  @Test
  void gives_an_address_only_so_many_certificates_in_a_window() {
    limit(new IssuanceLimit(5, Duration.ofDays(30)), new IssuanceLimit(1, Duration.ofHours(1)));
    assertThat(enrolFrom("192.0.2.1")).isInstanceOf(Issued.class);

    assertThat(enrolFrom("192.0.2.1"))
        .isEqualTo(
            Refused.until(
                RefusalReason.ADDRESS_LIMIT,
                "network address had its 1 certificates in PT1H, or too many addresses are counted",
                Duration.ofHours(1)));
    assertThat(enrolFrom("192.0.2.2")).isInstanceOf(Issued.class);
    assertThat(enrolFrom("2001:db8:1:1::1")).isInstanceOf(Issued.class);
    assertReason(enrolFrom("2001:db8:1:1::2"), RefusalReason.ADDRESS_LIMIT);
    assertThat(enrolFrom("2001:db8:1:2::1")).isInstanceOf(Issued.class);
    test.clock().advance(Duration.ofHours(1));
    assertThat(enrolFrom("192.0.2.1")).isInstanceOf(Issued.class);
  }

  // ---- renewing ----

  @ParameterizedTest
  @MethodSource("devices")
  void renews_a_certificate_in_its_last_30_days(TestDevice device) {
    DeviceCertificate old = test.enrol(device);
    test.clock().advance(Duration.ofDays(60));

    DeviceCertificate renewed = issued(test.authority().renew(device.renewal(old, device)));

    assertThat(renewed.clientId()).isEqualTo(old.clientId());
    assertThat(renewed.serial()).isNotEqualTo(old.serial());
    assertThat(renewed.notAfter()).isEqualTo(old.notAfter().plus(Duration.ofDays(60)));
    assertThat(test.authority().revocationList().isRevoked(old.serial())).isFalse();
  }

  @Test
  void refuses_to_renew_a_certificate_early() {
    TestDevice device = TestDevice.ed25519();
    DeviceCertificate old = test.enrol(device);
    test.clock().advance(Duration.ofDays(59));

    assertThat(test.authority().renew(device.renewal(old, device)))
        .isEqualTo(
            Refused.until(
                RefusalReason.RENEWAL_EARLY,
                "certificate " + old.serial() + " can be renewed from 2026-03-02T00:00:00Z on",
                Duration.ofDays(1)));
  }

  @Test
  void refuses_to_renew_an_expired_certificate() {
    TestDevice device = TestDevice.ed25519();
    DeviceCertificate old = test.enrol(device);
    test.clock().advance(Duration.ofDays(90).plusSeconds(1));

    assertReason(
        test.authority().renew(device.renewal(old, device)), RefusalReason.CERTIFICATE_EXPIRED);
  }

  @Test
  void a_new_key_replaces_the_old_one() {
    TestDevice before = TestDevice.ed25519();
    TestDevice after = TestDevice.p256();
    DeviceCertificate old = test.enrol(before);
    test.clock().advance(Duration.ofDays(60));

    DeviceCertificate renewed = issued(test.authority().renew(before.renewal(old, after)));

    RevocationList list = test.authority().revocationList();
    assertThat(list.epoch()).isEqualTo(1);
    assertThat(list.isRevoked(old.serial())).isTrue();
    assertThat(list.isRevoked(renewed.serial())).isFalse();
    assertReason(test.authority().enrol(before.enrolment(test.token())), RefusalReason.KEY_REVOKED);
  }

  @Test
  void answers_a_repeated_renewal_with_the_same_certificate_and_no_other() {
    TestDevice before = TestDevice.ed25519();
    TestDevice after = TestDevice.ed25519();
    DeviceCertificate old = test.enrol(before);
    test.clock().advance(Duration.ofDays(60));
    DeviceCertificate renewed = issued(test.authority().renew(before.renewal(old, after)));

    assertThat(test.authority().renew(before.renewal(old, after)))
        .isEqualTo(new Issued(renewed, true));
    assertRefused(
        test.authority().renew(before.renewal(old, TestDevice.ed25519())),
        RefusalReason.RENEWAL_USED,
        "certificate " + old.serial() + " was renewed for another key");
  }

  @Test
  void refuses_a_renewal_by_somebody_else() {
    TestDevice device = TestDevice.ed25519();
    TestDevice thief = TestDevice.ed25519();
    DeviceCertificate old = test.enrol(device);
    test.clock().advance(Duration.ofDays(60));

    assertReason(
        test.authority().renew(thief.renewal(old, thief)), RefusalReason.RENEWAL_SIGNATURE);
  }

  @Test
  void refuses_a_renewal_whose_request_was_swapped() {
    TestDevice device = TestDevice.ed25519();
    DeviceCertificate old = test.enrol(device);
    test.clock().advance(Duration.ofDays(60));
    RenewalRequest genuine = device.renewal(old, device);

    assertReason(
        test.authority()
            .renew(
                new RenewalRequest(
                    genuine.certificate(),
                    TestDevice.ed25519().request(),
                    genuine.evidence(),
                    genuine.signature(),
                    genuine.address())),
        RefusalReason.RENEWAL_SIGNATURE);
  }

  @Test
  void refuses_to_renew_the_certificate_of_another_authority() {
    TestAuthority other = TestAuthority.create();
    TestDevice device = TestDevice.ed25519();
    DeviceCertificate foreign = other.enrol(device);
    test.clock().advance(Duration.ofDays(60));

    assertReason(
        test.authority().renew(device.renewal(foreign, device)), RefusalReason.CERTIFICATE_FOREIGN);
    other.database().close();
  }

  @Test
  void refuses_to_renew_what_is_not_in_its_books() {
    TestDevice device = TestDevice.ed25519();
    EnrolmentDatabase lost = EnrolmentDatabase.inMemory();
    EnrolmentAuthority authority = authorityWith(lost);
    DeviceCertificate old = test.enrol(device);
    test.clock().advance(Duration.ofDays(60));

    assertReason(authority.renew(device.renewal(old, device)), RefusalReason.CERTIFICATE_UNKNOWN);
    lost.close();
  }

  // ---- revoking ----

  @Test
  void a_revocation_raises_the_epoch_once() {
    DeviceCertificate certificate = test.enrol(TestDevice.ed25519());
    assertThat(test.authority().revocationList().epoch()).isZero();

    assertThat(revoke(certificate)).isEqualTo(new RevocationOutcome.Revoked(1, 1));
    assertThat(revoke(certificate)).isEqualTo(new RevocationOutcome.AlreadyRevoked(1));

    RevocationList list = test.authority().revocationList();
    assertThat(list.epoch()).isEqualTo(1);
    assertThat(list.isRevoked(certificate.serial())).isTrue();
    assertThat(list.size()).isEqualTo(1);
  }

  @Test
  void says_that_a_certificate_is_unknown() {
    SerialNumber unknown = new SerialNumber("4" + "0".repeat(39));

    assertThat(test.authority().revoke(unknown, RevocationReason.UNSPECIFIED))
        .isEqualTo(new RevocationOutcome.UnknownCertificate(unknown));
    assertThat(test.authority().revocationList().epoch()).isZero();
  }

  @Test
  void a_revocation_takes_the_whole_chain_and_all_of_the_key() {
    TestDevice device = TestDevice.ed25519();
    DeviceCertificate first = test.enrol(device);
    DeviceCertificate ofAnotherToken = test.enrol(device);
    DeviceCertificate ofAnotherDevice = test.enrol(TestDevice.ed25519());
    test.clock().advance(Duration.ofDays(60));
    DeviceCertificate renewed = issued(test.authority().renew(device.renewal(first, device)));

    assertThat(revoke(renewed)).isEqualTo(new RevocationOutcome.Revoked(1, 3));

    RevocationList list = test.authority().revocationList();
    assertThat(List.of(first, ofAnotherToken, renewed))
        .allMatch(certificate -> list.isRevoked(certificate.serial()));
    assertThat(list.isRevoked(ofAnotherDevice.serial())).isFalse();
  }

  @Test
  void a_revoked_device_gets_nothing_any_more() {
    TestDevice device = TestDevice.ed25519();
    String token = test.token();
    DeviceCertificate certificate = issued(test.authority().enrol(device.enrolment(token)));
    revoke(certificate);

    assertReason(
        test.authority().enrol(device.enrolment(token)), RefusalReason.CERTIFICATE_REVOKED);
    assertReason(test.authority().enrol(device.enrolment(test.token())), RefusalReason.KEY_REVOKED);
    test.clock().advance(Duration.ofDays(60));
    assertReason(
        test.authority().renew(device.renewal(certificate, device)),
        RefusalReason.CERTIFICATE_REVOKED);
  }

  @Test
  void signs_a_list_anew_only_when_it_changed_or_an_hour_is_over() {
    RevocationList first = test.authority().revocationList();
    assertThat(test.authority().revocationList()).isSameAs(first);
    test.clock().advance(Duration.ofMinutes(59));
    assertThat(test.authority().revocationList()).isSameAs(first);

    test.clock().advance(Duration.ofMinutes(1));
    RevocationList second = test.authority().revocationList();

    assertThat(second.issuedAt()).isEqualTo(test.clock().instant());
    assertThat(second.nextUpdate()).isEqualTo(test.clock().instant().plus(Duration.ofHours(24)));
    assertThat(second.epoch()).isEqualTo(first.epoch());
  }

  @Test
  void sees_what_another_authority_with_the_same_books_revoked() {
    DeviceCertificate certificate = test.enrol(TestDevice.ed25519());
    EnrolmentAuthority replica = authorityWith(test.database());
    assertThat(replica.revocationList().isRevoked(certificate.serial())).isFalse();

    revoke(certificate);

    assertThat(replica.revocationList().isRevoked(certificate.serial())).isTrue();
  }

  // ---- housekeeping ----

  @Test
  void forgets_what_has_ended_but_no_key_that_was_revoked() {
    TestDevice revokedDevice = TestDevice.ed25519();
    revoke(issued(test.authority().enrol(revokedDevice.enrolment(test.tokenOf(ACCOUNT)))));
    test.enrol(TestDevice.ed25519());
    assertThat(test.authority().deleteExpired()).isZero();

    test.clock().advance(Duration.ofMinutes(71));
    assertThat(test.authority().deleteExpired()).as("two tokens").isEqualTo(2);
    test.clock().advance(Duration.ofDays(97));
    assertThat(test.authority().deleteExpired())
        .as("a certificate and the count of an account")
        .isEqualTo(2);

    assertReason(
        test.authority().enrol(revokedDevice.enrolment(test.token())), RefusalReason.KEY_REVOKED);
    assertThat(test.authority().revocationList().size()).as("of those that live").isZero();
  }

  @Test
  void a_token_stays_used_when_the_clock_is_set_back() {
    String token = test.token();
    issued(test.authority().enrol(TestDevice.ed25519().enrolment(token)));
    test.clock().advance(Duration.ofMinutes(65));
    test.authority().deleteExpired();

    test.clock().advance(Duration.ofMinutes(-65));

    assertReason(
        test.authority().enrol(TestDevice.ed25519().enrolment(token)), RefusalReason.TOKEN_USED);
  }

  @Test
  void prints_no_token() {
    String token = test.tokenOf(ACCOUNT);
    EnrolmentRequest request = TestDevice.ed25519().enrolment(token);

    assertThat(request.toString()).doesNotContain(token.substring(0, 20)).doesNotContain(ACCOUNT);
    assertThat(test.authority().toString())
        .contains(test.root().certificate().fingerprint().toHex());
  }

  // ----

  private void restart(TestAuthority next) {
    test.database().close();
    test = next;
  }

  private void limit(IssuanceLimit account, IssuanceLimit address) {
    restart(TestAuthority.create(settings -> settings.withLimits(account, address)));
  }

  private EnrolmentAuthority authorityWith(EnrolmentDatabase database) {
    return new EnrolmentAuthority(
        test.root(),
        EnrolmentSettings.defaults(
            Set.of(TestAuthority.POPULATION), List.of(test.backend().publicKey())),
        database,
        Attestor.none(),
        new SecureRandom(),
        test.clock());
  }

  private RevocationOutcome revoke(DeviceCertificate certificate) {
    return test.authority().revoke(certificate.serial(), RevocationReason.KEY_COMPROMISE);
  }

  private void enrolAs(String account) {
    issued(tryEnrolAs(account));
  }

  private IssuanceOutcome tryEnrolAs(String account) {
    return test.authority().enrol(TestDevice.ed25519().enrolment(test.tokenOf(account)));
  }

  private IssuanceOutcome enrolFrom(String address) {
    return test.authority()
        .enrol(
            new EnrolmentRequest(
                test.token(),
                TestDevice.ed25519().request(),
                TestDevice.NO_EVIDENCE,
                TestDevice.address(address)));
  }

  private DeviceCertificate enrolAttested(TestDevice device) {
    return issued(
        test.authority().enrol(attested(device, InsecureSoftwareAttestor.evidence(device.key()))));
  }

  private EnrolmentRequest attested(TestDevice device, byte[] evidence) {
    return new EnrolmentRequest(
        test.token(), device.request(), evidence, TestDevice.address("192.0.2.1"));
  }

  private static void assertReason(IssuanceOutcome outcome, RefusalReason reason) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static void assertRefused(IssuanceOutcome outcome, RefusalReason reason, String message) {
    assertThat(outcome).isEqualTo(new Refused(reason, message, Optional.empty()));
  }
}
