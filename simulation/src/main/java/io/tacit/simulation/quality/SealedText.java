package io.tacit.simulation.quality;

import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Files of lines with the SHA-256 of all of them at the end, so that a file that was cut off or
 * edited is not taken for a result. A file is there whole or not at all, whenever the process dies.
 */
public final class SealedText {

  private static final String DIGEST = "sha256 ";

  private SealedText() {}

  /**
   * Keeps lines in a file, durably; the directory is made if need be.
   *
   * @param lines each with its line end
   */
  public static void keep(Path file, String lines) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer content = ByteBuffer.wrap(seal(lines));
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The lines of a file; empty if there is none, or it is not as it was sealed. */
  public static Optional<String> find(Path file) throws IOException {
    try {
      return open(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static byte[] seal(String lines) {
    return (lines + DIGEST + digest(lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<String> open(byte[] content) {
    String all = new String(content, StandardCharsets.UTF_8);
    int end = all.lastIndexOf(DIGEST);
    return end >= 0 && all.substring(end).equals(DIGEST + digest(all.substring(0, end)) + "\n")
        ? Optional.of(all.substring(0, end))
        : Optional.empty();
  }

  private static String digest(String text) {
    return ContentHash.of(text.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
