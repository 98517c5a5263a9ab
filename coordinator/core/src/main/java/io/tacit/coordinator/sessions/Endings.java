package io.tacit.coordinator.sessions;

import java.util.Optional;

/** Knows how the rounds of past sessions ended. */
@FunctionalInterface
public interface Endings {

  /** What devices of a session are told whose round is over; empty if it is still going on. */
  Optional<SessionProgress> of(Session session);
}
