package io.tacit.coordinator.aggregation;

import io.tacit.protocol.SessionId;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * An update log that lives as long as its process: for simulations and tests. Payloads of stage
 * INPUT are forgotten as soon as a checkpoint covers them.
 */
public final class InMemoryUpdateLog implements UpdateLog {

  private final long payloadBytesMax;
  private final Clock clock;

  /** Guarded by this. */
  private final Map<SessionId, InMemorySession> sessions = new HashMap<>();

  /** Guarded by this. */
  private boolean closed;

  /**
   * An empty log.
   *
   * @param payloadBytesMax bytes of one payload, which is held on the heap
   */
  public InMemoryUpdateLog(long payloadBytesMax, Clock clock) {
    if (payloadBytesMax < 1 || payloadBytesMax > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "payloadBytesMax is " + payloadBytesMax + ", must be 1 to " + Integer.MAX_VALUE);
    }
    this.payloadBytesMax = payloadBytesMax;
    this.clock = clock;
  }

  @Override
  public synchronized SessionLog open(SessionId session) {
    if (closed) {
      throw UpdateLogUnavailableException.closed();
    }
    return sessions.computeIfAbsent(session, absent -> new InMemorySession(payloadBytesMax, clock));
  }

  @Override
  public synchronized void drop(SessionId session) {
    InMemorySession present = sessions.remove(session);
    if (present != null) {
      present.end(InMemorySession.State.DROPPED);
    }
  }

  @Override
  public synchronized Set<SessionId> sessions() {
    return Set.copyOf(sessions.keySet());
  }

  @Override
  public synchronized int expireStaged(Instant lastChunkBefore) {
    return sessions.values().stream()
        .mapToInt(session -> session.expireStaged(lastChunkBefore))
        .sum();
  }

  @Override
  public synchronized void close() {
    closed = true;
    sessions.values().forEach(session -> session.end(InMemorySession.State.CLOSED));
  }
}
