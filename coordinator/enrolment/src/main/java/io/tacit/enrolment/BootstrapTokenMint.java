package io.tacit.enrolment;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacit.protocol.Names;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * Makes bootstrap tokens, as the backend of an app does with the JWT library of its language: a
 * compact JWS (RFC 7515) signed by EdDSA (RFC 8037) whose claims are {@code aud} (the population),
 * {@code jti} (16 to 128 characters that never come again), {@code iat}, {@code exp} (whole
 * seconds) and optionally {@code account}.
 *
 * <p>Assumes: the signing key is the backend's, and never comes to the authority. Thread-safe.
 */
public final class BootstrapTokenMint {

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String HEADER = base64("{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}");
  private static final int ID_BYTES = 16;

  private final IdentityKeyPair signingKey;
  private final SecureRandom random;
  private final Clock clock;

  /** A mint of the holder of this key. */
  public BootstrapTokenMint(IdentityKeyPair signingKey, SecureRandom random, Clock clock) {
    this.signingKey = signingKey;
    this.random = random;
    this.clock = clock;
  }

  /** The key that an authority has to trust. */
  public IdentityKey publicKey() {
    return signingKey.publicKey();
  }

  /**
   * A token.
   *
   * @param population whom the device may join
   * @param lifetime from now, 1 second to {@link EnrolmentSettings#TOKEN_LIFETIME_MAX}
   * @param account 64 lower-case hex digits: an HMAC-SHA256 of the account under a key that only
   *     the backend has (a plain hash of a mail address is easily guessed); or nothing
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public String mint(String population, Duration lifetime, Optional<String> account) {
    Names.check("population", population);
    if (lifetime.getSeconds() < 1 || lifetime.compareTo(EnrolmentSettings.TOKEN_LIFETIME_MAX) > 0) {
      throw new IllegalArgumentException(
          "lifetime is " + lifetime + ", must be PT1S to " + EnrolmentSettings.TOKEN_LIFETIME_MAX);
    }
    if (account.isPresent() && !BootstrapToken.isAccount(account.get())) {
      throw new IllegalArgumentException(
          "account must be 64 lower-case hex digits; give its HMAC-SHA256, never the account");
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    long now = clock.instant().getEpochSecond();
    // No claim needs escaping: names, base64, hex and integers.
    String claims =
        "{\"aud\":\""
            + population
            + "\",\"jti\":\""
            + BASE64.encodeToString(id)
            + "\",\"iat\":"
            + now
            + ",\"exp\":"
            + (now + lifetime.getSeconds())
            + account.map(hash -> ",\"account\":\"" + hash + "\"").orElse("")
            + "}";
    return sign(HEADER + "." + base64(claims));
  }

  /** Appends the signature. */
  private String sign(String signed) {
    return signed + "." + BASE64.encodeToString(signingKey.sign(signed.getBytes(US_ASCII)));
  }

  private static String base64(String json) {
    return BASE64.encodeToString(json.getBytes(US_ASCII));
  }

  @Override
  public String toString() {
    return "BootstrapTokenMint[" + signingKey + "]";
  }
}
