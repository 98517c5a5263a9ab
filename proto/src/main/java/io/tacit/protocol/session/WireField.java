package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

/** What every field and every message of a session is held to. */
final class WireField {

  /** How generated code reads one. */
  interface Parser<T> {
    T parse(byte[] bytes) throws InvalidProtocolBufferException;
  }

  private WireField() {}

  /**
   * Reads a message of limited size.
   *
   * @throws IllegalArgumentException if it is too long, which is found out before it is read, or is
   *     no such message
   */
  static <T> T message(String what, byte[] bytes, int bytesMax, Parser<T> parser) {
    if (bytes.length > bytesMax) {
      throw new IllegalArgumentException(
          what + " has " + bytes.length + " bytes, must have at most " + bytesMax);
    }
    try {
      return parser.parse(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          what + " of " + bytes.length + " bytes is not a message of tacit.v1", e);
    }
  }

  /** The bytes of a field that has so many. */
  static byte[] exactly(String what, int length, ByteString field) {
    if (field.size() != length) {
      throw new IllegalArgumentException(
          what + " has " + field.size() + " bytes, must have exactly " + length);
    }
    return field.toByteArray();
  }

  /** The bytes of a field that has at most so many. */
  static byte[] atMost(String what, int lengthMax, ByteString field) {
    if (field.size() > lengthMax) {
      throw new IllegalArgumentException(
          what + " has " + field.size() + " bytes, must have at most " + lengthMax);
    }
    return field.toByteArray();
  }

  /** Checks a number. */
  static int within(String what, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(what + " is " + value + ", must be " + from + " to " + to);
    }
    return value;
  }

  /** Checks the next of indices that rise. */
  static int after(String what, int before, int value, int to) {
    within(what, value, 1, to);
    if (value <= before) {
      throw new IllegalArgumentException(
          what + " is " + value + " after " + before + ", must be in ascending order, each once");
    }
    return value;
  }
}
