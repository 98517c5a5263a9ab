package io.tacit.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writing files so that a crash leaves the old content or the new, never a mixture. */
public final class DurableFile {

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private static final FileAttribute<?>[] OWNER_ONLY_FILE = ownerOnly("rw-------");
  private static final FileAttribute<?>[] OWNER_ONLY_DIRECTORY = ownerOnly("rwx------");

  private DurableFile() {}

  private static FileAttribute<?>[] ownerOnly(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Makes a directory and its parents if missing, open to its owner only where that is possible.
   */
  public static void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
  }

  /** Opens a file, making it open to its owner only if it is new. */
  public static FileChannel open(Path file, OpenOption... options) throws IOException {
    Set<OpenOption> set = new HashSet<>(List.of(options));
    return FileChannel.open(file, set, OWNER_ONLY_FILE);
  }

  /**
   * Replaces a file by these parts, one behind the other: written beside it, fsynced, renamed over
   * it, and the directory fsynced.
   *
   * @throws IOException if it failed; the old content is still there
   */
  public static void replace(Path file, ByteBuffer... parts) throws IOException {
    Path temporary = temporary(file);
    Files.deleteIfExists(temporary);
    try (FileChannel channel =
        open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (ByteBuffer part : parts) {
        writeFully(channel, part);
      }
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(file);
  }

  /** Deletes a file for good, and what a replacement that was cut short left beside it. */
  public static void delete(Path file) throws IOException {
    boolean deleted = Files.deleteIfExists(temporary(file));
    deleted |= Files.deleteIfExists(file);
    if (deleted) {
      syncDirectory(file);
    }
  }

  private static Path temporary(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".tmp");
  }

  /** Writes all that remains in the buffer at the channel's position. */
  public static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /**
   * Reads so many bytes.
   *
   * @throws IOException if the file has less
   */
  public static byte[] readFully(FileChannel channel, long position, int length)
      throws IOException {
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("file ended after " + buffer.position() + " of " + length + " bytes");
      }
    }
    return bytes;
  }

  /** Makes a rename, creation or deletion of this file durable. */
  public static void syncDirectory(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    // Only POSIX systems let a directory be opened; elsewhere the rename is as durable as it gets.
    if (POSIX && parent != null) {
      try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }
}
