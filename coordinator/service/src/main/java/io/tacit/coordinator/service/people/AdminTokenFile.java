package io.tacit.coordinator.service.people;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The file that keeps the hash of the admin token, readable by its owner only. */
public final class AdminTokenFile {

  private final Path file;

  /**
   * @param file whose directory exists and belongs to this process
   */
  public AdminTokenFile(Path file) {
    this.file = file;
  }

  /** The hash; empty before the first token was made. */
  Optional<ContentHash> read() {
    try {
      return Optional.of(ContentHash.fromHex(Files.readString(file, US_ASCII).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          file
              + " is damaged, must hold a hash of 64 hex digits; delete it and start again: a new"
              + " admin token is made and printed",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces the hash, at once and for good: after a crash it is the old one or the new one. */
  void write(ContentHash hash) {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(whole);
      try (FileChannel channel = FileChannel.open(whole, CREATE, ownerOnly())) {
        channel.write(ByteBuffer.wrap((hash.toHex() + "\n").getBytes(US_ASCII)));
        channel.force(true);
      }
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final Set<StandardOpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
