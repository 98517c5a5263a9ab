package io.tacit.protocol.plan;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.crypto.Transcript;
import java.math.BigDecimal;
import java.nio.ByteBuffer;

/**
 * For which share of a plan's devices a release is.
 *
 * <p>A device has a fixed place between 0 and 1 in each plan, and is in a share if its place is
 * below it: the first four bytes of {@code H("release-share", plan id, client id)}, see {@link
 * Transcript#hash}, as an unsigned fraction of 2^32. The number of the release plays no part, so
 * that a larger share has all devices of a smaller one; the plan does, so that not the same devices
 * are first everywhere. Who can choose a device's key can choose its place.
 *
 * @param parts 1 to 10 000, in parts of 10 000
 */
public record ReleaseShare(int parts) {

  /** So many parts are all devices. */
  public static final int PARTS = 10_000;

  /** All devices. */
  public static final ReleaseShare ALL = new ReleaseShare(PARTS);

  private static final String LABEL = "release-share";

  public ReleaseShare {
    if (parts < 1 || parts > PARTS) {
      throw new IllegalArgumentException(
          "release has a share of "
              + Integer.toUnsignedString(parts)
              + " parts, must be 1 to "
              + PARTS
              + " parts of "
              + PARTS);
    }
  }

  /** Whether it is all devices. */
  public boolean isAll() {
    return parts == PARTS;
  }

  /** Whether a device is in this share of the plan's devices. */
  public boolean includes(PlanId plan, ClientId device) {
    byte[] hash = Transcript.hash(LABEL, plan.value().getBytes(US_ASCII), device.toBytes());
    long place = Integer.toUnsignedLong(ByteBuffer.wrap(hash).getInt());
    // Exact: place / 2^32 < parts / PARTS, and neither product is above 2^46.
    return place * PARTS < (long) parts << Integer.SIZE;
  }

  /** Above 0, at most 1. */
  public double fraction() {
    return (double) parts / PARTS;
  }

  /** The fraction, such as 0.1. */
  @Override
  public String toString() {
    return BigDecimal.valueOf(parts, 4).stripTrailingZeros().toPlainString();
  }
}
