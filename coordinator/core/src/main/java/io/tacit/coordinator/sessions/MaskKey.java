package io.tacit.coordinator.sessions;

import java.util.Arrays;

/**
 * The key of one mask that is in a sum. Not a record, whose text would hold it.
 *
 * <p>Until the mask is taken away it hides updates: it lives in memory only, and is erased.
 */
final class MaskKey {

  private final byte[] key;
  private final boolean wasAdded;

  /**
   * @param key 32 bytes; owned by this from now on
   * @param wasAdded whether the sum has the mask added, and not taken away
   */
  MaskKey(byte[] key, boolean wasAdded) {
    this.key = key;
    this.wasAdded = wasAdded;
  }

  byte[] key() {
    return key;
  }

  boolean wasAdded() {
    return wasAdded;
  }

  void erase() {
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public String toString() {
    return "MaskKey[" + key.length + " bytes]";
  }
}
