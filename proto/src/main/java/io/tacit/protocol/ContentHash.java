package io.tacit.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of some bytes, which is their name: of a plan, a model, a catalogue, an update. */
public final class ContentHash extends FixedBytes {

  /** Length in bytes. */
  public static final int LENGTH = 32;

  private ContentHash(byte[] digest) {
    super(digest, LENGTH, "content hash");
  }

  /** Hashes the content. */
  public static ContentHash of(byte[] content) {
    return new ContentHash(newDigest().digest(content));
  }

  /** Hashes what remains in the buffer, and consumes it. */
  public static ContentHash of(ByteBuffer content) {
    MessageDigest digest = newDigest();
    digest.update(content);
    return new ContentHash(digest.digest());
  }

  /**
   * Wraps a digest that was computed elsewhere.
   *
   * @throws IllegalArgumentException if it has not 32 bytes
   */
  public static ContentHash fromDigest(byte[] digest) {
    return new ContentHash(digest);
  }

  /**
   * Parses 64 hex digits.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static ContentHash fromHex(String hex) {
    return new ContentHash(parseHex(hex, LENGTH, "content hash"));
  }

  /** A fresh SHA-256, for content that arrives in parts. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
