package io.tacit.coordinator.sessions;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Takes masks from a part of a sum: for each tile all masks in turn, so that the tile stays in the
 * processor's cache and no mask is ever there as a whole. The stream is that of {@link
 * io.tacit.protocol.masking.MaskStream}: AES-256-CTR by the platform's provider, from the counter
 * at which the tile begins.
 *
 * <p>For one thread; others may work on other parts of the same sum. {@link #erase} when done.
 */
final class MaskRemoval {

  /**
   * Lanes of a tile: 256 KiB of the sum, which a second-level cache holds while a key is set up
   * seldom enough (2 microseconds each); a multiple of a block of AES, 4 lanes.
   */
  static final int TILE_LANES = 64 * 1024;

  /** Larger calls may stay with the interpreter's AES, at a twentieth of the speed. */
  private static final int CALL_BYTES = 16 * 1024;

  private static final int CALL_LANES = CALL_BYTES / Integer.BYTES;

  private static final int BLOCK_LANES = 4;

  /** Static and final, so that the loop over it becomes vector instructions. */
  private static final VarHandle LANE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final Cipher cipher;

  /**
   * The tile, in parts that each begin at index 0 as the mask does: with an offset in one of both
   * indices the JVM makes vector instructions of the loop in some programs and not in others.
   */
  private final int[][] parts = new int[TILE_LANES / CALL_LANES][CALL_LANES];

  private final byte[] zeros = new byte[CALL_BYTES];
  private final byte[] mask = new byte[CALL_BYTES];
  private final byte[] counter = new byte[16];

  MaskRemoval() {
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has AES", e);
    }
  }

  /** How many tiles a sum has. */
  static int tiles(int lanes) {
    return (lanes + TILE_LANES - 1) / TILE_LANES;
  }

  /** Takes all masks from one tile of the sum. */
  void clear(int tile, List<MaskKey> masks, int[] lanes) {
    int from = tile * TILE_LANES;
    int count = Math.min(TILE_LANES, lanes.length - from);
    for (int part = 0; part < parts(count); part++) {
      System.arraycopy(lanes, from + part * CALL_LANES, parts[part], 0, lanesOf(part, count));
    }
    for (MaskKey key : masks) {
      begin(key, from);
      for (int part = 0; part < parts(count); part++) {
        clear(key, parts[part], lanesOf(part, count));
      }
    }
    for (int part = 0; part < parts(count); part++) {
      System.arraycopy(parts[part], 0, lanes, from + part * CALL_LANES, lanesOf(part, count));
    }
  }

  private static int parts(int lanes) {
    return (lanes + CALL_LANES - 1) / CALL_LANES;
  }

  private static int lanesOf(int part, int lanes) {
    return Math.min(CALL_LANES, lanes - part * CALL_LANES);
  }

  private void clear(MaskKey key, int[] part, int count) {
    generate(Integer.BYTES * count);
    if (key.wasAdded()) {
      subtract(part, mask, count);
    } else {
      add(part, mask, count);
    }
  }

  private void begin(MaskKey key, int firstLane) {
    ByteBuffer.wrap(counter).putLong(Long.BYTES, firstLane / BLOCK_LANES);
    init(key.key());
  }

  private void init(byte[] key) {
    try {
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("a mask key has 32 bytes", e);
    }
  }

  private void generate(int bytes) {
    try {
      cipher.update(zeros, 0, bytes, mask, 0);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the mask has room for what it is asked for", e);
    }
  }

  private static void add(int[] part, byte[] mask, int count) {
    for (int i = 0; i < count; i++) {
      part[i] += (int) LANE.get(mask, Integer.BYTES * i);
    }
  }

  private static void subtract(int[] part, byte[] mask, int count) {
    for (int i = 0; i < count; i++) {
      part[i] -= (int) LANE.get(mask, Integer.BYTES * i);
    }
  }

  /** Erases the last mask, and the schedule of the last key that the cipher keeps. */
  void erase() {
    Arrays.fill(mask, (byte) 0);
    for (int[] part : parts) {
      Arrays.fill(part, 0);
    }
    init(new byte[32]);
  }
}
