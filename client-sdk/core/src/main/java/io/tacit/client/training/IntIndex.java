package io.tacit.client.training;

import java.util.Arrays;

/**
 * Numbers distinct non-negative ints in order of arrival: a hash table with linear probing over
 * primitive arrays, of fixed capacity.
 */
final class IntIndex {

  private final int[] keys;
  private final int[] slots;
  private final int shift;
  private int size;

  /** Room for so many keys, at most half of the table. */
  IntIndex(int keysMax) {
    int bits = 33 - Integer.numberOfLeadingZeros(Math.max(keysMax, 1));
    this.keys = new int[keysMax];
    this.slots = new int[1 << bits];
    this.shift = 32 - bits;
  }

  /** The number of a key, which is new or known. */
  int add(int key) {
    int slot = slotOf(key);
    if (slots[slot] == 0) {
      keys[size] = key;
      slots[slot] = ++size;
    }
    return slots[slot] - 1;
  }

  boolean contains(int key) {
    return slots[slotOf(key)] != 0;
  }

  int key(int number) {
    return keys[number];
  }

  int size() {
    return size;
  }

  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
  }

  /** The slot that holds a key, or the free one where it would go. */
  private int slotOf(int key) {
    int slot = key * 0x9e3779b9 >>> shift;
    while (slots[slot] != 0 && keys[slots[slot] - 1] != key) {
      slot = slot + 1 & slots.length - 1;
    }
    return slot;
  }
}
