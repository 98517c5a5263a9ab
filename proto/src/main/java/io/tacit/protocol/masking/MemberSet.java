package io.tacit.protocol.masking;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Some of the members 1 to n of a session, as a bitmap: who shared (U2), who survived (U3).
 *
 * <p>On the wire, member i is bit {@code (i - 1) % 8} of byte {@code (i - 1) / 8}, least
 * significant first; there are exactly {@code ceil(n / 8)} bytes and unused bits are 0, so that
 * each set has one form. Immutable.
 */
public final class MemberSet {

  /** Members of one session: a plan's shards have no more. */
  public static final int ROSTER_SIZE_MAX = 128;

  private final int rosterSize;
  private final byte[] bitmap;

  private MemberSet(int rosterSize, byte[] bitmap) {
    this.rosterSize = rosterSize;
    this.bitmap = bitmap;
  }

  private static byte[] emptyBitmap(int rosterSize) {
    if (rosterSize < 1 || rosterSize > ROSTER_SIZE_MAX) {
      throw new IllegalArgumentException(
          "roster has " + rosterSize + " members, must have 1 to " + ROSTER_SIZE_MAX);
    }
    return new byte[(rosterSize + 7) / 8];
  }

  /**
   * Some members.
   *
   * @param rosterSize n, 1 to {@link #ROSTER_SIZE_MAX}
   * @param members each 1 to n; in any order, and named twice is named once
   */
  public static MemberSet of(int rosterSize, int... members) {
    byte[] bitmap = emptyBitmap(rosterSize);
    for (int member : members) {
      if (member < 1 || member > rosterSize) {
        throw new IllegalArgumentException("member is " + member + ", must be 1 to " + rosterSize);
      }
      bitmap[member - 1 >> 3] |= (byte) (1 << (member - 1 & 7));
    }
    return new MemberSet(rosterSize, bitmap);
  }

  /** All members of a roster of this size. */
  public static MemberSet all(int rosterSize) {
    byte[] bitmap = emptyBitmap(rosterSize);
    for (int member = 1; member <= rosterSize; member++) {
      bitmap[member - 1 >> 3] |= (byte) (1 << (member - 1 & 7));
    }
    return new MemberSet(rosterSize, bitmap);
  }

  /**
   * Reads a bitmap.
   *
   * @throws IllegalArgumentException if it has not exactly {@code ceil(n / 8)} bytes or an unused
   *     bit is set
   */
  public static MemberSet fromBitmap(int rosterSize, byte[] bitmap) {
    byte[] own = emptyBitmap(rosterSize);
    if (bitmap.length != own.length) {
      throw new IllegalArgumentException(
          "bitmap has "
              + bitmap.length
              + " bytes, must have exactly "
              + own.length
              + " for "
              + rosterSize
              + " members");
    }
    System.arraycopy(bitmap, 0, own, 0, own.length);
    int lastBits = rosterSize - 8 * (own.length - 1);
    if ((own[own.length - 1] & 0xff) >>> lastBits != 0) {
      throw new IllegalArgumentException(
          "bitmap names members above " + rosterSize + ", unused bits must be 0");
    }
    return new MemberSet(rosterSize, own);
  }

  /** The bitmap, as it travels and is hashed. */
  public byte[] toBitmap() {
    return bitmap.clone();
  }

  /** n: how many members the roster has, in this set or not. */
  public int rosterSize() {
    return rosterSize;
  }

  /** How many members are in this set. */
  public int size() {
    int size = 0;
    for (byte bits : bitmap) {
      size += Integer.bitCount(bits & 0xff);
    }
    return size;
  }

  /** Whether a member is in this set; nobody below 1 or above n is. */
  public boolean contains(int member) {
    return member >= 1
        && member <= rosterSize
        && (bitmap[member - 1 >> 3] >> (member - 1 & 7) & 1) != 0;
  }

  /**
   * Those of this set that are not in the other.
   *
   * @throws IllegalArgumentException if the other is of a roster of another size
   */
  public MemberSet minus(MemberSet other) {
    checkSameRoster(other);
    byte[] rest = bitmap.clone();
    for (int i = 0; i < rest.length; i++) {
      rest[i] &= (byte) ~other.bitmap[i];
    }
    return new MemberSet(rosterSize, rest);
  }

  /**
   * Whether all of this set are in the other.
   *
   * @throws IllegalArgumentException if the other is of a roster of another size
   */
  public boolean isSubsetOf(MemberSet other) {
    return minus(other).size() == 0;
  }

  private void checkSameRoster(MemberSet other) {
    if (other.rosterSize != rosterSize) {
      throw new IllegalArgumentException(
          "sets are of rosters of "
              + rosterSize
              + " and "
              + other.rosterSize
              + " members, must be of one");
    }
  }

  /** Gives each member of this set, in ascending order. */
  public void forEach(IntConsumer action) {
    for (int member = 1; member <= rosterSize; member++) {
      if (contains(member)) {
        action.accept(member);
      }
    }
  }

  /** The members of this set, in ascending order. */
  public int[] toArray() {
    int[] members = new int[size()];
    for (int member = 1, i = 0; member <= rosterSize; member++) {
      if (contains(member)) {
        members[i++] = member;
      }
    }
    return members;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MemberSet
        && ((MemberSet) other).rosterSize == rosterSize
        && Arrays.equals(((MemberSet) other).bitmap, bitmap);
  }

  @Override
  public int hashCode() {
    return 31 * rosterSize + Arrays.hashCode(bitmap);
  }

  /** E.g. {@code {1, 2, 5} of 10}. */
  @Override
  public String toString() {
    String members = Arrays.toString(toArray());
    return "{" + members.substring(1, members.length() - 1) + "} of " + rosterSize;
  }
}
