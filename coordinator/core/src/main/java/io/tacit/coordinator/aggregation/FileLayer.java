package io.tacit.coordinator.aggregation;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens every file of the spool, so that tests can fill the disk or break it. */
interface FileLayer {

  /** The file system. */
  FileLayer DISK = FileChannel::open;

  FileChannel open(Path file, OpenOption... options) throws IOException;

  /** Makes names created in, renamed in or deleted from a directory durable. */
  static void syncDirectory(Path directory) throws IOException {
    if (java.io.File.separatorChar == '\\') {
      return; // Windows opens no directories; NTFS journals names by itself.
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Fills the buffer from this position on, and flips it. */
  static void readFully(FileChannel in, ByteBuffer into, long position) throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int count = in.read(into, at);
      if (count < 0) {
        throw new EOFException("file ends at " + at + ", wanted " + into.remaining() + " more");
      }
      at += count;
    }
    into.flip();
  }

  /** Writes all of the buffer at this position; returns the position behind it. */
  static long writeFully(FileChannel out, ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += out.write(from, at);
    }
    return at;
  }
}
