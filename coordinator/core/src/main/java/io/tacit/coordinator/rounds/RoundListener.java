package io.tacit.coordinator.rounds;

import io.tacit.coordinator.sessions.SessionListener;

/** Hears of each transition, after it is durable and published, on the conductor's thread. */
@FunctionalInterface
public interface RoundListener extends SessionListener {

  /** A round has moved. Must be quick and must not throw. */
  void onTransition(Round round);
}
