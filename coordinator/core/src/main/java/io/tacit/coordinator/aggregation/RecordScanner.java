package io.tacit.coordinator.aggregation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Walks over the records of a log file and checks each. One thread. */
final class RecordScanner {

  private final FileChannel in;
  private final long mark;
  private final long end;
  private final ByteBuffer header =
      ByteBuffer.allocate(RecordHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer tile;
  private long position;

  RecordScanner(FileChannel in, long mark, long start, long end) {
    this.in = in;
    this.mark = mark;
    this.position = start;
    this.end = end;
    // A log that is read as it grows is read in many small pieces.
    long tileBytes = Math.max(RecordHeader.BYTES, Math.min(SessionLog.TILE_BYTES, end - start));
    this.tile = ByteBuffer.allocate((int) tileBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Behind the last intact record. */
  long position() {
    return position;
  }

  /**
   * Steps over the next record if it is intact, handing it to the reader.
   *
   * @return null, and stays, if there is no intact record here
   */
  @Nullable RecordHeader next(RecordReader reader) throws IOException {
    if (end - position < RecordHeader.BYTES) {
      return null;
    }
    FileLayer.readFully(in, header.clear(), position);
    RecordHeader found = RecordHeader.get(header, 0, position, mark);
    if (found == null || found.end() > end) {
      return null;
    }
    if (reader.begin(found.record()) && !payloadIsIntact(found, reader)) {
      return null;
    }
    position = found.end();
    return found;
  }

  private boolean payloadIsIntact(RecordHeader found, RecordReader reader) throws IOException {
    CRC32C crc = new CRC32C();
    long bytes = found.record().payloadBytes();
    for (long at = 0; at < bytes; at += tile.capacity()) {
      tile.clear().limit((int) Math.min(tile.capacity(), bytes - at));
      FileLayer.readFully(in, tile, position + RecordHeader.BYTES + at);
      crc.update(tile);
      reader.tile(at, tile.rewind());
    }
    return (int) crc.getValue() == found.payloadCrc();
  }

  /**
   * Looks behind {@link #position} for a record which proves that what should be there had been
   * durable.
   */
  @Nullable RecordHeader laterBatch() throws IOException {
    int step = tile.capacity() - RecordHeader.BYTES + 1;
    for (long at = position; end - at >= RecordHeader.BYTES; at += step) {
      tile.clear().limit((int) Math.min(tile.capacity(), end - at));
      FileLayer.readFully(in, tile, at);
      for (int i = 0; i <= tile.limit() - RecordHeader.BYTES; i++) {
        RecordHeader found = RecordHeader.get(tile, i, at + i, mark);
        if (found != null && found.batchStart() > position) {
          return found;
        }
      }
    }
    return null;
  }
}
