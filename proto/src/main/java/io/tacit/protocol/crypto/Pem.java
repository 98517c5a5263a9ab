package io.tacit.protocol.crypto;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ed25519 keys in PEM (RFC 8410), as OpenSSL and the JDK write them. Their DER is a constant prefix
 * and 32 bytes, so nothing has to be parsed.
 */
enum Pem {
  /** PKCS#8, version 1, without the public key. */
  PRIVATE("PRIVATE KEY", 0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20),
  /** X.509 SubjectPublicKeyInfo. */
  PUBLIC("PUBLIC KEY", 0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

  /** Both kinds of key have so many bytes. */
  private static final int KEY_LENGTH = 32;

  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final String label;
  private final byte[] prefix;
  private final Pattern block;

  Pem(String label, int... prefix) {
    this.label = label;
    this.prefix = new byte[prefix.length];
    for (int i = 0; i < prefix.length; i++) {
      this.prefix[i] = (byte) prefix[i];
    }
    this.block =
        Pattern.compile(
            "-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]*)-----END " + label + "-----");
  }

  String write(byte[] key) {
    byte[] der = Arrays.copyOf(prefix, prefix.length + KEY_LENGTH);
    System.arraycopy(key, 0, der, prefix.length, KEY_LENGTH);
    return "-----BEGIN "
        + label
        + "-----\n"
        + LINES.encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /**
   * All keys of this kind in a text; what stands around them is ignored.
   *
   * @return 32 bytes each
   * @throws IllegalArgumentException if one of them is no Ed25519 key; no part of it is told
   */
  List<byte[]> readAll(String text) {
    List<byte[]> keys = new ArrayList<>();
    Matcher matcher = block.matcher(text);
    while (matcher.find()) {
      keys.add(key(matcher.group(1)));
    }
    return keys;
  }

  private byte[] key(String base64) {
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // Without its cause, whose message would tell characters of a secret.
      der = new byte[0];
    }
    if (der.length != prefix.length + KEY_LENGTH
        || !Arrays.equals(Arrays.copyOf(der, prefix.length), prefix)) {
      throw new IllegalArgumentException(
          "a " + label + " is not an Ed25519 key; make one with tacit key create");
    }
    return Arrays.copyOfRange(der, prefix.length, der.length);
  }
}
