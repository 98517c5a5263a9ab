package io.tacit.client.privacy;

import io.tacit.protocol.encoding.RoundingSource;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The coin of the rounding, from the key stream of AES-256-CTR.
 *
 * <p>Guarantee: unpredictable to everyone else, and fast enough for millions of draws. Assumes: the
 * generator it is seeded from is secure. Not thread-safe: one per encoding.
 */
public final class SecureRoundingSource implements RoundingSource {

  /** Larger calls leave the fast path of the JDK's AES, for good. */
  private static final int BUFFER_BYTES = 16 * 1024;

  private static final int KEY_BYTES = 32;
  private static final int BLOCK_BYTES = 16;
  private static final byte[] ZEROS = new byte[BUFFER_BYTES];

  private final Cipher cipher;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteBuffer stream = ByteBuffer.wrap(buffer);

  /** A stream under a fresh key. */
  public SecureRoundingSource(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
      // A fresh key makes a constant counter start safe.
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new IvParameterSpec(new byte[BLOCK_BYTES]));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this platform has no AES/CTR/NoPadding with 256-bit keys; install a JCE provider", e);
    }
    ((Buffer) stream).position(BUFFER_BYTES);
  }

  @Override
  public double nextUnit() {
    if (!stream.hasRemaining()) {
      refill();
    }
    return (stream.getInt() >>> 8) * 0x1p-24;
  }

  private void refill() {
    try {
      cipher.update(ZEROS, 0, BUFFER_BYTES, buffer, 0);
    } catch (ShortBufferException e) {
      throw new AssertionError("a stream cipher gives as many bytes as it takes", e);
    }
    ((Buffer) stream).rewind();
  }

  /** Prints no state: it would give the coin away. */
  @Override
  public String toString() {
    return "SecureRoundingSource";
  }
}
