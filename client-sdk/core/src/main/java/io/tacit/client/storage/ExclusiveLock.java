package io.tacit.client.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to change some files, against other processes and other objects of this one. Held
 * during an operation only, so that thousands of devices in one process need no open files.
 *
 * <p>The lock is on a file of its own: one on the data would stay with the old file when that is
 * replaced by rename. The lock file stays behind; the operating system frees the lock of a process
 * that died.
 */
public final class ExclusiveLock implements Closeable {

  private final FileChannel channel;

  private ExclusiveLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock without waiting.
   *
   * @param file made if missing
   * @throws InUseException if someone else has it
   */
  public static ExclusiveLock acquire(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(channel) == null) {
        throw new InUseException(file);
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new ExclusiveLock(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
