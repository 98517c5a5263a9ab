package io.tacit.coordinator.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.service.access.Challenges.Spending;
import io.tacit.coordinator.service.access.LoginRefusal.Reason;
import io.tacit.enrolment.CertificateVerifier;
import io.tacit.enrolment.DeviceCertificate;
import io.tacit.enrolment.RevocationList;
import io.tacit.enrolment.RevocationReason;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.testing.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginsTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final SettableClock clock = SettableClock.create();
  private final TestAuthority authority = TestAuthority.create(clock);
  private final CallTokens tokens =
      new CallTokens(
          SecretKey.generate(RANDOM), () -> authority.authority().revocationList(), clock);
  private final Logins logins = loginsWith(100);

  private final IdentityKeyPair keys = IdentityKeyPair.generate(RANDOM);
  private final DeviceCertificate certificate = authority.certify(keys);

  private Logins loginsWith(int spentMax) {
    Challenges challenges = new Challenges(SecretKey.generate(RANDOM), RANDOM, clock, spentMax);
    return new Logins(challenges, authority.verifier(), tokens);
  }

  private byte[] sign(IdentityKeyPair by, byte[] challenge) {
    return by.sign(Transcript.login(challenge, certificate.thumbprint()));
  }

  private LoginOutcome answer(byte[] challenge) {
    return logins.login(challenge, certificate.toDer(), sign(keys, challenge));
  }

  private static Reason reason(LoginOutcome outcome) {
    return ((LoginRefusal) outcome).reason();
  }

  @Test
  void the_holder_of_a_certificate_gets_a_token() {
    CallTokens.Granted granted = (CallTokens.Granted) answer(logins.challenge());

    assertThat(((CallToken) tokens.check(granted.text())).client())
        .isEqualTo(certificate.clientId());
  }

  @Test
  void nobody_is_let_in_by_a_revocation_list_whose_time_is_over() {
    RevocationList list = authority.authority().revocationList();
    CertificateVerifier cutOff =
        new CertificateVerifier(authority.authority().rootCertificate(), () -> list, clock);
    Challenges challenges = new Challenges(RANDOM, clock);
    clock.set(list.nextUpdate().plusSeconds(1));
    byte[] challenge = challenges.issue();

    assertThat(
            new Logins(challenges, cutOff, tokens)
                .login(challenge, certificate.toDer(), sign(keys, challenge)))
        .isEqualTo(new LoginOutcome.Unavailable());
  }

  @Test
  void a_challenge_is_answered_once() {
    byte[] challenge = logins.challenge();
    answer(challenge);

    assertThat(reason(answer(challenge))).isEqualTo(Reason.CHALLENGE);
  }

  @Test
  void a_wrong_answer_does_not_spend_the_challenge() {
    byte[] challenge = logins.challenge();
    byte[] wrong = sign(IdentityKeyPair.generate(RANDOM), challenge);

    assertThat(reason(logins.login(challenge, certificate.toDer(), wrong)))
        .isEqualTo(Reason.BAD_SIGNATURE);
    assertThat(answer(challenge)).isInstanceOf(CallTokens.Granted.class);
  }

  @Test
  void a_challenge_lives_a_minute() {
    byte[] challenge = logins.challenge();
    clock.advance(Challenges.LIFETIME);

    assertThat(reason(answer(challenge))).isEqualTo(Reason.CHALLENGE);
  }

  @Test
  void no_byte_of_a_challenge_can_be_changed() {
    byte[] challenge = logins.challenge();
    for (int i = 0; i < challenge.length; i++) {
      byte[] altered = challenge.clone();
      altered[i] ^= 1;
      assertThat(reason(answer(altered))).as("byte " + i).isEqualTo(Reason.CHALLENGE);
    }
    assertThat(reason(answer(new byte[0]))).isEqualTo(Reason.CHALLENGE);
  }

  @Test
  void a_challenge_of_another_process_is_none() {
    assertThat(reason(answer(loginsWith(100).challenge()))).isEqualTo(Reason.CHALLENGE);
  }

  @Test
  void the_certificate_of_another_authority_is_refused() {
    byte[] foreign = TestAuthority.create(clock).certify(keys).toDer();
    byte[] challenge = logins.challenge();

    assertThat(reason(logins.login(challenge, foreign, sign(keys, challenge))))
        .isEqualTo(Reason.CERTIFICATE);
    assertThat(reason(logins.login(challenge, new byte[3], sign(keys, challenge))))
        .isEqualTo(Reason.CERTIFICATE);
  }

  @Test
  void a_revoked_and_an_expired_certificate_are_told_apart() {
    authority.authority().revoke(certificate.serial(), RevocationReason.UNSPECIFIED);
    assertThat(reason(answer(logins.challenge()))).isEqualTo(Reason.REVOKED);

    clock.advance(Duration.ofDays(91));
    assertThat(reason(answer(logins.challenge()))).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void remembers_no_more_challenges_than_it_may_and_forgets_those_that_ended() {
    Challenges challenges = new Challenges(SecretKey.generate(RANDOM), RANDOM, clock, 2);
    byte[] first = challenges.issue();

    assertThat(challenges.spend(first)).isEqualTo(Spending.SPENT_NOW);
    assertThat(challenges.spend(first)).isEqualTo(Spending.SPENT_BEFORE);
    assertThat(challenges.spend(challenges.issue())).isEqualTo(Spending.SPENT_NOW);
    assertThat(challenges.spend(challenges.issue())).isEqualTo(Spending.TOO_MANY);
    clock.advance(Challenges.LIFETIME);
    assertThat(challenges.spend(challenges.issue())).isEqualTo(Spending.SPENT_NOW);
  }
}
