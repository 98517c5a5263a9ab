package io.tacit.enrolment;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The serial number of a certificate: 158 random bits, so that it says nothing of whom, when or how
 * many.
 *
 * @param hex 40 lower-case hex digits: 20 bytes, as many as RFC 5280 (section 4.1.2.2) allows, of
 *     which the highest bits are 01 to keep the number positive and the length fixed
 */
public record SerialNumber(String hex) {

  private static final int BYTES = 20;
  private static final Pattern FORM = Pattern.compile("[4-7][0-9a-f]{39}");

  public SerialNumber {
    if (!isSerialNumber(hex)) {
      throw new IllegalArgumentException(
          "serial number has "
              + hex.length()
              + " characters, must be "
              + 2 * BYTES
              + " lower-case hex digits of which the first is 4 to 7");
    }
  }

  /** Whether the text is a serial number of an authority of this kind. */
  public static boolean isSerialNumber(String hex) {
    return FORM.matcher(hex).matches();
  }

  /** A new one. */
  static SerialNumber random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    bytes[0] = (byte) (bytes[0] & 0x3f | 0x40);
    return new SerialNumber(HexFormat.of().formatHex(bytes));
  }

  /**
   * The serial number that a certificate has as an integer.
   *
   * @throws IllegalArgumentException if an authority of this kind gives no such number
   */
  static SerialNumber of(BigInteger number) {
    return new SerialNumber(number.toString(16));
  }

  BigInteger toInteger() {
    return new BigInteger(hex, 16);
  }

  @Override
  public String toString() {
    return hex;
  }
}
