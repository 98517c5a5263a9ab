package io.tacit.simulation.population;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A directory for what virtual devices store; deleted when it is closed or the JVM ends. In memory
 * where the system has a place for that: thousands of devices that sync their files would otherwise
 * wait for one disk, which real devices do not share.
 */
public final class ScratchDirectory implements AutoCloseable {

  private static final Path IN_MEMORY = Path.of("/dev/shm");

  /** Less free room than this, and the directory goes to the disk. */
  private static final long ROOM_BYTES_MIN = 1L << 30;

  private static final int ATTEMPTS_MAX = 100;
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);

  /** More than a process that is asked to stop is given before it is killed. */
  private static final Duration CHILDREN_END_WITHIN = Duration.ofSeconds(20);

  private final Path path;
  private final Thread deleteAtExit = new Thread(this::deleteQuietly, "delete-scratch");

  private ScratchDirectory(Path path) {
    this.path = path;
    Runtime.getRuntime().addShutdownHook(deleteAtExit);
  }

  /**
   * Makes an empty directory on the disk, for what is to be as durable as it would be in service.
   */
  public static ScratchDirectory onDisk(String prefix) throws IOException {
    return new ScratchDirectory(Files.createTempDirectory(prefix));
  }

  /** Makes an empty directory, in memory if there is room. */
  public static ScratchDirectory create(String prefix) throws IOException {
    return new ScratchDirectory(
        hasRoom(IN_MEMORY)
            ? Files.createTempDirectory(IN_MEMORY, prefix)
            : Files.createTempDirectory(prefix));
  }

  private static boolean hasRoom(Path directory) throws IOException {
    return Files.isDirectory(directory)
        && Files.isWritable(directory)
        && Files.getFileStore(directory).getUsableSpace() >= ROOM_BYTES_MIN;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(deleteAtExit);
    } catch (IllegalStateException e) {
      // The JVM is on its way down: the hook finds nothing left.
    }
  }

  /**
   * Others may still write into it while the JVM goes down. A process that this one started would
   * make its files again after they were deleted, so it must have ended; other threads are no more
   * than in the way: until they have ended, try again.
   */
  private void deleteQuietly() {
    awaitChildren();
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      try {
        delete();
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
      }
    }
  }

  private static void awaitChildren() {
    CompletableFuture<?>[] ends =
        ProcessHandle.current()
            .children()
            .map(ProcessHandle::onExit)
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(ends)
        .completeOnTimeout(null, CHILDREN_END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private void delete() throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
