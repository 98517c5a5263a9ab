package io.tacit.protocol.masking;

import io.tacit.protocol.crypto.ErasableKey;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Collection;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/**
 * Adds masks to lanes, and takes them away again: the key stream of AES-256-CTR (NIST SP 800-38A)
 * from a counter of 0, as little-endian lanes mod 2^32.
 *
 * <p>Guarantee: each lane of a mask is uniform to whoever has not its key. Assumes: a key masks one
 * update in its life. The platform's provider computes it, which uses the processor's AES: never
 * Bouncy Castle, whose tables are 200 times slower. One thread at a time; {@link #erase} when done.
 */
public final class MaskStream {

  /** Length of a key in bytes. */
  public static final int KEY_LENGTH = 32;

  /** Lanes in one block of AES: tiles begin at a multiple of it. */
  public static final int BLOCK_LANES = 4;

  /**
   * The largest tile: 128 KiB, which stay in a second-level cache beside as much of a mask while a
   * key is set up seldom enough (2 microseconds each); a multiple of a block of AES.
   */
  public static final int TILE_LANES = 32 * 1024;

  /** Larger calls may stay with the interpreter's AES, at a twentieth of the speed. */
  static final int CALL_BYTES_MAX = 16 * 1024;

  private static final int CALL_LANES = CALL_BYTES_MAX / Integer.BYTES;
  private static final int IV_LENGTH = 16;

  private final Cipher cipher;
  private final byte[] zeros = new byte[CALL_BYTES_MAX];
  private final byte[] bytes = new byte[CALL_BYTES_MAX];

  /**
   * A tile of a mask, each lane at the index at which the tile of the update has its own: only so
   * do loops over two arrays of one type become vector instructions, four times as fast.
   */
  private final int[] mask = new int[TILE_LANES];

  private final int[] tile = new int[TILE_LANES];
  private final byte[] counter = new byte[IV_LENGTH];
  private final IntBuffer lanesOfBytes =
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();

  /** A stream with the platform's AES. */
  public MaskStream() {
    this(platformCipher());
  }

  MaskStream(Cipher cipher) {
    this.cipher = cipher;
  }

  private static Cipher platformCipher() {
    try {
      return Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      throw platformLacksAes(e);
    }
  }

  /**
   * Masks a whole update: for each tile all masks in turn, so that it stays in a cache near the
   * processor.
   *
   * @param added keys of the masks to add, 32 bytes each; not changed
   * @param subtracted keys of those to take away
   * @param lanes in the clear; erased
   * @param out takes the masked lanes
   */
  public void maskInto(
      IntBuffer out, int[] lanes, Collection<byte[]> added, Collection<byte[]> subtracted) {
    for (int from = 0; from < lanes.length; from += TILE_LANES) {
      int count = take(lanes, from);
      for (byte[] key : added) {
        add(key, from, tile, count);
      }
      for (byte[] key : subtracted) {
        subtract(key, from, tile, count);
      }
      Arrays.fill(lanes, from, from + count, 0);
      out.put(tile, 0, count);
    }
  }

  /**
   * Adds the mask of a key to all lanes.
   *
   * @param key 32 bytes; not changed
   */
  public void add(byte[] key, int[] lanes) {
    for (int from = 0; from < lanes.length; from += TILE_LANES) {
      int count = take(lanes, from);
      add(key, from, tile, count);
      System.arraycopy(tile, 0, lanes, from, count);
    }
  }

  /** Takes the mask of a key from all lanes; what {@link #add(byte[], int[])} undoes. */
  public void subtract(byte[] key, int[] lanes) {
    for (int from = 0; from < lanes.length; from += TILE_LANES) {
      int count = take(lanes, from);
      subtract(key, from, tile, count);
      System.arraycopy(tile, 0, lanes, from, count);
    }
  }

  private int take(int[] lanes, int from) {
    int count = Math.min(TILE_LANES, lanes.length - from);
    System.arraycopy(lanes, from, tile, 0, count);
    return count;
  }

  /**
   * Adds a tile of the mask of a key.
   *
   * @param firstLane of the tile in the whole update, a multiple of {@link #BLOCK_LANES}
   * @param lanes holds the tile, from index 0 on
   * @param count of lanes in the tile, at most {@link #TILE_LANES}
   */
  public void add(byte[] key, long firstLane, int[] lanes, int count) {
    start(key, firstLane, lanes, count);
    for (int done = 0; done < count; ) {
      int end = next(done, count);
      addMask(lanes, mask, done, end);
      done = end;
    }
  }

  /** Takes a tile of the mask of a key away; what the other method of four parameters undoes. */
  public void subtract(byte[] key, long firstLane, int[] lanes, int count) {
    start(key, firstLane, lanes, count);
    for (int done = 0; done < count; ) {
      int end = next(done, count);
      subtractMask(lanes, mask, done, end);
      done = end;
    }
  }

  private static void addMask(int[] lanes, int[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      lanes[i] += mask[i];
    }
  }

  private static void subtractMask(int[] lanes, int[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      lanes[i] -= mask[i];
    }
  }

  private void start(byte[] key, long firstLane, int[] lanes, int count) {
    if (firstLane < 0 || firstLane % BLOCK_LANES != 0) {
      throw new IllegalArgumentException(
          "tile begins at lane " + firstLane + ", must be a multiple of " + BLOCK_LANES);
    }
    int most = Math.min(lanes.length, TILE_LANES);
    if (count < 0 || count > most) {
      throw new IllegalArgumentException("tile has " + count + " lanes, must have 0 to " + most);
    }
    ByteBuffer.wrap(counter).putLong(Long.BYTES, firstLane / BLOCK_LANES);
    init(key);
  }

  private void init(byte[] keyBytes) {
    if (keyBytes.length != KEY_LENGTH) {
      throw new IllegalArgumentException(
          "mask key has " + keyBytes.length + " bytes, must have exactly " + KEY_LENGTH);
    }
    ErasableKey key = new ErasableKey("AES", keyBytes);
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
    } catch (GeneralSecurityException e) {
      throw platformLacksAes(e);
    } finally {
      key.destroy();
    }
  }

  /** Generates the mask from a lane on; returns where it stops. */
  private int next(int from, int to) {
    int part = Math.min(CALL_LANES, to - from);
    try {
      int length = cipher.update(zeros, 0, Integer.BYTES * part, bytes, 0);
      if (length != Integer.BYTES * part) {
        throw new IllegalStateException(
            "AES/CTR gave " + length + " bytes, must give " + Integer.BYTES * part);
      }
    } catch (GeneralSecurityException e) {
      throw platformLacksAes(e);
    }
    ((Buffer) lanesOfBytes).clear();
    lanesOfBytes.get(mask, from, part);
    return from + part;
  }

  /** Erases what is left of the last masks and of the last key. May be used again. */
  public void erase() {
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(mask, 0);
    Arrays.fill(tile, 0);
    Arrays.fill(counter, (byte) 0);
    // The cipher keeps the last key's schedule until there is another.
    init(new byte[KEY_LENGTH]);
  }

  private static AssertionError platformLacksAes(GeneralSecurityException e) {
    return new AssertionError("every Java platform has AES/CTR/NoPadding", e);
  }
}
