package io.tacit.client.connection;

import io.tacit.protocol.ContentHash;
import java.nio.ByteBuffer;

/**
 * The bytes of one update on their way, and their hash. Immutable; keeps the array it was given.
 */
public final class Upload {

  private final byte[] bytes;
  private final ContentHash hash;

  private Upload(byte[] bytes) {
    this.bytes = bytes;
    this.hash = ContentHash.of(bytes);
  }

  /** Takes ownership of the bytes: the caller must not change them any more. */
  public static Upload owning(byte[] bytes) {
    return new Upload(bytes);
  }

  /** Size of the update in bytes. */
  public int size() {
    return bytes.length;
  }

  /** SHA-256 of all bytes. */
  public ContentHash hash() {
    return hash;
  }

  /**
   * SHA-256 of the first bytes.
   *
   * @param length 0 to {@link #size()}
   */
  public ContentHash hashOfFirst(int length) {
    return ContentHash.of(ByteBuffer.wrap(bytes, 0, length));
  }

  /** A read-only view of all bytes. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** Prints the size only: the bytes are private. */
  @Override
  public String toString() {
    return "Upload[" + bytes.length + " bytes]";
  }
}
