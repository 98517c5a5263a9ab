package io.tacit.cli.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacit.protocol.crypto.TaskKeyPair;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** A task key in a file that only its owner can read, where the file system can express that. */
final class TaskKeyFile {

  private static final int BYTES_MAX = 16 * 1024;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private TaskKeyFile() {}

  /**
   * Writes a new file.
   *
   * @throws IOException with a sentence for people, also if the file exists: a key that was lost
   *     can not be made again
   */
  static void create(Path file, TaskKeyPair key) throws IOException {
    FileAttribute<?>[] attributes =
        isPosix()
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try (SeekableByteChannel channel =
            Files.newByteChannel(
                file,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes);
        OutputStream out = Channels.newOutputStream(channel)) {
      out.write(key.toPem().getBytes(US_ASCII));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          file + " exists, and a key is never overwritten; name another file.", e);
    }
  }

  /**
   * Reads a key.
   *
   * @throws IOException with a sentence for people that holds nothing of the key, also if others
   *     may read the file
   */
  static TaskKeyPair read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "Task key " + file + " does not exist or is no file; make one with tacit key create.");
    }
    if (Files.size(file) > BYTES_MAX) {
      throw new IOException(
          "Task key %s has %d bytes, must have at most %d; is it the right file?"
              .formatted(file, Files.size(file), BYTES_MAX));
    }
    requireOwnerOnly(file);
    try {
      return TaskKeyPair.fromPem(Files.readString(file, US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new IOException("Task key " + file + ": " + e.getMessage() + ".", e);
    }
  }

  private static void requireOwnerOnly(Path file) throws IOException {
    if (!isPosix()) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    for (PosixFilePermission permission : permissions) {
      if (!permission.name().startsWith("OWNER_")) {
        throw new IOException(
            "Task key %s has permissions %s, must be for its owner only; chmod 600 %s."
                .formatted(file, PosixFilePermissions.toString(permissions), file));
      }
    }
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
