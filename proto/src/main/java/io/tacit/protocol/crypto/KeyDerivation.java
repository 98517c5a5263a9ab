package io.tacit.protocol.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * HKDF with SHA-256 (<a href="https://www.rfc-editor.org/rfc/rfc5869">RFC 5869</a>).
 *
 * <p>The platform computes the HMAC: its SHA-256 is three times as fast as Bouncy Castle's, and a
 * device derives hundreds of keys in a session. Results are the caller's to erase. Thread-safe.
 */
public final class KeyDerivation {

  /** Length of a hash, and so of an extracted key, in bytes. */
  public static final int HASH_LENGTH = 32;

  private static final int EXPANDED_LENGTH_MAX = 255 * HASH_LENGTH;

  private static final String ALGORITHM = "HmacSHA256";

  private KeyDerivation() {}

  /**
   * HKDF-Extract.
   *
   * @param salt may be public; none is {@link #HASH_LENGTH} zeros
   * @param ikm what is secret, of any length; not changed
   * @return 32 bytes
   */
  public static byte[] extract(byte[] salt, byte[] ikm) {
    return mac(salt.length == 0 ? new byte[HASH_LENGTH] : salt).doFinal(ikm);
  }

  /**
   * HKDF-Expand.
   *
   * @param prk from {@link #extract}; not changed
   * @param info says what the key is for
   * @param length 1 to 8 160 bytes
   */
  public static byte[] expand(byte[] prk, byte[] info, int length) {
    if (length < 1 || length > EXPANDED_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "derived key has " + length + " bytes, must have 1 to " + EXPANDED_LENGTH_MAX);
    }
    Mac mac = mac(prk);
    byte[] expanded = new byte[length];
    byte[] block = new byte[0];
    for (int done = 0, counter = 1; done < length; counter++) {
      mac.update(block);
      mac.update(info);
      mac.update((byte) counter);
      Arrays.fill(block, (byte) 0);
      block = mac.doFinal();
      int part = Math.min(block.length, length - done);
      System.arraycopy(block, 0, expanded, done, part);
      done += part;
    }
    Arrays.fill(block, (byte) 0);
    return expanded;
  }

  private static Mac mac(byte[] keyBytes) {
    ErasableKey key = new ErasableKey(ALGORITHM, keyBytes);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    } finally {
      key.destroy();
    }
  }
}
