package io.tacit.enrolment;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.testing.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTokensTest {

  private static final String HEADER = "{\"alg\":\"EdDSA\"}";
  private static final String ID = "0123456789abcdef";

  private final SettableClock clock = SettableClock.at(Instant.ofEpochSecond(1_000_000));
  private final IdentityKeyPair key = IdentityKeyPair.generate(new SecureRandom());
  private final BootstrapTokenMint mint = new BootstrapTokenMint(key, new SecureRandom(), clock);
  private final BootstrapTokens tokens =
      new BootstrapTokens(List.of(key.publicKey()), Set.of("shop"), clock);

  @Test
  void accepts_what_the_mint_makes() {
    String account = "0123456789abcdef".repeat(4);

    TokenCheck check =
        tokens.check(mint.mint("shop", Duration.ofMinutes(10), Optional.of(account)));

    assertThat(check)
        .isInstanceOfSatisfying(
            BootstrapToken.class,
            token -> {
              assertThat(token.population()).isEqualTo("shop");
              assertThat(token.account()).contains(account);
              assertThat(token.expiresAt()).isEqualTo(clock.instant().plusSeconds(600));
            });
  }

  @Test
  void accepts_other_spellings_of_the_same_claims() {
    String claims =
        " { \"exp\" : 1000600 , \"iss\":{\"a\":[1,{}]}, \"aud\":[\"shop\"], \"iat\":1000000,"
            + " \"jti\":\""
            + ID
            + "\", \"x\":1.5, \"y\":null } ";

    assertThat(tokens.check(token("{\"kid\":\"1\",\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", claims)))
        .isInstanceOf(BootstrapToken.class);
  }

  @Test
  void gives_each_token_another_id() {
    assertThat(claims(tokens.check(mint("shop"))).id())
        .isNotEqualTo(claims(tokens.check(mint("shop"))).id());
  }

  /** RFC 8037, appendix A.4: its payload is no JSON, so a good signature gets as far as that. */
  @Test
  void verifies_the_signature_of_rfc_8037() {
    IdentityKeyPair published =
        IdentityKeyPair.fromSeed(
            HexFormat.of()
                .parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    BootstrapTokens verifier =
        new BootstrapTokens(List.of(published.publicKey()), Set.of("shop"), clock);
    String jws =
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
            + ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

    assertThat(published.publicKey().toBytes())
        .isEqualTo(
            HexFormat.of()
                .parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    assertRefused(
        verifier.check(jws),
        RefusalReason.TOKEN_MALFORMED,
        "token has claims that are not one JSON object");
    assertReason(verifier.check(jws.replace("hgyY", "hgyZ")), RefusalReason.TOKEN_SIGNATURE);
  }

  @Test
  void refuses_a_foreign_signature() {
    BootstrapTokenMint other =
        new BootstrapTokenMint(
            IdentityKeyPair.generate(new SecureRandom()), new SecureRandom(), clock);

    assertRefused(
        tokens.check(other.mint("shop", Duration.ofMinutes(1), Optional.empty())),
        RefusalReason.TOKEN_SIGNATURE,
        "token is not signed by a backend that this authority trusts; give it the backend's key");
  }

  @Test
  void accepts_the_old_key_of_the_backend_beside_the_new_one() {
    IdentityKey next = IdentityKeyPair.generate(new SecureRandom()).publicKey();

    assertThat(
            new BootstrapTokens(List.of(next, key.publicKey()), Set.of("shop"), clock)
                .check(mint("shop")))
        .isInstanceOf(BootstrapToken.class);
  }

  @Test
  void refuses_claims_that_were_altered() {
    String[] parts = mint("shop").split("\\.");
    String altered = base64(claimsJson("shop", 1_000_000, 1_000_601));

    assertReason(
        tokens.check(parts[0] + "." + altered + "." + parts[2]), RefusalReason.TOKEN_SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"eddsa\"}",
        "{\"alg\":[\"EdDSA\",\"none\"]}",
        "{\"alg\":\"EdDSA\",\"alg\":\"none\"}",
        "{\"alg\":\"EdDSA\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"typ\":\"JWT\"}",
        "[]",
        ""
      })
  void refuses_another_algorithm(String header) {
    assertRefused(
        tokens.check(token(header, claimsJson("shop", 1_000_000, 1_000_600))),
        RefusalReason.TOKEN_MALFORMED,
        "token has not the header {\"alg\":\"EdDSA\"}");
  }

  @Test
  void refuses_a_token_without_a_signature() {
    String unsigned = base64(HEADER) + "." + base64(claimsJson("shop", 1_000_000, 1_000_600));

    assertReason(tokens.check(unsigned + "."), RefusalReason.TOKEN_SIGNATURE);
    assertReason(tokens.check(unsigned), RefusalReason.TOKEN_MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c.d", "é.é.é", "e30.e30.e3", "=.=.="})
  void refuses_what_is_no_token(String text) {
    assertReason(tokens.check(text), RefusalReason.TOKEN_MALFORMED);
  }

  @Test
  void refuses_a_long_token_unread() {
    assertRefused(
        tokens.check(mint("shop") + "a".repeat(2_048)),
        RefusalReason.TOKEN_MALFORMED,
        "token has " + (2_048 + mint("shop").length()) + " characters, may have at most 2048");
  }

  @Test
  void refuses_another_audience() {
    assertRefused(
        tokens.check(mint("bank")),
        RefusalReason.TOKEN_AUDIENCE,
        "token is not for a population of this authority, which has [shop]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"aud\":[\"shop\",\"bank\"],\"jti\":\"0123456789abcdef\",\"iat\":1000000,\"exp\":1000600}",
        "{\"jti\":\"0123456789abcdef\",\"iat\":1000000,\"exp\":1000600}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"exp\":1000600}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":1000000}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":-1,\"exp\":1000600}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":1000000,\"exp\":99999999999999999999}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":1000000,\"exp\":9223372036854775807}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":1000000,\"exp\":1000600.5}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":\"1000000\",\"exp\":\"1000600\"}",
        "{\"aud\":\"shop\",\"jti\":\"short\",\"iat\":1000000,\"exp\":1000600}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":1000000,\"exp\":1000600,\"account\":\"ann@example.org\"}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":1000000,\"exp\":1000600,\"account\":7}",
        "{\"aud\":\"shop\",\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":1000000,\"exp\":1000600}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":1000000,\"exp\":1000600} {}",
        "{\"aud\":\"shop\",\"jti\":\"0123456789abcdef\",\"iat\":1000000,\"exp\":1000600,\"d\":[[[[[[[]]]]]]]}"
      })
  void refuses_claims_that_are_missing_or_of_another_kind(String claims) {
    assertReason(tokens.check(token(HEADER, claims)), RefusalReason.TOKEN_MALFORMED);
  }

  @Test
  void never_repeats_an_account_that_is_not_hashed() {
    String claims =
        "{\"aud\":\"shop\",\"jti\":\""
            + ID
            + "\",\"iat\":1000000,\"exp\":1000600,\"account\":\"ann@example.org\"}";

    assertThat(tokens.check(token(HEADER, claims)).toString()).doesNotContain("ann@example.org");
  }

  @Test
  void refuses_a_token_from_the_second_on_in_which_it_expires() {
    String token = mint("shop");
    clock.advance(Duration.ofSeconds(599));
    assertThat(tokens.check(token)).isInstanceOf(BootstrapToken.class);

    clock.advance(Duration.ofSeconds(1));

    assertRefused(
        tokens.check(token),
        RefusalReason.TOKEN_EXPIRED,
        "token expired at 1970-01-12T13:56:40Z, it is 1970-01-12T13:56:40Z; get a new one");
  }

  @Test
  void refuses_a_token_that_lives_longer_than_ten_minutes() {
    assertRefused(
        tokens.check(token(HEADER, claimsJson("shop", 1_000_000, 1_000_601))),
        RefusalReason.TOKEN_LIFETIME,
        "token ends PT10M1S after it was issued, may live more than PT0S and at most PT10M");
    assertReason(
        tokens.check(token(HEADER, claimsJson("shop", 1_000_000, 1_000_000))),
        RefusalReason.TOKEN_LIFETIME);
  }

  @Test
  void allows_the_backends_clock_to_be_two_minutes_ahead() {
    assertThat(tokens.check(token(HEADER, claimsJson("shop", 1_000_120, 1_000_600))))
        .isInstanceOf(BootstrapToken.class);

    assertThat(tokens.check(token(HEADER, claimsJson("shop", 1_000_121, 1_000_600))))
        .isEqualTo(
            Refused.until(
                RefusalReason.TOKEN_NOT_YET_VALID,
                "token was issued at 1970-01-12T13:48:41Z, it is 1970-01-12T13:46:40Z; set the"
                    + " backend's clock",
                Duration.ofSeconds(1)));
  }

  @Test
  void mints_only_what_it_would_accept() {
    assertThatThrownBy(() -> mint.mint("shop", Duration.ofSeconds(601), Optional.empty()))
        .hasMessage("lifetime is PT10M1S, must be PT1S to PT10M");
    assertThatThrownBy(() -> mint.mint("Shop", Duration.ofSeconds(1), Optional.empty()))
        .hasMessageContaining("population is \"Shop\"");
    assertThatThrownBy(() -> mint.mint("shop", Duration.ofSeconds(1), Optional.of("ann")))
        .hasMessage(
            "account must be 64 lower-case hex digits; give its HMAC-SHA256, never the account");
  }

  private String mint(String population) {
    return mint.mint(population, Duration.ofMinutes(10), Optional.empty());
  }

  private static String claimsJson(String audience, long issuedAt, long expiresAt) {
    return "{\"aud\":\""
        + audience
        + "\",\"jti\":\""
        + ID
        + "\",\"iat\":"
        + issuedAt
        + ",\"exp\":"
        + expiresAt
        + "}";
  }

  private String token(String header, String claims) {
    String signed = base64(header) + "." + base64(claims);
    return signed
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(key.sign(signed.getBytes(US_ASCII)));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(US_ASCII));
  }

  private static BootstrapToken claims(TokenCheck check) {
    return (BootstrapToken) check;
  }

  private static void assertReason(TokenCheck check, RefusalReason reason) {
    assertThat(check)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static void assertRefused(TokenCheck check, RefusalReason reason, String message) {
    assertThat(check).isEqualTo(Refused.because(reason, message));
  }
}
