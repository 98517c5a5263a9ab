package io.tacit.coordinator.rounds;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import java.time.Duration;

/** The answer to a device that asks for work. */
public sealed interface PollOutcome permits PollOutcome.Assignment, ComeBack {

  /**
   * Train this plan on this model, then check in.
   *
   * @param round plan and number
   * @param planVersion version of the plan
   * @param planHash content hash of the plan
   * @param modelHash content hash of the model to start from
   * @param trainWithin until a check-in is too late
   */
  record Assignment(
      RoundId round,
      int planVersion,
      ContentHash planHash,
      ContentHash modelHash,
      Duration trainWithin)
      implements PollOutcome {}
}
