package io.tacit.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.protocol.ContentHash;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The claims of a one-time token that the app's backend gives a device that it knows, checked but
 * for whether it was used.
 *
 * @param population whom the device may join
 * @param id the SHA-256 of the token's own id (claim jti), in hex
 * @param expiresAt when the token ends
 * @param account the hash by which the backend knows the account, if limits are to apply to it
 */
record BootstrapToken(String population, String id, Instant expiresAt, Optional<String> account)
    implements TokenCheck {

  /** Lengths of a token's own id, in characters: 16 of base64 are 96 random bits. */
  static final int ID_LENGTH_MIN = 16;

  static final int ID_LENGTH_MAX = 128;

  private static final Pattern ACCOUNT = Pattern.compile("[0-9a-f]{64}");

  static boolean isId(String jti) {
    return jti.length() >= ID_LENGTH_MIN && jti.length() <= ID_LENGTH_MAX;
  }

  static boolean isAccount(String account) {
    return ACCOUNT.matcher(account).matches();
  }

  static String hashOfId(String jti) {
    return ContentHash.of(jti.getBytes(UTF_8)).toHex();
  }
}
