package io.tacit.client.rounds;

/** Why a device declines work that a coordinator offers. */
public enum DeclineReason {
  /** Updates would travel in the clear, and plan and app do not both say development. */
  POLICY_PLAIN,
  /** Nobody vouches for the devices among which an update would hide. */
  POLICY_NO_AUTHORITY,
  /** The session's aggregation suite is not that of the plan. */
  POLICY_SUITE,
  /** The plan lets an update be longer than the app allows. */
  POLICY_CLIP_NORM,
  /** The plan's cohort is smaller than the app allows. */
  POLICY_COHORT_TOO_SMALL,
  /** Training would take more memory than the app allows. */
  POLICY_MEMORY,
  /**
   * Another participation would be more than the plan asks of a device, or say more about it than
   * the app allows.
   */
  LEDGER_EXHAUSTED,
  /** The plan is for another population. */
  POLICY_POPULATION,
  /** The plan is not signed, and plan and app do not both say development. */
  PLAN_UNSIGNED,
  /** The plan is signed with a key that the app does not pin. */
  PLAN_FOREIGN_KEY,
  /** The plan was altered after it was signed. */
  PLAN_ALTERED,
  /** The plan has ended. */
  PLAN_EXPIRED,
  /** The plan is older than one that this device has seen. */
  PLAN_VERSION_LOWER,
  /** The plan asks for what only a newer version of the SDK knows. */
  PLAN_TOO_NEW,
  /** Assignment, plan, catalogue and model do not fit each other. */
  ARTIFACT_INVALID,
  /** The coordinator has not the artifacts that it announced. */
  ARTIFACT_MISSING,
  /** This device has already sent an update in this round, or in a later one. */
  UPDATE_SPENT
}
