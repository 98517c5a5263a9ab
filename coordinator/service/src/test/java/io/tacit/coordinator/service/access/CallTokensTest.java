package io.tacit.coordinator.service.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.enrolment.DeviceCertificate;
import io.tacit.enrolment.RevocationReason;
import io.tacit.enrolment.SerialNumber;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.testing.Fuzz;
import io.tacit.testing.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CallTokensTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final SettableClock clock = SettableClock.create();
  private final TestAuthority authority = TestAuthority.create(clock);
  private final CallTokens tokens = tokensUnder(SecretKey.generate(RANDOM));

  private CallTokens tokensUnder(SecretKey key) {
    return new CallTokens(key, () -> authority.authority().revocationList(), clock);
  }

  private DeviceCertificate certificate() {
    return authority.certify(IdentityKeyPair.generate(RANDOM));
  }

  @Test
  void a_token_says_for_whom_it_was_given() {
    DeviceCertificate certificate = certificate();

    CallTokens.Granted granted = tokens.grant(certificate);

    assertThat(granted.lifetime()).isBetween(Duration.ofMinutes(14), Duration.ofMinutes(15));
    CallToken token = (CallToken) tokens.check(granted.text());
    assertThat(token.client()).isEqualTo(certificate.clientId());
    assertThat(token.certificate()).isEqualTo(certificate.thumbprint());
    assertThat(token.serial()).isEqualTo(certificate.serial());
    assertThat(token.population()).isEqualTo("shop");
  }

  /** Computed with Python's hmac and base64. */
  @Test
  void its_bytes_are_those_of_another_implementation() {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    CallToken token =
        new CallToken(
            ClientId.fromBytes(filled(0x11)),
            ContentHash.fromDigest(filled(0x22)),
            new SerialNumber("4" + "0123456789".repeat(3) + "abcdefabc"),
            "shop",
            Instant.ofEpochSecond(1_800_000_000));

    assertThat(tokensUnder(SecretKey.of(key)).encode(token))
        .isEqualTo(
            "AQAAAABrSdIAEREREREREREREREREREREREREREREREREREREREREREiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIi"
                + "IiIiIiIkASNFZ4kBI0VniQEjRWeJq83vq8c2hvcHS5b-QgPdJAi7371AQ7D-C7ImYPi5-JyYW62vxCGw8p");
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void no_character_can_be_changed_removed_or_added() {
    String text = tokens.grant(certificate()).text();
    for (int i = 0; i < text.length(); i++) {
      for (char other : new char[] {'A', 'B', '_', '=', '.', ' '}) {
        if (text.charAt(i) != other) {
          assertInvalid(text.substring(0, i) + other + text.substring(i + 1));
        }
      }
      assertInvalid(text.substring(0, i) + text.substring(i + 1));
      if (i > 0) {
        assertInvalid(text.substring(0, i));
      }
    }
    assertInvalid(text + "A");
    assertInvalid("x".repeat(10_000));
  }

  private void assertInvalid(String text) {
    assertThat(tokens.check(text)).as(text).isEqualTo(TokenFault.TOKEN_INVALID);
  }

  @Test
  void one_of_another_coordinator_is_invalid() {
    String other = tokensUnder(SecretKey.generate(RANDOM)).grant(certificate()).text();

    assertInvalid(other);
  }

  @Test
  void none_is_missing() {
    assertThat(tokens.check(null)).isEqualTo(TokenFault.TOKEN_MISSING);
    assertThat(tokens.check("")).isEqualTo(TokenFault.TOKEN_MISSING);
  }

  @Test
  void it_lives_a_quarter_of_an_hour() {
    String text = tokens.grant(certificate()).text();

    clock.advance(Duration.ofMinutes(15).minusSeconds(2));
    assertThat(tokens.check(text)).isInstanceOf(CallToken.class);
    clock.advance(Duration.ofSeconds(2));
    assertThat(tokens.check(text)).isEqualTo(TokenFault.TOKEN_EXPIRED);
  }

  @Test
  void it_ends_with_its_certificate() {
    DeviceCertificate certificate = certificate();
    clock.advance(Duration.between(clock.instant(), certificate.notAfter()).minusSeconds(5));

    assertThat(tokens.grant(certificate).lifetime()).isLessThan(Duration.ofSeconds(6));
  }

  @Test
  void it_is_void_when_its_certificate_is_revoked() {
    DeviceCertificate certificate = certificate();
    String text = tokens.grant(certificate).text();

    authority.authority().revoke(certificate.serial(), RevocationReason.KEY_COMPROMISE);

    assertThat(tokens.check(text)).isEqualTo(TokenFault.CERTIFICATE_REVOKED);
  }

  @Test
  void it_is_not_printed() {
    CallTokens.Granted granted = tokens.grant(certificate());

    assertThat(granted.toString()).doesNotContain(granted.text()).contains("characters");
  }

  @Test
  @Tag(Fuzz.TAG)
  void damaged_text_is_no_token_and_never_a_fault() {
    DeviceCertificate certificate = certificate();
    String sound = tokens.grant(certificate).text();
    Fuzz.of(sound.getBytes(US_ASCII))
        .feed(
            input -> {
              String text = new String(input, ISO_8859_1);
              TokenCheck check = tokens.check(text);
              assertThat(check instanceof CallToken).isEqualTo(text.equals(sound));
            });
  }
}
