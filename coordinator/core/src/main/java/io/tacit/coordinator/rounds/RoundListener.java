package io.tacit.coordinator.rounds;

/** Hears of each transition, after it is durable and published, on the conductor's thread. */
@FunctionalInterface
public interface RoundListener {

  /** A round has moved. Must be quick and must not throw. */
  void onTransition(Round round);
}
