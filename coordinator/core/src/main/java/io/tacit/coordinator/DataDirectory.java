package io.tacit.coordinator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** The directory in which a coordinator keeps everything, held by one coordinator at a time. */
final class DataDirectory implements AutoCloseable {

  private static final int KEY_BYTES = 32;

  private final Path root;
  private final DirectoryLock lock;

  private DataDirectory(Path root, DirectoryLock lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Takes possession of a directory, which is made if there is none.
   *
   * @throws UncheckedIOException if it can not be made or written, or another process has it
   */
  static DataDirectory open(Path root) {
    return new DataDirectory(root, DirectoryLock.take(root));
  }

  /** Lets go of the directory. */
  @Override
  public void close() {
    lock.close();
  }

  Path database() {
    return root.resolve("metadata");
  }

  Path artifacts() {
    return root.resolve("artifacts");
  }

  Path spool() {
    return root.resolve("spool");
  }

  /** The secret of session tickets, made on first use. */
  byte[] ticketKey(SecureRandom random) {
    Path file = root.resolve("ticket.key");
    try {
      try {
        writeNew(file, random);
      } catch (FileAlreadyExistsException e) {
        // From an earlier start.
      }
      byte[] key = Files.readAllBytes(file);
      if (key.length != KEY_BYTES) {
        throw new IOException(
            "ticket key file "
                + file
                + " has "
                + key.length
                + " bytes, must have "
                + KEY_BYTES
                + "; delete it, which ends the sessions that are going on");
      }
      return key;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeNew(Path file, SecureRandom random) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    FileAttribute<?>[] ownerOnly =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
      channel.write(ByteBuffer.wrap(key));
      channel.force(true);
    }
  }
}
