package io.tacit.protocol;

import java.security.SecureRandom;

/** Names one aggregation session: 16 random bytes, never used again. */
public final class SessionId extends FixedBytes implements Comparable<SessionId> {

  /** Length in bytes. */
  public static final int LENGTH = 16;

  private SessionId(byte[] bytes) {
    super(bytes, LENGTH, "session id");
  }

  /** A new id. */
  public static SessionId random(SecureRandom random) {
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    return new SessionId(bytes);
  }

  /**
   * Wraps the bytes of an id.
   *
   * @throws IllegalArgumentException if there are not exactly 16
   */
  public static SessionId fromBytes(byte[] bytes) {
    return new SessionId(bytes);
  }

  /**
   * Parses 32 hex digits.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static SessionId fromHex(String hex) {
    return new SessionId(parseHex(hex, LENGTH, "session id"));
  }

  /** In the order of unsigned bytes. */
  @Override
  public int compareTo(SessionId other) {
    return compareUnsigned(other);
  }
}
