package io.tacit.protocol.crypto;

import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals what one member of a session has for another: AES-256-GCM (NIST SP 800-38D) with a nonce of
 * zeros.
 *
 * <p>Guarantee: only the sealed text that was made with the key and the associated data opens.
 * Assumes: <b>a key seals one text in its life</b>; a second would give both away. The platform
 * computes it, in constant time where the processor knows AES, which tables in Java do not.
 * Thread-safe.
 */
public final class ShareCipher {

  /** Length of a key in bytes. */
  public static final int KEY_LENGTH = 32;

  /** By how many bytes a sealed text is longer than the text. */
  public static final int TAG_LENGTH = 16;

  private static final GCMParameterSpec NONCE = new GCMParameterSpec(8 * TAG_LENGTH, new byte[12]);

  private ShareCipher() {}

  /**
   * Seals a text.
   *
   * @param key 32 bytes that sealed nothing before; not changed
   * @param aad what the receiver must know as well
   */
  public static byte[] seal(byte[] key, byte[] plaintext, byte[] aad) {
    try {
      return run(Cipher.ENCRYPT_MODE, key, plaintext, aad);
    } catch (GeneralSecurityException e) {
      throw platformLacksGcm(e);
    }
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @return the text, which the caller erases; empty if anything of it, of key or of data differs
   */
  public static Optional<byte[]> open(byte[] key, byte[] ciphertext, byte[] aad) {
    if (ciphertext.length < TAG_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(run(Cipher.DECRYPT_MODE, key, ciphertext, aad));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw platformLacksGcm(e);
    }
  }

  private static byte[] run(int mode, byte[] keyBytes, byte[] text, byte[] aad)
      throws GeneralSecurityException {
    if (keyBytes.length != KEY_LENGTH) {
      throw new IllegalArgumentException(
          "AES key has " + keyBytes.length + " bytes, must have exactly " + KEY_LENGTH);
    }
    ErasableKey key = new ErasableKey("AES", keyBytes);
    try {
      // A cipher of its own each time: one that has sealed refuses the same nonce for another key
      // on some platforms.
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, NONCE);
      cipher.updateAAD(aad);
      return cipher.doFinal(text);
    } finally {
      key.destroy();
    }
  }

  private static AssertionError platformLacksGcm(GeneralSecurityException e) {
    return new AssertionError("every Java platform has AES/GCM/NoPadding", e);
  }
}
