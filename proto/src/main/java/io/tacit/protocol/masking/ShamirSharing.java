package io.tacit.protocol.masking;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Splits a secret of 32 bytes among the members of a session (A. Shamir, "How to share a secret",
 * 1979): byte by byte over {@link GaloisField}, the share of member i is the value at i of a
 * polynomial of degree t - 1 whose constant is the secret.
 *
 * <p>Guarantee: t shares give the secret, and fewer say nothing of it; the time taken depends on no
 * secret. Assumes: a random source that nobody can predict. Thread-safe.
 */
public final class ShamirSharing {

  /** Length of a secret, and of each share, in bytes. */
  public static final int SECRET_LENGTH = 32;

  /** Eight bytes are worked on at a time. */
  static final int WORDS = SECRET_LENGTH / Long.BYTES;

  private ShamirSharing() {}

  /**
   * Splits a secret.
   *
   * @param secret 32 bytes; not changed
   * @param members n, 1 to {@link MemberSet#ROSTER_SIZE_MAX}
   * @param threshold t, 1 to n
   * @param random gives the polynomial's other coefficients, new ones for each secret
   * @return {@code byte[n][32]}, the share of member i at i - 1; the caller erases them
   */
  public static byte[][] split(byte[] secret, int members, int threshold, SecureRandom random) {
    checkSecret("secret", secret);
    if (members < 1 || members > MemberSet.ROSTER_SIZE_MAX) {
      throw new IllegalArgumentException(
          "members are " + members + ", must be 1 to " + MemberSet.ROSTER_SIZE_MAX);
    }
    if (threshold < 1 || threshold > members) {
      throw new IllegalArgumentException("threshold is " + threshold + ", must be 1 to " + members);
    }
    byte[] tail = new byte[(threshold - 1) * SECRET_LENGTH];
    random.nextBytes(tail);
    long[][] coefficients = new long[threshold][];
    coefficients[0] = words(secret, 0);
    for (int degree = 1; degree < threshold; degree++) {
      coefficients[degree] = words(tail, (degree - 1) * SECRET_LENGTH);
    }
    byte[][] shares = new byte[members][];
    for (int member = 1; member <= members; member++) {
      shares[member - 1] = valueAt(coefficients, member);
    }
    Arrays.fill(tail, (byte) 0);
    for (long[] coefficient : coefficients) {
      Arrays.fill(coefficient, 0);
    }
    return shares;
  }

  /** Horner's rule. */
  static byte[] valueAt(long[][] coefficients, int x) {
    long[] value = new long[WORDS];
    for (int degree = coefficients.length - 1; degree >= 0; degree--) {
      for (int w = 0; w < WORDS; w++) {
        value[w] = GaloisField.multiply(value[w], x) ^ coefficients[degree][w];
      }
    }
    return bytes(value);
  }

  /**
   * The secret of as many shares as it takes; all are believed. {@link ReedSolomonDecoder} finds
   * out who lies.
   *
   * @param members whose shares they are: distinct, exactly as many as the threshold
   * @param shares 32 bytes each, in the same order
   * @return 32 bytes; the caller erases them
   */
  public static byte[] combine(int[] members, byte[][] shares) {
    if (members.length == 0 || members.length != shares.length) {
      throw new IllegalArgumentException(
          "there are "
              + shares.length
              + " shares of "
              + members.length
              + " members, must be one of each and at least 1");
    }
    checkDistinct(members);
    long[] secret = new long[WORDS];
    for (int i = 0; i < members.length; i++) {
      checkSecret("share of member " + members[i], shares[i]);
      int weight = lagrangeAtZero(members, i);
      long[] share = words(shares[i], 0);
      for (int w = 0; w < WORDS; w++) {
        secret[w] ^= GaloisField.multiply(share[w], weight);
      }
      Arrays.fill(share, 0);
    }
    return bytes(secret);
  }

  /** The value at 0 of the polynomial that is 1 at the i-th member and 0 at the others. */
  private static int lagrangeAtZero(int[] members, int i) {
    int numerator = 1;
    int denominator = 1;
    for (int j = 0; j < members.length; j++) {
      if (j != i) {
        numerator = GaloisField.multiply(numerator, members[j]);
        denominator = GaloisField.multiply(denominator, members[i] ^ members[j]);
      }
    }
    // One inverse, which costs as much as fourteen products, instead of one for each member.
    return GaloisField.multiply(numerator, GaloisField.inverse(denominator));
  }

  static void checkDistinct(int[] members) {
    boolean[] seen = new boolean[MemberSet.ROSTER_SIZE_MAX + 1];
    for (int member : members) {
      if (member < 1 || member > MemberSet.ROSTER_SIZE_MAX) {
        throw new IllegalArgumentException(
            "member is " + member + ", must be 1 to " + MemberSet.ROSTER_SIZE_MAX);
      }
      if (seen[member]) {
        throw new IllegalArgumentException(
            "member " + member + " is named twice, must be once; leave the second share out");
      }
      seen[member] = true;
    }
  }

  static void checkSecret(String what, byte[] bytes) {
    if (bytes.length != SECRET_LENGTH) {
      throw new IllegalArgumentException(
          what + " has " + bytes.length + " bytes, must have exactly " + SECRET_LENGTH);
    }
  }

  static long[] words(byte[] bytes, int from) {
    long[] words = new long[WORDS];
    ByteBuffer.wrap(bytes, from, SECRET_LENGTH).asLongBuffer().get(words);
    return words;
  }

  /** The bytes of words, which are erased. */
  static byte[] bytes(long[] words) {
    byte[] bytes = new byte[SECRET_LENGTH];
    ByteBuffer.wrap(bytes).asLongBuffer().put(words);
    Arrays.fill(words, 0);
    return bytes;
  }
}
