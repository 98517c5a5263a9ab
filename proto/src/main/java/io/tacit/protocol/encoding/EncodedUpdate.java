package io.tacit.protocol.encoding;

import io.tacit.protocol.WireLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An update as lanes mod 2^32: 16 header lanes, then one per parameter.
 *
 * <p>Header: [0] number of clients, [1] weight × 2^16, [2] reserved for the clip bit, [3] loss ×
 * weight × 2^12, [4] examples, the rest 0. Sums of updates have the same form.
 */
public final class EncodedUpdate {

  /** Where the number of clients is. */
  public static final int COUNT_LANE = 0;

  static final int WEIGHT_LANE = 1;
  static final int LOSS_LANE = 3;
  static final int EXAMPLES_LANE = 4;

  private final int[] lanes;

  private EncodedUpdate(int[] lanes) {
    this.lanes = lanes;
  }

  /**
   * Takes ownership of the lanes: the caller must not use the array any more.
   *
   * @param lanes {@code int[16 + d]}
   */
  public static EncodedUpdate owning(int[] lanes) {
    return new EncodedUpdate(lanes);
  }

  /** d, the number of payload lanes. */
  public int parameters() {
    return lanes.length - WireLimits.HEADER_LANES;
  }

  /** The wire form: all lanes, little-endian. */
  public byte[] toBytes() {
    byte[] bytes = new byte[4 * lanes.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(lanes);
    return bytes;
  }

  @Override
  public String toString() {
    return "EncodedUpdate[" + parameters() + "]";
  }
}
