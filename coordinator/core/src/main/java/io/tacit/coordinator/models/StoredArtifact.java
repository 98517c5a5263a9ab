package io.tacit.coordinator.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An artifact, open for reading in parts. Close it. Positional reads are thread-safe. */
public final class StoredArtifact implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;
  private final long length;

  StoredArtifact(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
    this.length = channel.size();
  }

  /** Bytes of the whole artifact. */
  public long length() {
    return length;
  }

  /**
   * Reads from a position into what remains of the buffer.
   *
   * @param position index of the first byte wanted, from 0
   * @return bytes read, as many as remain in the buffer or in the artifact; 0 at the end
   */
  public int read(ByteBuffer target, long position) {
    int total = 0;
    try {
      while (target.hasRemaining() && position + total < length) {
        int count = channel.read(target, position + total);
        if (count < 0) {
          break;
        }
        total += count;
      }
    } catch (IOException e) {
      throw new ArtifactStorageException("read", file, e);
    }
    return total;
  }

  /** A stream over the whole artifact; closing it closes the artifact. */
  public InputStream stream() {
    return Channels.newInputStream(channel);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new ArtifactStorageException("close", file, e);
    }
  }
}
