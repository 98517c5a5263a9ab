package io.tacit.coordinator.rounds;

import io.tacit.coordinator.sessions.Accusation;
import io.tacit.coordinator.sessions.LiveSession;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionState;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A round that is going on: its durable record, its sessions, and the facts that RPC threads have
 * recorded since its last transition. Facts may be recorded by any thread; what moves it is for the
 * conductor alone.
 */
final class LiveRound {

  private final TrainingPlan plan;

  /** All that this process knows, also those that have aborted since. */
  private final List<LiveSession> sessions;

  /** Those that had ended, or could not be taken up, when this process began. */
  private final List<Session> lost;

  private final SeatPlan seats;
  private final Set<ClientId> assigned = new HashSet<>();
  private final AtomicInteger turnedAway = new AtomicInteger();
  private volatile @Nullable Instant firstAssignedAt;
  private volatile Round round;

  /** For the conductor's thread alone, as is what follows. */
  private boolean inDoubt;

  private int @Nullable [] total;
  private final Set<LiveSession> added = new HashSet<>();

  LiveRound(
      Round round,
      TrainingPlan plan,
      List<LiveSession> sessions,
      List<Session> lost,
      SeatPlan seats) {
    this.round = round;
    this.plan = plan;
    this.sessions = List.copyOf(sessions);
    this.lost = List.copyOf(lost);
    this.seats = seats;
  }

  Round round() {
    return round;
  }

  TrainingPlan plan() {
    return plan;
  }

  List<LiveSession> sessions() {
    return sessions;
  }

  /** The records of all its sessions, by number. */
  List<Session> records() {
    return Stream.concat(lost.stream(), sessions.stream().map(LiveSession::session))
        .sorted((one, other) -> Integer.compare(one.number(), other.number()))
        .toList();
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
      // After a restart only the database and the rosters know of earlier assignments.
      return Math.max(round.assigned(), Math.max(assigned.size(), joinedCount()));
    }
  }

  int turnAway() {
    return turnedAway.incrementAndGet();
  }

  /** The session for a device that brings an update; empty if none has room for it. */
  Optional<LiveSession> offer(ClientId client) {
    return seats.offer(client);
  }

  boolean hasJoined(ClientId client) {
    return sessions.stream().anyMatch(session -> session.hasJoined(client));
  }

  int joinedCount() {
    return sessions.stream().mapToInt(LiveSession::joinedCount).sum();
  }

  // ---- what the conductor looks at ----

  /** Whether a transition was being written when the database failed: it may have come through. */
  boolean isInDoubt() {
    return inDoubt;
  }

  void setInDoubt(boolean doubt) {
    inDoubt = doubt;
  }

  void setRound(Round next) {
    round = next;
  }

  /** Whether devices may still join one of its sessions. */
  boolean isFilling() {
    return sessions.stream().anyMatch(LiveSession::isOpen);
  }

  /** Whether the sum of each session was added, or there will be none. */
  boolean areSessionsOver() {
    return sessions.stream()
        .allMatch(
            session ->
                session.session().state() instanceof SessionState.Aborted
                    || added.contains(session));
  }

  /** When work was first given out: from then on the round takes time. Null before. */
  @Nullable Instant firstAssignedAt() {
    // After a restart, or if devices come without being asked, the round's time runs all the same.
    return Stream.concat(
            Stream.ofNullable(firstAssignedAt),
            sessions.stream().map(LiveSession::firstJoinedAt).filter(Objects::nonNull))
        .min(Instant::compareTo)
        .orElse(null);
  }

  /** When the last check-in is due; null while nobody has been assigned. */
  @Nullable Instant trainDeadline() {
    Instant first = firstAssignedAt();
    return first == null ? null : first.plus(plan.deadlines().train());
  }

  int rosterSize() {
    return records().stream().mapToInt(session -> session.state().rosterSize()).sum();
  }

  int contributors() {
    return records().stream()
        .mapToInt(
            session ->
                session.state() instanceof SessionState.Summed summed ? summed.contributors() : 0)
        .sum();
  }

  /**
   * Why the noise in the sum is less than the plan counts on; empty if it is not. Noise that the
   * coordinator adds does not depend on who came.
   */
  Optional<String> noiseShortfall() {
    if (!(plan.privacy() instanceof PrivacySettings.Noise privacy)
        || privacy.mechanism() == PrivacySettings.Mechanism.CENTRAL) {
      return Optional.empty();
    }
    long completed =
        records().stream()
            .filter(session -> session.state() instanceof SessionState.Summed)
            .count();
    if (plan.suite().isSecure() && completed < privacy.shardsMinimum()) {
      return Optional.of(
          completed
              + " shards completed, privacy.shards-minimum is "
              + privacy.shardsMinimum()
              + ": a model of fewer would have less noise than the plan promises: "
              + account());
    }
    int honest = plan.noise().orElseThrow().honest();
    return contributors() < honest
        ? Optional.of(
            contributors()
                + " devices added their noise, the plan counts on that of "
                + honest
                + ": "
                + account())
        : Optional.empty();
  }

  long bytesUp() {
    return sessions.stream().mapToLong(LiveSession::bytesUp).sum();
  }

  Set<Accusation> accusations() {
    return sessions.stream()
        .map(LiveSession::accusations)
        .flatMap(Collection::stream)
        .collect(LinkedHashSet::new, Set::add, Set::addAll);
  }

  /** Adds the sums that have been found since the last call; each is kept no longer. */
  void addSums() {
    for (LiveSession session : sessions) {
      if (session.session().state() instanceof SessionState.Summed
          && session.hasSum()
          && added.add(session)) {
        add(session.takeSum());
      }
    }
  }

  private void add(int[] sum) {
    int[] lanes = total;
    if (lanes == null) {
      total = sum;
      return;
    }
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] += sum[i];
    }
  }

  /** The sum over all sessions, modulo 2^32, in the lanes of the plan's format; not a copy. */
  int[] total() {
    int[] lanes = total;
    return lanes == null ? new int[plan.updateFormat().lanes()] : lanes;
  }

  /** What became of each session, for people. */
  String account() {
    List<String> parts = new ArrayList<>();
    for (Session session : records()) {
      String end =
          session.state() instanceof SessionState.Summed summed
              ? summed.contributors() + " updates summed"
              : session.state() instanceof SessionState.Aborted aborted
                  ? aborted.reason()
                  : "at stage " + session.state().stage();
      parts.add("shard " + session.number() + ": " + end);
    }
    return String.join("; ", parts);
  }
}
