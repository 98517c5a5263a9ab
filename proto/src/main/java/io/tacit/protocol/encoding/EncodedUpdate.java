package io.tacit.protocol.encoding;

import io.tacit.protocol.WireLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * An update as lanes mod 2^32: 16 header lanes, then one per parameter.
 *
 * <p>Header: [0] number of clients, [1] weight × 2^16, [2] reserved for the clip bit, [3] loss ×
 * weight × 2^12, [4] examples, the rest 0. Sums of updates have the same form. For one thread.
 */
public final class EncodedUpdate {

  /** Where the number of clients is. */
  public static final int COUNT_LANE = 0;

  static final int WEIGHT_LANE = 1;
  static final int LOSS_LANE = 3;
  static final int EXAMPLES_LANE = 4;

  private final int length;
  private int @Nullable [] lanes;

  private EncodedUpdate(int[] lanes) {
    this.length = lanes.length;
    this.lanes = lanes;
  }

  /**
   * Takes ownership of the lanes: the caller must not use the array any more.
   *
   * @param lanes {@code int[16 + d]}, and metrics behind them where the plan has any
   */
  public static EncodedUpdate owning(int[] lanes) {
    return new EncodedUpdate(lanes);
  }

  /** Lanes behind the header: d, and those of metrics. */
  public int payloadLanes() {
    return length - WireLimits.HEADER_LANES;
  }

  /**
   * Hands over the lanes, of which this keeps nothing: who masks an update does it in place, and
   * what was masked is nowhere left in the clear.
   *
   * @return all of them, the caller's
   * @throws IllegalStateException if they were taken before
   */
  public int[] takeLanes() {
    int[] taken = held();
    lanes = null;
    return taken;
  }

  /**
   * The wire form: all lanes, little-endian.
   *
   * @throws IllegalStateException if the lanes were taken
   */
  public byte[] toBytes() {
    int[] all = held();
    byte[] bytes = new byte[4 * all.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(all);
    return bytes;
  }

  private int[] held() {
    if (lanes == null) {
      throw new IllegalStateException("the update's lanes were taken; encode it again");
    }
    return lanes;
  }

  @Override
  public String toString() {
    return "EncodedUpdate[" + payloadLanes() + "]";
  }
}
