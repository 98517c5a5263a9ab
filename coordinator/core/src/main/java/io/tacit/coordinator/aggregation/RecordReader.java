package io.tacit.coordinator.aggregation;

import java.nio.ByteBuffer;

/** Takes records from {@link SessionLog#read}, one after the other. */
public interface RecordReader {

  /**
   * The next record.
   *
   * @return whether its payload is wanted
   */
  boolean begin(LogRecord record);

  /**
   * The next part of the payload, in order.
   *
   * @param position index of its first byte within the payload, a multiple of {@link
   *     SessionLog#TILE_BYTES}
   * @param tile little-endian, from position to limit, on an array of the heap ({@link
   *     ByteBuffer#array} works); valid during this call only
   */
  void tile(long position, ByteBuffer tile);
}
