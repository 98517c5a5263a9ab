package io.tacit.coordinator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * That a data directory belongs to one process, coordinator or authority. The operating system
 * gives the directory back when the process is gone, however it ended; the file {@code lock} stays.
 */
public final class DirectoryLock implements AutoCloseable {

  /**
   * Directories that this process holds. POSIX gives up a process's lock when the process closes
   * any descriptor of the file, so whoever comes second in this process must not even open it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
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
      Path real = directory.toRealPath();
      return new DirectoryLock(real, lock(real));
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
    if (!HELD.add(directory)) {
      throw inUse();
    }
    boolean isTaken = false;
    try {
      FileChannel channel = openLocked(directory);
      isTaken = true;
      return channel;
    } finally {
      if (!isTaken) {
        HELD.remove(directory);
      }
    }
  }

  private static FileChannel openLocked(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This class was loaded twice.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw inUse();
  }

  private static IOException inUse() {
    return new IOException("another coordinator or authority is running on it; stop that one");
  }

  /** Lets go of the directory; doing so again changes nothing. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      HELD.remove(directory);
    }
  }
}
