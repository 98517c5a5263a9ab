package io.tacit.client.secagg;

/**
 * Why a device leaves a session: what its coordinator is told, and its app. A word, never data.
 *
 * <p>What speaks against a plan is found before there is a session, and declined there.
 */
public enum AbortReason {
  /** The roster has fewer devices, or more, than device, app and plan allow for. */
  POLICY_COHORT_TOO_SMALL,
  /**
   * The roster names another threshold than its size gives, or fewer than the plan asks for go on.
   */
  POLICY_THRESHOLD,
  /** A member signed for another session, plan, model or round than this device was told. */
  MODEL_HASH_MISMATCH,
  /** The roster is not in order, has a member twice, or not as this device advertised itself. */
  ROSTER_EQUIVOCATION,
  /** The certificates cannot be judged: the revocation list is missing, foreign or too old. */
  REVOCATION_LIST,
  /** The entry of a member is bad: its signature, its keys or its certificate. */
  BAD_ENTRY,
  /** What a member sealed for this device does not open. */
  BAD_SHARE,
  /** This device shared, and is said not to have. */
  NOT_IN_U2,
  /** This device sent its update, and is said not to have. */
  NOT_IN_U3,
  /** The survivors are not of those that shared, or other sets than this device was told of. */
  SURVIVOR_EQUIVOCATION,
  /** Too few survivors signed whose updates are in the sum. */
  SIG_QUORUM,
  /** What was published is not whole, or comes when it is not its turn. */
  BAD_PUBLICATION,
  /** The session made no progress within the device's own limits. */
  LOCAL_DEADLINE,
  /** The device could not store what it must remember of its update before that leaves. */
  LOCAL_FAILURE,
  /** Sending the update would spend more than the plan or the app allows for. */
  LEDGER_EXHAUSTED,
  /** The device has sent an update in this round before. */
  UPDATE_SPENT
}
