package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;

/**
 * A plan, catalogue, model or item file, with the hash that names it: whoever makes one has seen
 * that they belong together.
 *
 * @param hash SHA-256 of the bytes
 * @param bytes of the file, not copied; nobody changes them
 */
record Artifact(ContentHash hash, byte[] bytes) {

  /** Hashes the bytes. */
  static Artifact of(byte[] bytes) {
    return new Artifact(ContentHash.of(bytes), bytes);
  }

  /**
   * Refuses an artifact of another hash.
   *
   * @param what it is, for the message
   * @throws IllegalArgumentException with both hashes
   */
  void requireHash(String what, ContentHash expected) {
    if (!hash.equals(expected)) {
      throw new IllegalArgumentException(
          what
              + " has hash "
              + hash.toHex()
              + ", must have "
              + expected.toHex()
              + "; fetch it again");
    }
  }
}
