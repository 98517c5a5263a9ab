package io.tacit.protocol.privacy;

import io.tacit.protocol.encoding.RoundingSource;
import io.tacit.protocol.model.SplitMix64;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Fair, independent bits: what noise and the coin of the rounding are made of.
 *
 * <p>Guarantee of {@link #secure}: nobody who sees what was made of earlier bits can tell a later
 * one. Assumes: the generator it is seeded from is secure. {@link #seeded} is for simulations and
 * tests: whoever knows its seed takes the noise off. Not thread-safe: one per vector.
 */
public abstract class RandomBits implements RoundingSource {

  /** 16 KiB: larger calls leave the fast path of the JDK's AES, for good. */
  private static final int WORDS = 2048;

  private final long[] words = new long[WORDS];
  private int next = WORDS;
  private long pool;
  private int pooled;

  private RandomBits() {}

  /** The key stream of AES-256-CTR under a fresh key from a secure generator. */
  public static RandomBits secure(SecureRandom random) {
    return new KeyStream(random);
  }

  /** Bits that a seed determines. Never on a device: they hide nothing. */
  public static RandomBits seeded(long seed) {
    return new Seeded(seed);
  }

  abstract void refill(long[] words);

  /** The next bits as a number in [0, 2^count); count is 1 to 63. */
  final long bits(int count) {
    if (pooled < count) {
      // What is left of the old word is thrown away: sticking two together costs more than bits do.
      pool = nextWord();
      pooled = Long.SIZE;
    }
    long bits = pool & (1L << count) - 1;
    pool >>>= count;
    pooled -= count;
    return bits;
  }

  private long nextWord() {
    if (next == WORDS) {
      refill(words);
      next = 0;
    }
    return words[next++];
  }

  /** Uniform in [0, 1), 53 bits. */
  @Override
  public final double nextUnit() {
    return bits(53) * 0x1p-53;
  }

  /** Prints no state: it would give the noise away. */
  @Override
  public final String toString() {
    return "RandomBits";
  }

  private static final class KeyStream extends RandomBits {

    private static final int KEY_BYTES = 32;
    private static final int BLOCK_BYTES = 16;
    private static final byte[] ZEROS = new byte[WORDS * Long.BYTES];

    private final Cipher cipher;
    private final byte[] bytes = new byte[ZEROS.length];
    private final LongBuffer stream = ByteBuffer.wrap(bytes).asLongBuffer();

    KeyStream(SecureRandom random) {
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
      } finally {
        Arrays.fill(key, (byte) 0);
      }
    }

    @Override
    void refill(long[] words) {
      try {
        cipher.update(ZEROS, 0, ZEROS.length, bytes, 0);
      } catch (ShortBufferException e) {
        throw new AssertionError("a stream cipher gives as many bytes as it takes", e);
      }
      stream.duplicate().get(words);
    }
  }

  private static final class Seeded extends RandomBits {

    private final SplitMix64 generator;

    Seeded(long seed) {
      generator = new SplitMix64(seed);
    }

    @Override
    void refill(long[] words) {
      for (int i = 0; i < words.length; i++) {
        words[i] = generator.nextLong();
      }
    }
  }
}
