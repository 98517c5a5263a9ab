package io.tacit.coordinator.rounds;

import java.time.Duration;

/**
 * Nothing to do for this device now.
 *
 * @param after how long to wait, jitter included
 * @param reason why
 */
public record ComeBack(Duration after, Reason reason) implements PollOutcome, CheckInOutcome {

  /** Why a device is sent away; numbered as in {@code tacit.v1.ComeBackReason}. */
  public enum Reason {
    /** No round of this population is open. */
    NO_ROUND,
    /** The open round has assigned all the work it has. */
    ROUND_FULL,
    /** The device has already joined the open round. */
    ALREADY_JOINED,
    /** The plan trains a kind of model that the device does not know. */
    MODEL_KIND_UNKNOWN,
    /** The round that the device trained for is over or has moved on. */
    STALE
  }
}
