package io.tacit.coordinator.plans;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Instant;

/**
 * A plan that was applied.
 *
 * @param plan what it says
 * @param hash of its wire form, under which devices download it
 * @param state what has become of it
 * @param appliedAt when, to the millisecond
 */
public record RegisteredPlan(TrainingPlan plan, ContentHash hash, State state, Instant appliedAt) {

  /** What has become of a plan. */
  public enum State {
    /** Its rounds are being run. */
    ACTIVE,
    /** All its rounds were run. */
    FINISHED,
    /** A higher version took its place. */
    SUPERSEDED
  }
}
