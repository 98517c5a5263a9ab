package io.tacit.coordinator.rounds;

import io.tacit.coordinator.sessions.Accusation;
import io.tacit.protocol.ClientId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Devices that must not meet in a session: one said in the round before that a message of the other
 * was bad. Who lied is not known, so that both go on, in different shards. Immutable.
 *
 * <p>Only the round before counts and it is not kept over a restart: a pair that meets again spoils
 * another shard and is parted again.
 */
final class Apart {

  /** Accusations of one round that are remembered: more than an honest round has members. */
  static final int ACCUSATIONS_MAX = 1_000;

  static final Apart NOBODY = new Apart(Set.of());

  private final Map<ClientId, Set<ClientId>> others = new HashMap<>();

  Apart(Set<Accusation> accusations) {
    accusations.stream()
        .limit(ACCUSATIONS_MAX)
        .forEach(
            accusation -> {
              part(accusation.reporter(), accusation.accused());
              part(accusation.accused(), accusation.reporter());
            });
  }

  private void part(ClientId one, ClientId other) {
    others.computeIfAbsent(one, client -> new HashSet<>()).add(other);
  }

  /** Whom this device must not meet. */
  Set<ClientId> from(ClientId client) {
    return others.getOrDefault(client, Set.of());
  }
}
