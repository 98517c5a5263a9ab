package io.tacit.client.connection;

import java.time.Duration;

/**
 * Nothing to do now.
 *
 * @param after how long to wait, jitter included
 * @param reason why
 */
public record ComeBack(Duration after, Reason reason) implements PollOutcome, CheckInOutcome {

  /** Why there is nothing to do. */
  public enum Reason {
    /** A reason of a newer coordinator. */
    OTHER,
    /** No round of the population is open. */
    NO_ROUND,
    /** The open round has assigned all its work. */
    ROUND_FULL,
    /** This device has already joined the open round. */
    ALREADY_JOINED,
    /** The plan trains a kind of model that this device does not know. */
    MODEL_KIND_UNKNOWN,
    /** The round that the device trained for is over or has moved on. */
    STALE
  }
}
