package io.tacit.cli.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What proves to a coordinator who is asking: its admin token, or a token of the issuer that it
 * trusts. Never shown by {@link #toString}, nor by any message.
 */
public final class AccessToken {

  private static final int CHARACTERS_MAX = 16 * 1024;
  private static final int SECRET_BYTES = 32;

  private final String text;

  private AccessToken(String text) {
    this.text = text;
  }

  /**
   * A token as it was given, blanks and line ends around it left out.
   *
   * @param source where it comes from, for the message
   * @throws IllegalArgumentException if it is empty, has blanks or other characters that no token
   *     has, or is longer than 16,384 characters
   */
  public static AccessToken of(String text, String source) {
    String token = text.strip();
    if (token.length() > CHARACTERS_MAX || !token.matches("[A-Za-z0-9._~+/=-]+")) {
      throw new IllegalArgumentException(
          source
              + " holds "
              + token.length()
              + " characters that are no token, must hold 1 to "
              + CHARACTERS_MAX
              + " letters, digits and ._~+/=- and nothing else");
    }
    return new AccessToken(token);
  }

  /**
   * The token in a file.
   *
   * @throws IOException if it can not be read
   * @throws IllegalArgumentException if it holds no token
   */
  public static AccessToken read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(new String(in.readNBytes(2 * CHARACTERS_MAX), UTF_8), file.toString());
    }
  }

  /** A new admin token, for a coordinator that is given its {@link #hash}. */
  public static AccessToken generate(SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new AccessToken(
        "tacit-admin-" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  /** What a coordinator may know of it. */
  public ContentHash hash() {
    return ContentHash.of(text.getBytes(UTF_8));
  }

  /** The secret itself, for who is to use it. */
  public String reveal() {
    return text;
  }

  String header() {
    return "Bearer " + text;
  }

  @Override
  public String toString() {
    return "AccessToken of " + text.length() + " characters";
  }
}
