package io.tacit.protocol.masking;

import java.util.Arrays;

/**
 * What two members of a session know, the lower one (i) and the upper one (j): the key of a mask
 * that i adds to its update and j takes from its own, so that it is not in their sum.
 *
 * <p>Not a record, whose text would hold the key.
 */
public final class PairMask {

  private final int lower;
  private final byte[] key;
  private final byte[] ciphertext;

  PairMask(int lower, byte[] key, byte[] ciphertext) {
    this.lower = lower;
    this.key = key;
    this.ciphertext = ciphertext;
  }

  /** The key itself, 32 bytes, for {@link MaskStream}; not a copy: it is gone after erasing. */
  public byte[] key() {
    return key;
  }

  /** What the lower sends the upper one, 1 088 bytes; none in suite CLASSIC. */
  public byte[] ciphertext() {
    return ciphertext.clone();
  }

  /** Whether this one of the two adds the mask, and does not take it away. */
  public boolean isAddedBy(int member) {
    return member == lower;
  }

  /** Masks the update of one of the two. */
  public void mask(int member, MaskStream stream, int[] lanes) {
    if (isAddedBy(member)) {
      stream.add(key, lanes);
    } else {
      stream.subtract(key, lanes);
    }
  }

  /** Erases the key. */
  public void erase() {
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public String toString() {
    return "PairMask[" + key.length + " bytes]";
  }
}
