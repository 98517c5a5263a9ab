package io.tacit.client.behaviour;

import java.util.OptionalLong;

/**
 * How segments are cut so that a {@link Retention} can be kept by dropping whole ones: each holds
 * an eighth of what is retained.
 *
 * @param eventsMax retained events
 * @param bytesMax of all files
 * @param ageMaxMillis of events, if bounded
 * @param segmentEventsMax events of one segment
 * @param segmentBytesMax bytes of one segment, unless a single event is larger
 */
record SegmentLimits(
    int eventsMax,
    long bytesMax,
    OptionalLong ageMaxMillis,
    int segmentEventsMax,
    int segmentBytesMax) {

  private static final int PART = 8;

  /** The limits for a retention. */
  static SegmentLimits of(Retention retention) {
    long bytes = Math.min(SegmentDirectory.SEGMENT_BYTES_MAX, retention.bytesMax() / PART);
    return of(retention, (int) bytes);
  }

  /** The same with other segments. */
  static SegmentLimits of(Retention retention, int segmentBytesMax) {
    return new SegmentLimits(
        retention.eventsMax(),
        retention.bytesMax(),
        retention.ageMax().isPresent()
            ? OptionalLong.of(retention.ageMax().get().toMillis())
            : OptionalLong.empty(),
        Math.max(1, retention.eventsMax() / PART),
        segmentBytesMax);
  }

  /** Events before this are not read any more; the least long if age is not bounded. */
  long readableFrom(long nowMillis) {
    return ageMaxMillis.isPresent() ? nowMillis - ageMaxMillis.getAsLong() : Long.MIN_VALUE;
  }

  /** It is worth while to remove events from the disk if there is one before this. */
  long overdueBefore(long nowMillis) {
    return ageMaxMillis.isPresent()
        ? readableFrom(nowMillis) - ageMaxMillis.getAsLong() / PART
        : Long.MIN_VALUE;
  }
}
