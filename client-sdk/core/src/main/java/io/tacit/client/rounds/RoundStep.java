package io.tacit.client.rounds;

/** How far a device has come in a round; strictly forward. */
public enum RoundStep {
  /** It has work: it fetches, trains and encodes. */
  ASSIGNED,
  /** It has a finished update and looks for a session. */
  TRAINED,
  /** It is on a roster. Nothing of the update has left the device. */
  ADVERTISED,
  /** The round is spent, durably: the update may leave, this once. */
  SPENT,
  /** The coordinator has the update on disk. */
  SENT
}
