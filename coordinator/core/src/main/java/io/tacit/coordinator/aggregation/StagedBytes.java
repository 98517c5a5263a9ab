package io.tacit.coordinator.aggregation;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the bytes of a {@link StagedUpload} are, which guards them. */
sealed interface StagedBytes permits StagedFile, StagedMemory {

  /** Whether no method does I/O. */
  boolean isInMemory();

  /**
   * Adds a chunk.
   *
   * @param offset where the bytes held so far end, or 0, which throws them away
   * @param chunk copied; its position may change
   */
  void write(long offset, ByteBuffer chunk) throws IOException;

  /** Takes what is read, piece by piece. */
  interface TileReader {

    /** The tile is valid during the call only; its position may change. */
    void accept(ByteBuffer tile) throws IOException;
  }

  /** Hands over the first {@code bytes} in order. */
  void read(long bytes, TileReader reader) throws IOException;

  /** How many bytes there are to read. */
  long size() throws IOException;

  /** Copies the whole into the log. */
  void copyTo(LogFile.Writer out) throws IOException;

  /** The bytes have no place in the staging area any more. */
  void delete() throws IOException;
}
