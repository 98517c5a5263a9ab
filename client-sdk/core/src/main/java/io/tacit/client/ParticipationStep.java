package io.tacit.client;

/** How far a participation has come; strictly forward. */
public enum ParticipationStep {
  /** The coordinator has work: plan and model are fetched, the model is trained. */
  TRAINING,
  /** The finished update waits for the other devices of the round. Nothing has left the device. */
  WAITING,
  /** The update leaves the device. */
  SENDING,
  /** The coordinator has the update; the round's result is awaited. */
  SENT
}
