package io.tacit.protocol.masking;

import io.tacit.protocol.crypto.ErasableKey;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
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

  /** Larger calls may stay with the interpreter's AES, at a twentieth of the speed. */
  static final int CALL_BYTES_MAX = 16 * 1024;

  private static final int CALL_LANES = CALL_BYTES_MAX / Integer.BYTES;
  private static final int IV_LENGTH = 16;

  private final Cipher cipher;
  private final byte[] zeros = new byte[CALL_BYTES_MAX];
  private final byte[] bytes = new byte[CALL_BYTES_MAX];
  private final int[] mask = new int[CALL_LANES];
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
   * Adds the mask of a key to all lanes.
   *
   * @param key 32 bytes; not changed
   */
  public void add(byte[] key, int[] lanes) {
    add(key, 0, lanes, 0, lanes.length);
  }

  /** Takes the mask of a key from all lanes; what {@link #add(byte[], int[])} undoes. */
  public void subtract(byte[] key, int[] lanes) {
    subtract(key, 0, lanes, 0, lanes.length);
  }

  /**
   * Adds a tile of the mask of a key.
   *
   * @param firstLane of the tile in the whole update, a multiple of {@link #BLOCK_LANES}
   * @param lanes holds the tile
   * @param from index of the tile's first lane in the array
   * @param count of lanes in the tile
   */
  public void add(byte[] key, long firstLane, int[] lanes, int from, int count) {
    start(key, firstLane, lanes, from, count);
    for (int done = 0; done < count; ) {
      int part = next(count - done);
      int at = from + done;
      for (int i = 0; i < part; i++) {
        lanes[at + i] += mask[i];
      }
      done += part;
    }
  }

  /** Takes a tile of the mask of a key away; what the other method of five parameters undoes. */
  public void subtract(byte[] key, long firstLane, int[] lanes, int from, int count) {
    start(key, firstLane, lanes, from, count);
    for (int done = 0; done < count; ) {
      int part = next(count - done);
      int at = from + done;
      for (int i = 0; i < part; i++) {
        lanes[at + i] -= mask[i];
      }
      done += part;
    }
  }

  private void start(byte[] key, long firstLane, int[] lanes, int from, int count) {
    if (firstLane < 0 || firstLane % BLOCK_LANES != 0) {
      throw new IllegalArgumentException(
          "tile begins at lane " + firstLane + ", must be a multiple of " + BLOCK_LANES);
    }
    if (from < 0 || count < 0 || count > lanes.length - from) {
      throw new IllegalArgumentException(
          "tile is " + count + " lanes from " + from + " on, must be within " + lanes.length);
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

  /** Generates the next lanes of the mask. */
  private int next(int lanesLeft) {
    int part = Math.min(CALL_LANES, lanesLeft);
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
    lanesOfBytes.get(mask, 0, part);
    return part;
  }

  /** Erases what is left of the last masks and of the last key. May be used again. */
  public void erase() {
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(mask, 0);
    Arrays.fill(counter, (byte) 0);
    // The cipher keeps the last key's schedule until there is another.
    init(new byte[KEY_LENGTH]);
  }

  private static AssertionError platformLacksAes(GeneralSecurityException e) {
    return new AssertionError("every Java platform has AES/CTR/NoPadding", e);
  }
}
