package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The one way into a session's log: decides about each record, and commits those it takes in
 * groups.
 *
 * <p>Group commit without a timer: while one batch is being written and synced, the next one
 * gathers; so a lone record waits for nothing and a crowd shares its fsyncs. At most one commit of
 * a session runs at a time, on any writer thread. When it ends, the next commit starts before the
 * answers of the last one are given, so that these two overlap.
 */
final class CommitQueue {

  /** What is known of a key; pending is null once the record is durable. */
  private record Entry(ContentHash sha256, @Nullable PendingRecord pending) {}

  private enum State {
    OPEN,
    DROPPED,
    CLOSED
  }

  private final SpoolEnvironment environment;
  private final LogFile file;

  // All guarded by this.
  private final Map<RecordKey, Entry> index = new HashMap<>();
  private final Queue<PendingRecord> queue = new ArrayDeque<>();
  private final Set<Stage> frozen = EnumSet.noneOf(Stage.class);
  private State state = State.OPEN;
  private boolean committing;

  CommitQueue(SpoolEnvironment environment, LogFile file, Map<RecordKey, ContentHash> durable) {
    this.environment = environment;
    this.file = file;
    durable.forEach((key, sha256) -> index.put(key, new Entry(sha256, null)));
  }

  /** Takes the record, or tells why not. */
  CompletionStage<Acceptance> admit(PendingRecord record) {
    synchronized (this) {
      CompletionStage<Acceptance> settled = settled(record.key, record.sha256);
      if (settled != null) {
        return settled;
      }
      if (index.size() == environment.settings().recordsPerSessionMax()) {
        return CompletableFuture.completedFuture(Refused.sessionFull(index.size()));
      }
      if (!environment.counters().queue.enter(record.heapBytes)) {
        return CompletableFuture.completedFuture(environment.counters().queue.refusal());
      }
      index.put(record.key, new Entry(record.sha256, record));
      queue.add(record);
      if (!committing) {
        committing = true;
        environment.writers().execute(this::commit);
      }
      return record.answer;
    }
  }

  /** The answer to a record that is not to be appended, whatever its bytes; null if it is. */
  synchronized @Nullable CompletionStage<Acceptance> settled(RecordKey key, ContentHash sha256) {
    if (state == State.CLOSED) {
      return CompletableFuture.failedFuture(UpdateLogUnavailableException.closed());
    }
    if (state == State.DROPPED) {
      return CompletableFuture.completedFuture(Refused.sessionClosed());
    }
    Entry entry = index.get(key);
    if (entry == null) {
      return frozen.contains(key.stage())
          ? CompletableFuture.completedFuture(Refused.stageClosed(key.stage()))
          : null;
    }
    if (!entry.sha256.equals(sha256)) {
      return CompletableFuture.completedFuture(Refused.otherBytes(key.stage()));
    }
    if (entry.pending == null) {
      return CompletableFuture.completedFuture(new Acceptance.AlreadyAccepted());
    }
    return entry.pending.answer.thenApply(
        first -> first instanceof Acceptance.Accepted ? new Acceptance.AlreadyAccepted() : first);
  }

  synchronized Optional<ContentHash> durable(RecordKey key) {
    Entry entry = index.get(key);
    return entry == null || entry.pending != null ? Optional.empty() : Optional.of(entry.sha256);
  }

  /** As {@link SessionLog#freeze}. */
  synchronized void freeze(Stage stage) {
    frozen.add(stage);
    awaitWhile(
        () ->
            index.entrySet().stream()
                .anyMatch(e -> e.getKey().stage() == stage && e.getValue().pending != null));
  }

  /** Refuses everything from now on, also what is queued; returns when nothing is being written. */
  void drop() {
    List<PendingRecord> refused;
    synchronized (this) {
      state = State.DROPPED;
      refused = List.copyOf(queue);
      queue.clear();
      awaitWhile(() -> committing);
    }
    for (PendingRecord record : refused) {
      environment.counters().queue.leave(record.heapBytes);
      record.answer.complete(Refused.sessionClosed());
    }
  }

  /** Takes nothing more; returns when everything that was taken is committed. */
  synchronized void close() {
    state = State.CLOSED;
    awaitWhile(() -> committing);
  }

  private void awaitWhile(java.util.function.BooleanSupplier condition) {
    boolean interrupted = false;
    while (condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // Bounded by one commit; the caller still sees it afterwards.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void commit() {
    List<PendingRecord> batch = takeBatch();
    try {
      if (!batch.isEmpty()) {
        file.commit(batch);
      }
      end(batch, null);
    } catch (IOException e) {
      end(batch, UpdateLogUnavailableException.cannot("append to", file.path(), e));
    } catch (RuntimeException | Error e) {
      end(batch, e);
      throw e;
    }
  }

  private synchronized List<PendingRecord> takeBatch() {
    List<PendingRecord> batch = new ArrayList<>();
    long bytes = 0;
    for (PendingRecord next = queue.peek(); next != null; next = queue.peek()) {
      bytes += next.payloadBytes;
      if (!batch.isEmpty() && bytes > environment.settings().batchBytesMax()) {
        break;
      }
      batch.add(queue.remove());
    }
    return batch;
  }

  private void end(List<PendingRecord> batch, @Nullable Throwable failure) {
    synchronized (this) {
      for (PendingRecord record : batch) {
        if (failure == null) {
          index.put(record.key, new Entry(record.sha256, null));
        } else {
          index.remove(record.key);
        }
      }
      committing = !queue.isEmpty();
      if (committing) {
        environment.writers().execute(this::commit);
      }
      notifyAll();
    }
    for (PendingRecord record : batch) {
      environment.counters().queue.leave(record.heapBytes);
      if (failure == null) {
        environment.counters().records.increment();
        environment.counters().payloadBytes.add(record.payloadBytes);
        record.answer.complete(new Acceptance.Accepted());
      } else {
        record.answer.completeExceptionally(failure);
      }
    }
  }
}
