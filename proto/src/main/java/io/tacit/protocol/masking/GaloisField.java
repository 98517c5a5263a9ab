package io.tacit.protocol.masking;

/**
 * The field of 256 elements of AES: bytes as polynomials over bits, modulo x^8 + x^4 + x^3 + x + 1
 * (0x11B). Addition is exclusive or.
 *
 * <p>Guarantee: nothing here branches on, or looks up by, an operand, so that no operation takes
 * longer for one secret than for another.
 */
final class GaloisField {

  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final int REDUCTION = 0x1b;

  private GaloisField() {}

  /** The product of two elements, 0 to 255. */
  static int multiply(int a, int b) {
    return (int) multiply((long) a, b);
  }

  /** The products of eight elements, one in each byte, with one element. */
  static long multiply(long eight, int scalar) {
    long product = 0;
    long shifted = eight;
    for (int bit = 0; bit < 8; bit++) {
      product ^= shifted & -(long) (scalar >> bit & 1);
      shifted = timesX(shifted);
    }
    return product;
  }

  /** Eight elements, each multiplied by x: shifted, and reduced where a bit leaves its byte. */
  private static long timesX(long eight) {
    long high = eight & HIGH_BITS;
    // The factor is below 256 and each byte of the other one is 0 or 1: no byte runs over.
    return (eight ^ high) << 1 ^ (high >>> 7) * REDUCTION;
  }

  /** The element that gives 1 with this one; 0 has none, and gives 0. */
  static int inverse(int a) {
    // a^254, by squaring: 254 = 2 + 4 + ... + 128.
    int power = a;
    int result = 1;
    for (int i = 0; i < 7; i++) {
      power = multiply(power, power);
      result = multiply(result, power);
    }
    return result;
  }
}
