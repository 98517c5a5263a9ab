package io.tacit.client.rounds;

/** Why a device leaves a session, as the coordinator is told: a word, never data. */
enum AbortCode {
  /** The session made no progress within the device's own limits. */
  LOCAL_DEADLINE,
  /** The roster is smaller than the plan promises. */
  POLICY_COHORT_TOO_SMALL,
  /** The device has sent an update in this round before. */
  UPDATE_SPENT
}
