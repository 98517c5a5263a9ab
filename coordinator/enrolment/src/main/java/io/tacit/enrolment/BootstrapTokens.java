package io.tacit.enrolment;

import static io.tacit.enrolment.RefusalReason.TOKEN_AUDIENCE;
import static io.tacit.enrolment.RefusalReason.TOKEN_EXPIRED;
import static io.tacit.enrolment.RefusalReason.TOKEN_LIFETIME;
import static io.tacit.enrolment.RefusalReason.TOKEN_MALFORMED;
import static io.tacit.enrolment.RefusalReason.TOKEN_NOT_YET_VALID;
import static io.tacit.enrolment.RefusalReason.TOKEN_SIGNATURE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacit.protocol.crypto.IdentityKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks bootstrap tokens: compact JWS (RFC 7515) with the claims of {@link BootstrapTokenMint}.
 *
 * <p>Guarantee: whose claims are returned was signed by a trusted key, with the one algorithm there
 * is (RFC 8725, section 3.1), for one of these populations, and is valid now. Whether it was used
 * is for the books to say. No claim is read before its signature holds. Thread-safe.
 */
final class BootstrapTokens {

  /** A token of the mint has about 300 characters. */
  static final int LENGTH_MAX = 2_048;

  /** How far the clock of the backend may be ahead. Behind, it only shortens the token's life. */
  static final Duration CLOCK_SKEW = Duration.ofMinutes(2);

  private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();
  private static final long YEAR_9999 = 253_402_300_799L;

  private final List<IdentityKey> trusted;
  private final Set<String> populations;
  private final Clock clock;

  BootstrapTokens(List<IdentityKey> trusted, Set<String> populations, Clock clock) {
    this.trusted = List.copyOf(trusted);
    this.populations = Set.copyOf(populations);
    this.clock = clock;
  }

  /** The claims of a token, or why it does not hold. */
  TokenCheck check(String token) {
    if (token.length() > LENGTH_MAX) {
      return Refused.because(
          TOKEN_MALFORMED,
          "token has " + token.length() + " characters, may have at most " + LENGTH_MAX);
    }
    int firstDot = token.indexOf('.');
    int lastDot = token.lastIndexOf('.');
    if (firstDot < 0 || firstDot == lastDot) {
      return malformed("is not three parts of base64url with dots between");
    }
    byte[] header;
    byte[] claims;
    byte[] signature;
    try {
      header = BASE64.decode(token.substring(0, firstDot));
      claims = BASE64.decode(token.substring(firstDot + 1, lastDot));
      signature = BASE64.decode(token.substring(lastDot + 1));
    } catch (IllegalArgumentException e) {
      return malformed("is not three parts of base64url with dots between");
    }
    if (!token.endsWith("." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature))) {
      // The decoder lets the last character vary in bits that mean nothing.
      return malformed("has a signature that is not in the one form of base64url");
    }
    Optional<FlatJson> readHeader = FlatJson.read(header);
    if (readHeader.isEmpty()
        || !readHeader.get().text("alg").equals(Optional.of("EdDSA"))
        // An extension that has to be understood (RFC 7515, section 4.1.11); none is.
        || readHeader.get().has("crit")) {
      return malformed("has not the header {\"alg\":\"EdDSA\"}");
    }
    byte[] signed = token.substring(0, lastDot).getBytes(US_ASCII);
    if (trusted.stream().noneMatch(key -> key.verifies(signed, signature))) {
      return Refused.because(
          TOKEN_SIGNATURE,
          "token is not signed by a backend that this authority trusts; give it the backend's key");
    }
    Optional<FlatJson> readClaims = FlatJson.read(claims);
    return readClaims.isEmpty()
        ? malformed("has claims that are not one JSON object")
        : checkClaims(readClaims.get());
  }

  private TokenCheck checkClaims(FlatJson claims) {
    Optional<String> audience = claims.text("aud");
    Optional<String> id = claims.text("jti").filter(BootstrapToken::isId);
    Optional<Instant> issuedAt = instant(claims, "iat");
    Optional<Instant> expiresAt = instant(claims, "exp");
    Optional<String> account = claims.text("account").filter(BootstrapToken::isAccount);
    if (audience.isEmpty() || issuedAt.isEmpty() || expiresAt.isEmpty()) {
      return malformed("must have one aud (text), and iat and exp (whole seconds since 1970)");
    }
    if (id.isEmpty()) {
      return malformed(
          "must have a jti of "
              + BootstrapToken.ID_LENGTH_MIN
              + " to "
              + BootstrapToken.ID_LENGTH_MAX
              + " characters");
    }
    if (claims.has("account") && account.isEmpty()) {
      return malformed(
          "has an account that is not 64 lower-case hex digits; give its HMAC-SHA256, never the"
              + " account");
    }
    if (!populations.contains(audience.get())) {
      return Refused.because(
          TOKEN_AUDIENCE,
          "token is not for a population of this authority, which has " + populations);
    }
    Instant now = clock.instant();
    Duration lifetime = Duration.between(issuedAt.get(), expiresAt.get());
    if (lifetime.compareTo(EnrolmentSettings.TOKEN_LIFETIME_MAX) > 0
        || lifetime.compareTo(Duration.ZERO) <= 0) {
      return Refused.because(
          TOKEN_LIFETIME,
          "token ends "
              + lifetime
              + " after it was issued, may live more than PT0S and at most "
              + EnrolmentSettings.TOKEN_LIFETIME_MAX);
    }
    if (!now.isBefore(expiresAt.get())) {
      return Refused.because(
          TOKEN_EXPIRED,
          "token expired at " + expiresAt.get() + ", it is " + now + "; get a new one");
    }
    if (issuedAt.get().isAfter(now.plus(CLOCK_SKEW))) {
      return Refused.until(
          TOKEN_NOT_YET_VALID,
          "token was issued at " + issuedAt.get() + ", it is " + now + "; set the backend's clock",
          Duration.between(now.plus(CLOCK_SKEW), issuedAt.get()));
    }
    return new BootstrapToken(
        audience.get(), BootstrapToken.hashOfId(id.get()), expiresAt.get(), account);
  }

  private static Optional<Instant> instant(FlatJson claims, String name) {
    return claims
        .integer(name)
        .filter(seconds -> seconds >= 0 && seconds <= YEAR_9999)
        .map(Instant::ofEpochSecond);
  }

  private static Refused malformed(String what) {
    return Refused.because(TOKEN_MALFORMED, "token " + what);
  }
}
