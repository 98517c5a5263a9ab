package io.tacit.protocol.crypto;

import java.util.Arrays;

/**
 * A secret, and the ciphertext that lets the holder of the key find it too.
 *
 * <p>Not a record, whose text would hold the secret. {@link #erase} clears it.
 */
public final class Encapsulation {

  private final byte[] secret;
  private final byte[] ciphertext;

  Encapsulation(byte[] secret, byte[] ciphertext) {
    this.secret = secret;
    this.ciphertext = ciphertext;
  }

  /** The secret itself, 32 bytes, not a copy: it is gone after {@link #erase}. */
  public byte[] secret() {
    return secret;
  }

  /** The ciphertext, 1 088 bytes. */
  public byte[] ciphertext() {
    return ciphertext.clone();
  }

  /** Erases the secret. */
  public void erase() {
    Arrays.fill(secret, (byte) 0);
  }

  @Override
  public String toString() {
    return "Encapsulation[" + ciphertext.length + " bytes]";
  }
}
