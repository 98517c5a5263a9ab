package io.tacit.client;

/**
 * Hears what a client does. Called on the app's executor, one call after the other if that executor
 * runs one task at a time. Gets no data of the person.
 */
public interface ClientListener {

  /** A participation has come further. */
  default void participating(ParticipationStep step) {}

  /** A participation has ended. */
  default void participated(Participation participation) {}

  /** Another model is in use: recommendations may differ from now on. */
  default void modelChanged() {}

  /** The status is another one. */
  default void statusChanged(ClientStatus status) {}
}
