package io.tacit.coordinator.aggregation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Staged bytes in memory, for as long as there is room. A crash loses them, and their client sends
 * them again; that costs less than to write every upload to two files.
 */
final class StagedMemory implements StagedBytes {

  /** Memory is taken as bytes come, in pieces that no garbage collector treats as large. */
  private static final int SEGMENT_BYTES = 256 * 1024;

  private final long totalBytes;
  private final List<byte[]> segments = new ArrayList<>();
  private long size;

  StagedMemory(long totalBytes) {
    this.totalBytes = totalBytes;
  }

  @Override
  public boolean isInMemory() {
    return true;
  }

  @Override
  public void write(long offset, ByteBuffer chunk) {
    size = offset;
    while (chunk.hasRemaining()) {
      int index = (int) (size / SEGMENT_BYTES);
      int from = (int) (size % SEGMENT_BYTES);
      byte[] segment = segment(index);
      int count = Math.min(chunk.remaining(), segment.length - from);
      chunk.get(segment, from, count);
      size += count;
    }
  }

  private byte[] segment(int index) {
    if (index == segments.size()) {
      long missing = totalBytes - (long) index * SEGMENT_BYTES;
      segments.add(new byte[(int) Math.min(SEGMENT_BYTES, missing)]);
    }
    return segments.get(index);
  }

  @Override
  public void read(long bytes, TileReader reader) throws IOException {
    long left = bytes;
    for (byte[] segment : segments) {
      int count = (int) Math.min(segment.length, left);
      reader.accept(ByteBuffer.wrap(segment, 0, count));
      left -= count;
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void copyTo(LogFile.Writer out) throws IOException {
    for (byte[] segment : segments) {
      out.put(ByteBuffer.wrap(segment));
    }
  }

  /**
   * Leaves the bytes alone: they may be on their way into the log when another upload of the client
   * takes their place.
   */
  @Override
  public void delete() {}
}
