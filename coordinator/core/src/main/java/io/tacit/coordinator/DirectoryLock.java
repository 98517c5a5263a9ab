package io.tacit.coordinator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * That a data directory belongs to one process, coordinator or authority. The operating system
 * gives the directory back when the process is gone, however it ended; the file {@code lock} stays.
 */
public final class DirectoryLock implements AutoCloseable {

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes possession of a directory, which is made if there is none. Before anything in it is
   * opened: two processes would destroy each other's files.
   *
   * @throws UncheckedIOException if it can not be made or written, or another process, or somebody
   *     else in this one, has it
   */
  public static DirectoryLock take(Path directory) {
    try {
      Files.createDirectories(directory);
      return new DirectoryLock(lock(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot use data directory "
              + directory
              + ": "
              + (e instanceof FileSystemException ? e + "; make it writable" : e.getMessage())
              + ", or choose another one with tacit.data-directory",
          e);
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Another one in this process.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new IOException("another coordinator or authority is running on it; stop that one");
  }

  /** Lets go of the directory. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
