package io.tacit.protocol.crypto;

/**
 * A public key that nobody may agree on a secret with: of the wrong length, of small order, or not
 * reduced. Whoever sent it is broken or lies. Its message holds no key.
 */
public final class BadKeyException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  BadKeyException(String message) {
    super(message);
  }

  static void checkLength(String what, byte[] key, int length) {
    if (key.length != length) {
      throw new BadKeyException(
          what + " has " + key.length + " bytes, must have exactly " + length);
    }
  }
}
