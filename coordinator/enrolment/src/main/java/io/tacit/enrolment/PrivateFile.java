package io.tacit.enrolment;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/** Files that only their owner may read. */
final class PrivateFile {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private PrivateFile() {}

  /**
   * Makes a file, whole or not at all, and durable.
   *
   * @throws KeyFileException if it is there already, or can not be written
   */
  static void create(Path file, String text) {
    Path absolute = file.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory == null) {
      throw new KeyFileException("cannot make " + file + ": it is a directory; name a file");
    }
    Path draft = absolute.resolveSibling("." + absolute.getFileName() + "-" + UUID.randomUUID());
    try {
      try {
        write(draft, text);
        // A link, because unlike a move it never replaces what is there.
        Files.createLink(absolute, draft);
      } finally {
        Files.deleteIfExists(draft);
      }
      sync(directory);
    } catch (FileAlreadyExistsException e) {
      throw new KeyFileException(
          "key file "
              + file
              + " is there already and is never written over; move it away to start a new"
              + " authority, whose root all apps must then pin",
          e);
    } catch (UnsupportedOperationException | FileSystemException e) {
      throw new KeyFileException(
          "cannot make "
              + file
              + " ("
              + e
              + "); choose a directory that is writable, on a file system with hard links",
          e);
    } catch (IOException e) {
      throw new KeyFileException("cannot make " + file + " (" + e + "); look after the disk", e);
    }
  }

  /**
   * Makes a file that everybody may read, or puts it in the place of another; whole or not at all,
   * and durable.
   */
  static void replacePublic(Path file, String text) throws IOException {
    Path draft = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
    try {
      write(draft, text);
      if (isPosix(draft)) {
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      sync(directory);
    }
  }

  /**
   * Refuses a file that others than its owner can read or write.
   *
   * @throws NoSuchFileException if it is not there
   * @throws KeyFileException if others have rights on it
   */
  static void requireOwnerOnly(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!isPosix(file)) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new KeyFileException(
          "key file "
              + file
              + " has permissions "
              + PosixFilePermissions.toString(permissions)
              + ", must have at most rw-------; say chmod 600, and consider who has read it");
    }
  }

  private static void write(Path file, String text) throws IOException {
    FileAttribute<?>[] attributes =
        isPosix(file)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void sync(Path directory) throws IOException {
    if (isPosix(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
