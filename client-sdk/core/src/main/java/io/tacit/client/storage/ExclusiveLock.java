package io.tacit.client.storage;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to change some files, against other processes and other objects of this one. Hold it
 * during an operation only where thousands of devices share a process: it costs an open file.
 *
 * <p>The lock is on a file of its own: one on the data would stay with the old file when that is
 * replaced by rename. The lock file stays behind; the operating system frees the lock of a process
 * that died.
 */
public final class ExclusiveLock implements Closeable {

  /**
   * Lock files that this process holds. POSIX gives up a process's lock when the process closes any
   * descriptor of the file, so whoever comes second in this process must not even open it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path held;
  private final FileChannel channel;

  private ExclusiveLock(Path held, FileChannel channel) {
    this.held = held;
    this.channel = channel;
  }

  /**
   * Takes the lock without waiting.
   *
   * @param file made if missing; nobody else may open it
   * @throws InUseException if someone else has it
   */
  public static ExclusiveLock acquire(Path file) throws IOException {
    Path held = realPath(file);
    if (!HELD.add(held)) {
      throw new InUseException(file);
    }
    boolean acquired = false;
    try {
      ExclusiveLock lock = new ExclusiveLock(held, lock(file));
      acquired = true;
      return lock;
    } finally {
      if (!acquired) {
        HELD.remove(held);
      }
    }
  }

  /** One name per file, whatever links lead to its directory. */
  private static Path realPath(Path file) throws IOException {
    Path directory = requireNonNull(file.toAbsolutePath().getParent(), "a lock file has a parent");
    return directory.toRealPath().resolve(requireNonNull(file.getFileName()));
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        DurableFile.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(channel) == null) {
        throw new InUseException(file);
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // This class was loaded twice.
      return null;
    }
  }

  /** Gives the lock back; doing so again changes nothing. */
  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } finally {
      HELD.remove(held);
    }
  }
}
