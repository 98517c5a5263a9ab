package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Finds items by id: a hash table with open addressing over the bytes of an item file, 4 bytes a
 * slot. Immutable.
 *
 * <p>The hash depends on the content of the whole file, so that nobody can write a file whose ids
 * collide: changing an id changes all hashes.
 */
final class ItemIds {

  private static final long FNV_PRIME = 0x100000001b3L;

  private final byte[] bytes;
  private final int[] starts;
  private final long seed;

  /** Item and 1, or 0; a power of two long and at most half full. */
  private final int[] slots;

  private ItemIds(byte[] bytes, ContentHash hash, int[] starts) {
    this.bytes = bytes;
    this.starts = starts;
    this.seed = ByteBuffer.wrap(hash.toBytes()).getLong();
    this.slots = new int[Math.max(2, Integer.highestOneBit(Math.max(1, 2 * starts.length)) * 2)];
  }

  /**
   * An index of the ids that lines begin with.
   *
   * @param what the file is, for messages
   * @param firstLine number of the first item's line
   * @param bytes of the file, kept
   * @param hash of the file
   * @param starts where lines begin, and one more at the end; kept
   * @throws IllegalArgumentException if an id is there twice
   */
  static ItemIds of(String what, int firstLine, byte[] bytes, ContentHash hash, int[] starts) {
    ItemIds ids = new ItemIds(bytes, hash, starts);
    for (int item = 0; item < starts.length - 1; item++) {
      int from = starts[item];
      String id = new String(bytes, from, ids.end(from) - from, StandardCharsets.ISO_8859_1);
      int slot = ids.slot(id);
      if (ids.slots[slot] != 0) {
        throw new IllegalArgumentException(
            what
                + " line "
                + (firstLine + item)
                + " (byte "
                + starts[item]
                + ") has the item id of line "
                + (firstLine + ids.slots[slot] - 1)
                + "; remove one of them");
      }
      ids.slots[slot] = item + 1;
    }
    return ids;
  }

  /** The item of an id, or -1. */
  int find(String id) {
    return slots[slot(bytesAsChars(id))] - 1;
  }

  /** The UTF-8 bytes of a text as characters of one byte each, which most ids are already. */
  private static String bytesAsChars(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      }
    }
    return text;
  }

  /** The slot that holds the id, or the free one where it belongs. */
  private int slot(String id) {
    int mask = slots.length - 1;
    int slot = (int) hash(id) & mask;
    while (slots[slot] != 0 && !hasId(starts[slots[slot] - 1], id)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private long hash(String id) {
    long hash = seed;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * FNV_PRIME;
      hash ^= hash >>> 29;
    }
    return hash ^ hash >>> 32;
  }

  private boolean hasId(int from, String id) {
    int to = from + id.length();
    if (to >= bytes.length || bytes[to] != '\t') {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if ((bytes[from + i] & 0xff) != id.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int end(int from) {
    int at = from;
    while (bytes[at] != '\t') {
      at++;
    }
    return at;
  }
}
