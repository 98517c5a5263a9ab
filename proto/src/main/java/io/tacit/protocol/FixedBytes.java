package io.tacit.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an identifier of fixed length: immutable, comparable, printable as lower-case hex.
 */
abstract class FixedBytes {

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final byte[] bytes;

  FixedBytes(byte[] bytes, int length, String what) {
    if (bytes.length != length) {
      throw new IllegalArgumentException(
          what + " has " + bytes.length + " bytes, must have exactly " + length);
    }
    this.bytes = bytes.clone();
  }

  static byte[] parseHex(String hex, int length, String what) {
    if (hex.length() != 2 * length) {
      throw new IllegalArgumentException(
          what + " has " + hex.length() + " characters, must be " + 2 * length + " hex digits");
    }
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      int high = Character.digit(hex.charAt(2 * i), 16);
      int low = Character.digit(hex.charAt(2 * i + 1), 16);
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException(
            what + " is not hexadecimal at character " + 2 * i + ", must be 0-9 a-f");
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }

  /** A copy of the bytes. */
  public final byte[] toBytes() {
    return bytes.clone();
  }

  /** Lower-case hex, two digits a byte. */
  public final String toHex() {
    char[] hex = new char[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      hex[2 * i] = HEX[bytes[i] >> 4 & 15];
      hex[2 * i + 1] = HEX[bytes[i] & 15];
    }
    return new String(hex);
  }

  /** The first byte that differs decides, from 0 to 255; both are of one length. */
  final int compareUnsigned(FixedBytes other) {
    for (int i = 0; i < bytes.length; i++) {
      int difference = (bytes[i] & 0xff) - (other.bytes[i] & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other != null
        && other.getClass() == getClass()
        && Arrays.equals(bytes, ((FixedBytes) other).bytes);
  }

  @Override
  public final int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The whole, as {@link #toHex()}: a shortened name in a message could not be looked up. */
  @Override
  public final String toString() {
    return toHex();
  }
}
