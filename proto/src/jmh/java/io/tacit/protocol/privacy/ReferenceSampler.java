package io.tacit.protocol.privacy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The discrete Gaussian as the design's reference program draws it: a 64-bit word and a rejection
 * for each uniform number. For comparison only.
 */
final class ReferenceSampler {

  private static final int BUFFER_BYTES = 1 << 14;
  private static final byte[] ZEROS = new byte[BUFFER_BYTES];

  private final Cipher cipher;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteBuffer stream = ByteBuffer.wrap(buffer);

  ReferenceSampler(SecureRandom random) throws GeneralSecurityException {
    byte[] key = new byte[32];
    random.nextBytes(key);
    cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
    stream.position(BUFFER_BYTES);
  }

  long sample(long variance) throws GeneralSecurityException {
    long scale = (long) Math.sqrt((double) variance) + 1;
    while (true) {
      long y = laplace(scale);
      long distance = Math.subtractExact(Math.multiplyExact(Math.abs(y), scale), variance);
      long numerator = Math.multiplyExact(distance, distance);
      if (exponential(numerator, Math.multiplyExact(2 * variance, scale * scale))) {
        return y;
      }
    }
  }

  private long laplace(long scale) throws GeneralSecurityException {
    while (true) {
      long remainder = uniform(scale);
      if (!exponentialToOne(remainder, scale)) {
        continue;
      }
      long quotient = 0;
      while (exponentialToOne(1, 1)) {
        quotient++;
      }
      boolean negative = (word() & 1) == 1;
      long x = remainder + scale * quotient;
      if (!(negative && x == 0)) {
        return negative ? -x : x;
      }
    }
  }

  private boolean exponential(long numerator, long denominator) throws GeneralSecurityException {
    long rest = numerator;
    while (rest > denominator) {
      if (!exponentialToOne(1, 1)) {
        return false;
      }
      rest -= denominator;
    }
    return exponentialToOne(rest, denominator);
  }

  private boolean exponentialToOne(long n, long d) throws GeneralSecurityException {
    int k = 1;
    while (uniform(Math.multiplyExact(d, k)) < n) {
      k++;
    }
    return (k & 1) == 1;
  }

  private long uniform(long bound) throws GeneralSecurityException {
    long mask = bound == 1 ? 0 : -1L >>> Long.numberOfLeadingZeros(bound - 1);
    while (true) {
      long value = word() & mask;
      if (value < bound) {
        return value;
      }
    }
  }

  private long word() throws GeneralSecurityException {
    if (stream.remaining() < Long.BYTES) {
      cipher.update(ZEROS, 0, BUFFER_BYTES, buffer, 0);
      stream.position(0);
    }
    return stream.getLong();
  }
}
