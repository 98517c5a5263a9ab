package io.tacit.coordinator.sessions;

import io.tacit.protocol.ContentHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over the lanes of a sum, u32 little-endian, without a copy of it. */
final class SumDigest {

  /** What is told where the digest of a sum would say too much: that of nothing. */
  static final ContentHash WITHHELD = ContentHash.of(new byte[0]);

  private static final int TILE_LANES = 16 * 1024;

  private SumDigest() {}

  static ContentHash of(int[] lanes) {
    MessageDigest digest = sha256();
    ByteBuffer tile =
        ByteBuffer.allocate(Integer.BYTES * Math.min(TILE_LANES, Math.max(1, lanes.length)))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < lanes.length; from += TILE_LANES) {
      int count = Math.min(TILE_LANES, lanes.length - from);
      tile.clear().asIntBuffer().put(lanes, from, count);
      digest.update(tile.limit(Integer.BYTES * count));
    }
    return ContentHash.fromDigest(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
