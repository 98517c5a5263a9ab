package io.tacit.enrolment;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The textual encoding of keys and certificates (RFC 7468). */
final class Pem {

  static final String CERTIFICATE = "CERTIFICATE";
  static final String PRIVATE_KEY = "PRIVATE KEY";

  private static final int LINE_LENGTH = 64;
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z ]+)-----\\s+([A-Za-z0-9+/=\\s]+?)\\s+-----END \\1-----\\s*");

  private Pem() {}

  /** A labelled block of bytes. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Block(String label, byte[] bytes) {

    /** The label only: the bytes may be a key. */
    @Override
    public String toString() {
      return "Block[" + label + ", " + bytes.length + " bytes]";
    }
  }

  static String write(String label, byte[] bytes) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(LINE_LENGTH, "\n".getBytes(US_ASCII)).encodeToString(bytes)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /** The blocks of a text; empty if there is anything else in it. */
  static Optional<List<Block>> read(String text) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    int end = 0;
    while (end < text.length() && matcher.find(end) && matcher.start() == end) {
      try {
        blocks.add(
            new Block(
                matcher.group(1),
                Base64.getDecoder().decode(matcher.group(2).replaceAll("\\s", ""))));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
      end = matcher.end();
    }
    return end == text.length() ? Optional.of(blocks) : Optional.empty();
  }
}
