package io.tacit.coordinator.aggregation;

import io.tacit.protocol.SessionId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a spool: one directory for each session, named by its id in hex, and a lock.
 *
 * <p>A session appears and disappears with one rename: what {@link #sessions} shows is complete,
 * and what a crash leaves half made or half deleted is swept away by the next process.
 */
final class SpoolDirectory implements Closeable {

  /** The log file in the directory of a session. */
  static final String LOG = "log";

  /** The directory of partial uploads in the directory of a session. */
  static final String STAGED = "staged";

  private static final Pattern SESSION = Pattern.compile("[0-9a-f]{" + 2 * SessionId.LENGTH + "}");
  private static final String BEING_MADE = ".new";
  private static final String BEING_DELETED = ".dropped";

  private final Path root;
  private final FileChannel lock;

  private SpoolDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /** Takes possession of the directory, which is made if there is none. */
  static SpoolDirectory lock(Path root) throws IOException {
    Files.createDirectories(root);
    FileChannel channel =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(channel) == null) {
        throw new UpdateLogUnavailableException(
            "Spool directory "
                + root
                + " is in use by another coordinator; stop it, or give this one a directory of its"
                + " own.");
      }
      SpoolDirectory directory = new SpoolDirectory(root, channel);
      directory.sweep();
      return directory;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Held by this very process.
    }
  }

  Path root() {
    return root;
  }

  Set<SessionId> sessions() throws IOException {
    try (Stream<Path> children = Files.list(root)) {
      return children
          .map(child -> child.getFileName().toString())
          .filter(name -> SESSION.matcher(name).matches())
          .map(SessionId::fromHex)
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /** The directory of the session, made durably with an empty log if there is none. */
  Path obtain(SessionId session, FileLayer files, SecureRandom random) throws IOException {
    Path directory = root.resolve(session.toHex());
    if (!Files.exists(directory)) {
      Path beingMade = root.resolve(session.toHex() + BEING_MADE);
      deleteTree(beingMade);
      Files.createDirectory(beingMade);
      Files.createDirectory(beingMade.resolve(STAGED));
      LogFile.create(files, beingMade.resolve(LOG), random);
      FileLayer.syncDirectory(beingMade);
      Files.move(beingMade, directory, StandardCopyOption.ATOMIC_MOVE);
      FileLayer.syncDirectory(root);
    }
    return directory;
  }

  void delete(SessionId session) throws IOException {
    Path directory = root.resolve(session.toHex());
    Path beingDeleted = root.resolve(session.toHex() + BEING_DELETED);
    if (Files.exists(directory)) {
      deleteTree(beingDeleted);
      Files.move(directory, beingDeleted, StandardCopyOption.ATOMIC_MOVE);
      FileLayer.syncDirectory(root);
    }
    deleteTree(beingDeleted);
  }

  private void sweep() throws IOException {
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(root, "*{" + BEING_MADE + "," + BEING_DELETED + "}")) {
      for (Path leftover : leftovers) {
        deleteTree(leftover);
      }
    }
  }

  private static void deleteTree(Path top) throws IOException {
    if (!Files.exists(top)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> tree = Files.walk(top)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
