package io.tacit.coordinator.aggregation;

import io.tacit.protocol.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The update log of one machine: a directory of append-only files.
 *
 * <pre>
 *   DIRECTORY/lock                        held by the one process that uses the directory
 *   DIRECTORY/SESSION/log                 file header, then records; see LogFile
 *   DIRECTORY/SESSION/checkpoint          the sum so far; see CheckpointFile
 *   DIRECTORY/SESSION/staged/CLIENT-STAGE what has arrived of an upload; see StagedFile
 * </pre>
 */
public final class SpoolUpdateLog implements UpdateLog {

  private final SpoolDirectory directory;
  private final ExecutorService writers;
  private final SpoolEnvironment environment;

  /** Guarded by this. */
  private final Map<SessionId, SpoolSession> open = new HashMap<>();

  /** Guarded by this. */
  private boolean closed;

  /**
   * Takes possession of a spool directory, which is made if there is none.
   *
   * @throws UpdateLogUnavailableException if another process uses it, or it cannot be made
   */
  public SpoolUpdateLog(Path directory, SpoolSettings settings, Clock clock) {
    this(directory, settings, clock, new SecureRandom(), FileLayer.DISK);
  }

  /** With the randomness of the file marks and the file system given. */
  SpoolUpdateLog(
      Path directory, SpoolSettings settings, Clock clock, SecureRandom random, FileLayer files) {
    try {
      this.directory = SpoolDirectory.lock(directory);
    } catch (IOException e) {
      throw UpdateLogUnavailableException.cannot("use spool directory", directory, e);
    }
    writers = Executors.newFixedThreadPool(settings.writerThreads(), writerThreads());
    environment =
        new SpoolEnvironment(settings, new SpoolCounters(settings), files, clock, random, writers);
  }

  private static ThreadFactory writerThreads() {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "update-log-" + number.incrementAndGet());
      thread.setDaemon(true); // Nothing unacknowledged is worth keeping a process for.
      return thread;
    };
  }

  @Override
  public synchronized SessionLog open(SessionId session) {
    SpoolSession present = open.get(session);
    if (present != null) {
      return present;
    }
    if (closed) {
      throw UpdateLogUnavailableException.closed();
    }
    if (open.size() == environment.settings().openSessionsMax()) {
      throw new UpdateLogUnavailableException(
          "There are "
              + open.size()
              + " sessions open, which is openSessionsMax; drop one before opening another.");
    }
    try {
      Path path = directory.obtain(session, environment.files(), environment.random());
      SpoolSession opened = SpoolSession.recover(environment, path);
      open.put(session, opened);
      return opened;
    } catch (IOException e) {
      throw UpdateLogUnavailableException.cannot(
          "open session " + session + " in", directory.root(), e);
    }
  }

  @Override
  public synchronized void drop(SessionId session) {
    SpoolSession present = open.remove(session);
    try {
      if (present != null) {
        present.drop();
      }
      directory.delete(session);
    } catch (IOException e) {
      throw UpdateLogUnavailableException.cannot(
          "delete session " + session + " from", directory.root(), e);
    }
  }

  @Override
  public Set<SessionId> sessions() {
    try {
      return directory.sessions();
    } catch (IOException e) {
      throw UpdateLogUnavailableException.cannot("list", directory.root(), e);
    }
  }

  @Override
  public int expireStaged(Instant lastChunkBefore) {
    List<SpoolSession> sessions;
    synchronized (this) {
      sessions = List.copyOf(open.values());
    }
    return sessions.stream().mapToInt(session -> session.expireStaged(lastChunkBefore)).sum();
  }

  /** What has been done so far, and what is held now. */
  public SpoolStatistics statistics() {
    return environment.counters().snapshot();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      for (SpoolSession session : open.values()) {
        session.close();
      }
      writers.shutdown();
      writers.awaitTermination(1, TimeUnit.MINUTES);
      directory.close();
    } catch (IOException e) {
      throw UpdateLogUnavailableException.cannot("close", directory.root(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
