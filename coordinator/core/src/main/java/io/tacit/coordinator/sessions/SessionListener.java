package io.tacit.coordinator.sessions;

/** Hears of what sessions do. Methods must be quick and must not throw. */
public interface SessionListener {

  /** A session has moved: durable and published. On the conductor's thread. */
  default void onTransition(Session session) {}

  /** The process passes a point where a crash test may end it. On any thread. */
  default void onCut(Cut cut) {}
}
