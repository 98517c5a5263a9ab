package io.tacit.coordinator.models;

import io.tacit.protocol.ContentHash;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Content-addressed files: each is named by the SHA-256 of its bytes, written once and never
 * changed. Plans, models, optimiser states and catalogues live here.
 *
 * <p>Guarantee: when {@code put} returns, the content is on the disk (file and directory are
 * synced) and a crash at any time leaves no half-written artifact under its name. Assumes: one
 * process per directory. Thread-safe.
 */
public final class ArtifactStore {

  /** Bytes of the largest artifact: the optimiser state of the largest model fits. */
  public static final long BYTES_MAX = 256L * 1024 * 1024;

  private static final int BUFFER_BYTES = 64 * 1024;

  private static final String TEMPORARY_SUFFIX = ".part";

  /** Remembered names of checked files; beyond this many, they are simply checked once more. */
  private static final int VERIFIED_MAX = 10_000;

  private final Path directory;

  /** Files whose content was compared with their name since this process started. */
  private final Set<ContentHash> verified = ConcurrentHashMap.newKeySet();

  /**
   * Opens the store, makes its directory if needed and removes what a crash left half-written.
   *
   * @throws ArtifactStorageException if the directory can not be made or read
   */
  public ArtifactStore(Path directory) {
    this.directory = directory.toAbsolutePath();
    try {
      Files.createDirectories(this.directory);
      try (DirectoryStream<Path> leftovers =
          Files.newDirectoryStream(this.directory, "*" + TEMPORARY_SUFFIX)) {
        for (Path leftover : leftovers) {
          Files.deleteIfExists(leftover);
        }
      }
    } catch (IOException e) {
      throw new ArtifactStorageException("open", this.directory, e);
    }
  }

  /**
   * Stores content; does nothing if it is known to be there already.
   *
   * @return its name
   * @throws ArtifactStorageException if it can not be written
   */
  public ContentHash put(byte[] content) {
    ContentHash hash = ContentHash.of(content);
    // A file that was never checked may be corrupt: writing it again mends it.
    if (!verified.contains(hash) || !contains(hash)) {
      put(new ByteArrayInputStream(content), BYTES_MAX);
    }
    return hash;
  }

  /**
   * Stores content from a stream, which stays open.
   *
   * @param bytesMax most bytes that this kind of content may have, up to {@link #BYTES_MAX}
   * @return its name
   * @throws ArtifactTooLargeException if there are more; nothing is kept
   * @throws ArtifactStorageException if it can not be read or written
   */
  public ContentHash put(InputStream content, long bytesMax) {
    Path temporary = directory.resolve(UUID.randomUUID() + TEMPORARY_SUFFIX);
    try {
      try {
        ContentHash hash = write(content, temporary, Math.min(bytesMax, BYTES_MAX));
        // Also over an existing file: it may be the corrupt one that this upload is to replace.
        move(temporary, fileOf(hash));
        syncDirectory();
        remember(hash);
        return hash;
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new ArtifactStorageException("write artifact into", directory, e);
    }
  }

  /** Whether there is an artifact of this name. Says nothing of its content. */
  public boolean contains(ContentHash hash) {
    return Files.isRegularFile(fileOf(hash));
  }

  /**
   * Opens an artifact for reading in parts. The first time in the life of this process its content
   * is compared with its name.
   *
   * @return empty if there is none
   * @throws CorruptArtifactException if the content does not belong to the name
   * @throws ArtifactStorageException if it can not be read
   */
  public Optional<StoredArtifact> open(ContentHash hash) {
    Path file = fileOf(hash);
    try {
      StoredArtifact artifact = new StoredArtifact(file);
      try {
        verifyOnce(hash, file, artifact);
        return Optional.of(artifact);
      } catch (Throwable e) {
        artifact.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ArtifactStorageException("read artifact file", file, e);
    }
  }

  /**
   * Reads a whole artifact and checks it.
   *
   * @return empty if there is none; else bytes that the caller owns
   * @throws CorruptArtifactException if the content does not belong to the name
   * @throws ArtifactStorageException if it can not be read
   */
  public Optional<byte[]> read(ContentHash hash) {
    Path file = fileOf(hash);
    try {
      long length = Files.size(file);
      byte[] content = length <= BYTES_MAX ? Files.readAllBytes(file) : new byte[0];
      ContentHash found = ContentHash.of(content);
      if (!found.equals(hash)) {
        throw new CorruptArtifactException(file, found, length);
      }
      remember(hash);
      return Optional.of(content);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ArtifactStorageException("read artifact file", file, e);
    }
  }

  private void verifyOnce(ContentHash hash, Path file, StoredArtifact artifact) {
    if (verified.contains(hash)) {
      return;
    }
    MessageDigest digest = ContentHash.newDigest();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long position = 0;
    for (int count = artifact.read(buffer, 0); count > 0; count = artifact.read(buffer, position)) {
      digest.update(buffer.flip());
      buffer.clear();
      position += count;
    }
    ContentHash found = ContentHash.fromDigest(digest.digest());
    if (!found.equals(hash)) {
      throw new CorruptArtifactException(file, found, artifact.length());
    }
    remember(hash);
  }

  private void remember(ContentHash hash) {
    if (verified.size() >= VERIFIED_MAX) {
      verified.clear();
    }
    verified.add(hash);
  }

  private static ContentHash write(InputStream content, Path file, long bytesMax)
      throws IOException {
    MessageDigest digest = ContentHash.newDigest();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long total = 0;
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        total += count;
        if (total > bytesMax) {
          throw new ArtifactTooLargeException(bytesMax);
        }
        digest.update(buffer, 0, count);
        ByteBuffer part = ByteBuffer.wrap(buffer, 0, count);
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
      channel.force(true);
    }
    return ContentHash.fromDigest(digest.digest());
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("the file system of the data directory can not rename atomically", e);
    }
  }

  /** A rename is on the disk only when its directory is. */
  private void syncDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private Path fileOf(ContentHash hash) {
    return directory.resolve(hash.toHex());
  }
}
