package io.tacit.coordinator.sessions;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.Stage;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What RPC threads have recorded of a session since it opened: who holds a seat, who has answered
 * which stage, who left. Facts are never taken back, except seats. Thread-safe.
 */
final class SessionFacts {

  private final int seatsMax;

  /** Attempts to join that hold a seat, by client; guarded by itself. */
  private final Map<ClientId, Integer> seats = new HashMap<>();

  private final KeyClaims keyClaims = new KeyClaims();
  private final Map<Stage, Set<ClientId>> answered = new EnumMap<>(Stage.class);
  private final Set<ClientId> left = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesUp = new AtomicLong();

  /** Whose message was said to be bad, by who said so; guarded by itself. */
  private final Set<Accusation> accusations = new LinkedHashSet<>();

  private volatile @Nullable Instant firstJoinedAt;

  /** Null while nobody has answered a stage after ADVERTISE. */
  private final AtomicReference<@Nullable Instant> heardAt = new AtomicReference<>();

  SessionFacts(int seatsMax) {
    this.seatsMax = seatsMax;
    for (Stage stage : Stage.values()) {
      if (!stage.isTerminal()) {
        answered.put(stage, ConcurrentHashMap.newKeySet());
      }
    }
  }

  /**
   * Takes a seat on the roster before the advertisement is stored; false if all are taken. Attempts
   * of the same client share a seat, which stays taken until the last of them gave it back.
   */
  boolean takeSeat(ClientId client) {
    synchronized (seats) {
      if (seats.size() >= seatsMax && !seats.containsKey(client)) {
        return false;
      }
      seats.merge(client, 1, Integer::sum);
      return true;
    }
  }

  /** An attempt came to nothing. */
  void giveSeatBack(ClientId client) {
    synchronized (seats) {
      seats.computeIfPresent(client, (same, attempts) -> attempts == 1 ? null : attempts - 1);
    }
  }

  int seatsTaken() {
    synchronized (seats) {
      return seats.size();
    }
  }

  KeyClaims keyClaims() {
    return keyClaims;
  }

  void recordJoined(ClientId client, Instant now) {
    if (firstJoinedAt == null) {
      firstJoinedAt = now;
    }
    answered(Stage.ADVERTISE).add(client);
  }

  /** After a restart: the roster's seats are taken by those whose advertisement was found. */
  void restoreSeats() {
    answered(Stage.ADVERTISE).forEach(this::takeSeat);
  }

  /** A message of this stage is durable. */
  void recordAnswer(ClientId client, Stage stage) {
    answered(stage).add(client);
  }

  void recordContributed(ClientId client, long bytes) {
    if (answered(Stage.INPUT).add(client)) {
      bytesUp.addAndGet(bytes);
    }
  }

  /** A device has answered a stage, or is about to: part of its update is there. */
  void recordHeard(Instant now) {
    heardAt.accumulateAndGet(
        now, (before, later) -> before == null || later.isAfter(before) ? later : before);
  }

  void recordLeft(ClientId client) {
    left.add(client);
  }

  void recordAccusation(Accusation accusation) {
    synchronized (accusations) {
      accusations.add(accusation);
    }
  }

  Set<Accusation> accusations() {
    synchronized (accusations) {
      return Set.copyOf(accusations);
    }
  }

  boolean hasAnswered(ClientId client, Stage stage) {
    return answered(stage).contains(client);
  }

  /** Whose message of a stage is durable: a live view. */
  Set<ClientId> answered(Stage stage) {
    Set<ClientId> clients = answered.get(stage);
    if (clients == null) {
      throw new IllegalArgumentException("nobody answers stage " + stage);
    }
    return clients;
  }

  /** How many of these have not said that they left before they answered. */
  int present(Stage stage, Collection<ClientId> expected) {
    Set<ClientId> there = answered(stage);
    int present = 0;
    for (ClientId client : expected) {
      if (there.contains(client) || !left.contains(client)) {
        present++;
      }
    }
    return present;
  }

  /** Devices on the roster that have not said that they left. */
  int presentBeforeRoster() {
    int present = 0;
    for (ClientId client : answered(Stage.ADVERTISE)) {
      if (!left.contains(client)) {
        present++;
      }
    }
    return present;
  }

  int count(Stage stage) {
    return answered(stage).size();
  }

  long bytesUp() {
    return bytesUp.get();
  }

  /** When a device was heard of last; null while none was. */
  @Nullable Instant heardAt() {
    return heardAt.get();
  }

  /** Null while nobody has joined. */
  @Nullable Instant firstJoinedAt() {
    return firstJoinedAt;
  }
}
