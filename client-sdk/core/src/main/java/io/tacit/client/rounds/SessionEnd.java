package io.tacit.client.rounds;

/**
 * How a session ended for a device.
 *
 * @param outcome of the participation, unless another session makes something of it
 * @param isUpdateWhole whether nothing of the update has left the device, so that another session
 *     of the same round may have it
 */
record SessionEnd(ParticipationOutcome outcome, boolean isUpdateWhole) {

  /** Nothing more can come of the participation. */
  static SessionEnd of(ParticipationOutcome outcome) {
    return new SessionEnd(outcome, false);
  }
}
