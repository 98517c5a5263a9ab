package io.tacit.client;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.BehaviourStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Writes events, and keeps those that the storage does not take until it does. For the thread of
 * the device's files alone.
 */
final class EventRecorder {

  /** Events that wait for the storage. Beyond, the earliest go, and their recorders are told. */
  static final int WAITING_MAX = 1_000;

  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private record Waiting(BehaviourEvent event, CompletableFuture<Void> recorded) {}

  /** How many events wait for the storage. */
  int waiting() {
    return waiting.size();
  }

  /**
   * Takes an event, which waits until {@link #flush}.
   *
   * @param recorded completes when the event is in the store
   */
  void keep(BehaviourEvent event, CompletableFuture<Void> recorded) {
    if (waiting.size() == WAITING_MAX) {
      waiting
          .removeFirst()
          .recorded
          .completeExceptionally(
              new IOException(
                  "this event could not be written, and "
                      + WAITING_MAX
                      + " later ones wait for the storage already; see the status of the client"));
    }
    waiting.addLast(new Waiting(event, recorded));
  }

  /**
   * Writes what waits.
   *
   * @throws IOException if the storage fails; it goes on waiting then
   */
  void flush(BehaviourStore store) throws IOException {
    // One by one: of several in one call, it is not known which are there after a failure.
    while (!waiting.isEmpty()) {
      store.record(waiting.getFirst().event);
      waiting.removeFirst().recorded.complete(null);
    }
  }

  /** Gives up what waits. */
  void giveUp(String why) {
    List<Waiting> lost = new ArrayList<>(waiting);
    waiting.clear();
    for (Waiting event : lost) {
      event.recorded.completeExceptionally(new IOException("the event was not written: " + why));
    }
  }
}
