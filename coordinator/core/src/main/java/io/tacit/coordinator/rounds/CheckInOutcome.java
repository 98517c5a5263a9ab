package io.tacit.coordinator.rounds;

import io.tacit.protocol.SessionId;
import java.time.Duration;

/** The answer to a device that comes with a finished update. */
public sealed interface CheckInOutcome permits CheckInOutcome.Offer, ComeBack {

  /**
   * A session that would take the update.
   *
   * @param session its id
   * @param suite number of the plan's suite
   * @param advertiseWithin until the roster freezes at the latest
   * @param inputWithin from the frozen roster until the inputs freeze
   */
  record Offer(SessionId session, int suite, Duration advertiseWithin, Duration inputWithin)
      implements CheckInOutcome {}
}
