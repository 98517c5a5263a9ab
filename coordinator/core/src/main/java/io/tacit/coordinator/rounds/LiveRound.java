package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.SessionLog;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A round that is going on: its durable record and the facts that RPC threads have recorded since
 * its last transition. Facts may be recorded by any thread; {@link #publish} is for the conductor
 * alone.
 */
final class LiveRound {

  private final TrainingPlan plan;
  private final byte[] sessionContext;
  private final SessionLog log;

  private final Set<ClientId> assigned = new HashSet<>();
  private final AtomicInteger turnedAway = new AtomicInteger();

  /** Attempts to join that hold a seat, by client; guarded by itself. */
  private final Map<ClientId, Integer> seats = new HashMap<>();

  private final Set<ClientId> joined = ConcurrentHashMap.newKeySet();
  private final Set<ClientId> contributed = ConcurrentHashMap.newKeySet();
  private final Set<ClientId> left = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesUp = new AtomicLong();
  private final Map<CompletableFuture<RoundState>, Stage> waiting = new ConcurrentHashMap<>();

  private volatile @Nullable Instant firstAssignedAt;
  private volatile @Nullable Instant firstJoinedAt;
  private volatile Round round;

  /** For the conductor's thread alone. */
  private boolean inDoubt;

  LiveRound(Round round, TrainingPlan plan, SessionLog log) {
    this.round = round;
    this.plan = plan;
    this.log = log;
    this.sessionContext =
        Transcript.sessionContext(
            0, round.session(), round.planHash(), round.baseModel(), round.id().number());
  }

  Round round() {
    return round;
  }

  TrainingPlan plan() {
    return plan;
  }

  SessionLog log() {
    return log;
  }

  /** ctx0; not copied, not to be changed. */
  byte[] sessionContext() {
    return sessionContext;
  }

  // ---- facts ----

  /** Gives work to the device, again if it had it before. */
  boolean assign(ClientId client, Instant now) {
    synchronized (assigned) {
      if (assigned.size() >= plan.cohort().assignmentsMax() && !assigned.contains(client)) {
        return false;
      }
      assigned.add(client);
    }
    if (firstAssignedAt == null) {
      firstAssignedAt = now;
    }
    return true;
  }

  int assignedCount() {
    synchronized (assigned) {
      // After a restart only the database and the roster know of earlier assignments.
      return Math.max(round.assigned(), Math.max(assigned.size(), joined.size()));
    }
  }

  int turnAway() {
    return turnedAway.incrementAndGet();
  }

  /**
   * Takes a seat on the roster before the advertisement is stored; false if all are taken. Attempts
   * of the same client share a seat, which stays taken until the last of them gave it back.
   */
  boolean takeSeat(ClientId client) {
    synchronized (seats) {
      if (seats.size() >= plan.cohort().size() && !seats.containsKey(client)) {
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

  void recordJoined(ClientId client, Instant now) {
    if (firstAssignedAt == null) {
      // After a restart, or it came without being asked: the round's time runs all the same.
      firstAssignedAt = now;
    }
    if (firstJoinedAt == null) {
      firstJoinedAt = now;
    }
    joined.add(client);
  }

  void recordContributed(ClientId client, long bytes) {
    if (contributed.add(client)) {
      bytesUp.addAndGet(bytes);
    }
  }

  void recordLeft(ClientId client) {
    left.add(client);
  }

  boolean hasJoined(ClientId client) {
    return joined.contains(client);
  }

  boolean hasContributed(ClientId client) {
    return contributed.contains(client);
  }

  /** After a restart: the roster's seats are taken by those whose advertisement was found. */
  void restoreSeats() {
    joined.forEach(this::takeSeat);
  }

  // ---- what the conductor looks at ----

  /** Whether a transition was being written when the database failed: it may have come through. */
  boolean isInDoubt() {
    return inDoubt;
  }

  void setInDoubt(boolean doubt) {
    inDoubt = doubt;
  }

  int joinedCount() {
    return joined.size();
  }

  /** Devices on the roster that have not said that they left. */
  int presentCount() {
    return joined.size() - goneCount();
  }

  /** When work was first given out: from then on the round takes time. Null before. */
  @Nullable Instant firstAssignedAt() {
    return firstAssignedAt;
  }

  /** Whether nobody of the roster is still expected. */
  boolean allInOrGone() {
    return contributed.size() + goneCount() >= joined.size();
  }

  private int goneCount() {
    int gone = 0;
    for (ClientId client : left) {
      if (joined.contains(client) && !contributed.contains(client)) {
        gone++;
      }
    }
    return gone;
  }

  long bytesUp() {
    return bytesUp.get();
  }

  /** When the last check-in is due; null while nobody has been assigned. */
  @Nullable Instant trainDeadline() {
    Instant first = firstAssignedAt;
    return first == null ? null : first.plus(plan.deadlines().train());
  }

  /** When a roster that has its minimum waits no longer; null while nobody has joined. */
  @Nullable Instant rosterDeadline() {
    Instant first = firstJoinedAt;
    return first == null ? null : first.plus(plan.deadlines().advertise());
  }

  // ---- waiting for the next transition ----

  /** Completes when the round leaves the stage; the caller bounds the time. */
  CompletableFuture<RoundState> afterLeaving(Stage known) {
    CompletableFuture<RoundState> next = new CompletableFuture<>();
    waiting.put(next, known);
    return next;
  }

  void stopWaiting(CompletableFuture<RoundState> next) {
    waiting.remove(next);
  }

  /** Makes a transition visible: only after it is durable. */
  void publish(Round next) {
    round = next;
    // Whoever is told of the new stage may be back, waiting for its end, before this loop is over:
    // to wake it again without news would send it into a pause.
    waiting.forEach(
        (waiter, known) -> {
          if (known != next.state().stage()) {
            waiter.complete(next.state());
          }
        });
  }
}
