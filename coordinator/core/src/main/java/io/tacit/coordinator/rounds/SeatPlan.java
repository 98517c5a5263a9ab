package io.tacit.coordinator.rounds;

import io.tacit.coordinator.sessions.LiveSession;
import io.tacit.protocol.ClientId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Which session of a round each device that checks in is offered: first one that has not its
 * minimum, in an order drawn when the round opened, so that few devices make some shards and not
 * all too small ones; then any with a free seat, so that nobody can choose its shard. Thread-safe.
 */
final class SeatPlan {

  private final List<LiveSession> order;
  private final int seatsMax;
  private final int minimum;
  private final Apart apart;
  private final ToIntFunction<Integer> below;

  /** Guarded by this, as is what follows. */
  private final Map<ClientId, LiveSession> offers = new HashMap<>();

  private final Map<LiveSession, Integer> offered = new HashMap<>();

  /**
   * @param sessions in the order in which they are filled to their minimum
   * @param seatsMax of each
   * @param minimum of each
   * @param apart who must not meet
   * @param below draws from 0 to below its argument
   */
  SeatPlan(
      List<LiveSession> sessions,
      int seatsMax,
      int minimum,
      Apart apart,
      ToIntFunction<Integer> below) {
    this.order = List.copyOf(sessions);
    this.seatsMax = seatsMax;
    this.minimum = minimum;
    this.apart = apart;
    this.below = below;
    for (LiveSession session : order) {
      session.joined().forEach(client -> note(client, session));
    }
  }

  /** The session for a device, the same as before while that can be; empty if none has room. */
  synchronized Optional<LiveSession> offer(ClientId client) {
    LiveSession before = offers.get(client);
    if (before != null && (before.hasJoined(client) || (before.isOpen() && !before.isFull()))) {
      return Optional.of(before);
    }
    Optional<LiveSession> chosen = choose(client);
    chosen.ifPresent(session -> note(client, session));
    return chosen;
  }

  private Optional<LiveSession> choose(ClientId client) {
    List<LiveSession> free = new ArrayList<>();
    for (LiveSession session : order) {
      if (session.isOpen() && !session.isFull() && meetsNobody(client, session)) {
        if (offersOf(session) < minimum) {
          return Optional.of(session);
        }
        free.add(session);
      }
    }
    // Not all who were offered a seat take it: with those counted out there may be room.
    List<LiveSession> unoffered =
        free.stream().filter(session -> offersOf(session) < seatsMax).toList();
    List<LiveSession> candidates = unoffered.isEmpty() ? free : unoffered;
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(below.applyAsInt(candidates.size())));
  }

  private boolean meetsNobody(ClientId client, LiveSession session) {
    Set<ClientId> others = apart.from(client);
    return others.stream().noneMatch(other -> session.equals(offers.get(other)));
  }

  private int offersOf(LiveSession session) {
    return offered.getOrDefault(session, 0);
  }

  private void note(ClientId client, LiveSession session) {
    LiveSession before = offers.put(client, session);
    if (before != null) {
      offered.merge(before, -1, Integer::sum);
    }
    offered.merge(session, 1, Integer::sum);
  }

  /** The same sessions in an order of chance. */
  static List<LiveSession> shuffled(List<LiveSession> sessions, ToIntFunction<Integer> below) {
    List<LiveSession> order = new ArrayList<>(sessions);
    for (int i = order.size() - 1; i > 0; i--) {
      Collections.swap(order, i, below.applyAsInt(i + 1));
    }
    return order;
  }
}
