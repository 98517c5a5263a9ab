package io.tacit.simulation.quality;

import io.tacit.protocol.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Lines with the SHA-256 of all of them at the end, so that a file that was cut off or edited is
 * not taken for a result.
 */
final class SealedText {

  private static final String DIGEST = "sha256 ";

  private SealedText() {}

  static byte[] seal(String lines) {
    return (lines + DIGEST + digest(lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The lines, if they are those that were sealed. */
  static Optional<String> open(byte[] content) {
    String all = new String(content, StandardCharsets.UTF_8);
    int end = all.lastIndexOf(DIGEST);
    return end >= 0 && all.substring(end).equals(DIGEST + digest(all.substring(0, end)) + "\n")
        ? Optional.of(all.substring(0, end))
        : Optional.empty();
  }

  private static String digest(String text) {
    return ContentHash.of(text.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
