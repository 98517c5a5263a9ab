package io.tacit.coordinator.aggregation;

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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The partial uploads of a session, at most one for each key: in memory while there is room, else
 * in files. Safe for many threads. Methods may wait for the files of others, except {@link
 * #obtainInMemory}.
 */
final class StagingArea {

  private final SpoolEnvironment environment;
  private final Path directory;
  private final Map<RecordKey, StagedUpload> uploads = new HashMap<>();
  private boolean closed;

  /** Guards the map and the names of files, so it is held while files are made and deleted. */
  private final ReentrantLock lock = new ReentrantLock();

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
        StagedFile.Found found = StagedFile.find(environment.files(), file);
        if (found != null
            && !alreadyInLog.contains(found.upload().key())
            && area.room().enter(found.upload().totalBytes())) {
          area.put(StagedUpload.found(found, area.now()));
        } else {
          Files.delete(file);
        }
      }
    }
    return area;
  }

  /**
   * The upload as announced, begun if there is none, if that needs neither I/O nor waiting for the
   * I/O of others; null if {@link #obtain} has to see to it.
   */
  @Nullable StagedUpload obtainInMemory(UploadIdentity identity) {
    if (!lock.tryLock()) {
      return null;
    }
    try {
      return presentOrNewInMemory(identity);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable StagedUpload presentOrNewInMemory(UploadIdentity identity) {
    StagedUpload present = uploads.get(identity.key());
    if (present != null) {
      return present.isInMemory() && present.identity.equals(identity) ? present : null;
    }
    if (closed || !memory().enterIfItFits(identity.totalBytes())) {
      return null;
    }
    if (!room().enter(identity.totalBytes())) {
      memory().leave(identity.totalBytes());
      return null;
    }
    return put(StagedUpload.begin(identity, new StagedMemory(identity.totalBytes()), now()));
  }

  /** The upload as announced, begun if there is none; null if there is no room. */
  @Nullable StagedUpload obtain(UploadIdentity identity) throws IOException {
    lock.lock();
    try {
      StagedUpload present = uploads.get(identity.key());
      if (present != null && present.identity.equals(identity)) {
        return present;
      }
      if (present != null) {
        discard(present);
      }
      StagedUpload inMemory = presentOrNewInMemory(identity);
      return inMemory == null ? newInFile(identity) : inMemory;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable StagedUpload newInFile(UploadIdentity identity) throws IOException {
    if (closed || !room().enter(identity.totalBytes())) {
      return null;
    }
    try {
      StagedFile file = StagedFile.create(environment.files(), directory, identity);
      return put(StagedUpload.begin(identity, file, now()));
    } catch (IOException e) {
      room().leave(identity.totalBytes());
      throw e;
    }
  }

  private StagedUpload put(StagedUpload upload) {
    uploads.put(upload.identity.key(), upload);
    return upload;
  }

  Optional<StagedUpload> find(RecordKey key) {
    lock.lock();
    try {
      return Optional.ofNullable(uploads.get(key));
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the upload and lets go of its bytes. */
  void discard(StagedUpload upload) throws IOException {
    lock.lock();
    try {
      if (uploads.remove(upload.identity.key(), upload)) {
        giveRoomBack(upload);
        upload.delete();
      }
    } finally {
      lock.unlock();
    }
  }

  private void giveRoomBack(StagedUpload upload) {
    room().leave(upload.identity.totalBytes());
    if (upload.isInMemory()) {
      memory().leave(upload.identity.totalBytes());
    }
  }

  /** Discards what has had no chunk since then; returns how many. */
  int expire(Instant lastChunkBefore) throws IOException {
    int expired = 0;
    for (StagedUpload upload : all()) {
      if (upload.closeIfIdle(lastChunkBefore)) {
        discard(upload);
        expired++;
      }
    }
    return expired;
  }

  private List<StagedUpload> all() {
    lock.lock();
    try {
      return List.copyOf(uploads.values());
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more; what has arrived stays in files for the next process. */
  void close() throws IOException {
    for (StagedUpload upload : takeAll()) {
      upload.leave(environment.files(), directory);
    }
  }

  /** Takes nothing more; the files are to be deleted with their directory. */
  void drop() {
    takeAll().forEach(StagedUpload::close);
  }

  private List<StagedUpload> takeAll() {
    lock.lock();
    try {
      closed = true;
      List<StagedUpload> all = List.copyOf(uploads.values());
      uploads.clear();
      all.forEach(this::giveRoomBack);
      return all;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    return all().size();
  }

  Refused refusal() {
    return room().refusal();
  }

  Path directory() {
    return directory;
  }

  private Instant now() {
    return environment.clock().instant();
  }

  private Admission memory() {
    return environment.counters().stagingMemory;
  }

  private Admission room() {
    return environment.counters().staging;
  }
}
