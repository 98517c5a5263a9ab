package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The partial uploads of a session, at most one for each key. Safe for many threads. */
final class StagingArea {

  private final SpoolEnvironment environment;
  private final Path directory;
  private final Map<RecordKey, StagedUpload> uploads = new HashMap<>();
  private boolean closed;

  private StagingArea(SpoolEnvironment environment, Path directory) {
    this.environment = environment;
    this.directory = directory;
  }

  /** Finds what an earlier process left, and deletes what is of no use any more. */
  static StagingArea recover(
      SpoolEnvironment environment, Path directory, Set<RecordKey> alreadyInLog)
      throws IOException {
    StagingArea area = new StagingArea(environment, directory);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        StagedUpload upload =
            StagedUpload.find(environment.files(), file, environment.clock().instant());
        if (upload != null
            && !alreadyInLog.contains(upload.key)
            && area.room().enter(upload.totalBytes)) {
          area.uploads.put(upload.key, upload);
        } else {
          Files.delete(file);
        }
      }
    }
    return area;
  }

  /** The upload of this key, length and hash, begun if there is none; null if there is no room. */
  synchronized @Nullable StagedUpload obtain(RecordKey key, long totalBytes, ContentHash sha256)
      throws IOException {
    StagedUpload present = uploads.get(key);
    if (present != null) {
      if (present.totalBytes == totalBytes && present.sha256.equals(sha256)) {
        return present;
      }
      discard(present);
    }
    if (closed || !room().enter(totalBytes)) {
      return null;
    }
    try {
      StagedUpload fresh =
          StagedUpload.create(
              environment.files(),
              directory,
              key,
              totalBytes,
              sha256,
              environment.clock().instant());
      uploads.put(key, fresh);
      return fresh;
    } catch (IOException e) {
      room().leave(totalBytes);
      throw e;
    }
  }

  synchronized Optional<StagedUpload> find(RecordKey key) {
    return Optional.ofNullable(uploads.get(key));
  }

  /** Forgets the upload and deletes its file. */
  synchronized void discard(StagedUpload upload) throws IOException {
    if (uploads.remove(upload.key, upload)) {
      room().leave(upload.totalBytes);
      upload.delete();
    }
  }

  /** Discards what has had no chunk since then; returns how many. */
  synchronized int expire(Instant lastChunkBefore) throws IOException {
    int expired = 0;
    for (StagedUpload upload : List.copyOf(uploads.values())) {
      if (upload.closeIfIdle(lastChunkBefore)) {
        discard(upload);
        expired++;
      }
    }
    return expired;
  }

  /** Takes nothing more; the files stay. */
  synchronized void close() {
    closed = true;
    for (StagedUpload upload : uploads.values()) {
      upload.close();
      room().leave(upload.totalBytes);
    }
    uploads.clear();
  }

  synchronized int size() {
    return uploads.size();
  }

  Refused refusal() {
    return room().refusal();
  }

  Path directory() {
    return directory;
  }

  private Admission room() {
    return environment.counters().staging;
  }
}
