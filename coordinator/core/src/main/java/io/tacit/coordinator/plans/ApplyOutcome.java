package io.tacit.coordinator.plans;

/** What became of applying a plan. */
public sealed interface ApplyOutcome {

  /** The plan is active now; an older version, if there was one, is superseded. */
  record Applied(RegisteredPlan plan) implements ApplyOutcome {}

  /** The very same plan was applied before; nothing changed. */
  record AlreadyApplied(RegisteredPlan plan) implements ApplyOutcome {}

  /**
   * Another plan of this or a higher version is there; nothing changed.
   *
   * @param current the version in force
   */
  record VersionNotHigher(RegisteredPlan current) implements ApplyOutcome {}

  /**
   * Model or inputs differ from the version in force, whose trained parameters would mean something
   * else under the new ones; nothing changed.
   *
   * @param current the version in force
   * @param field {@code model} or {@code features}
   */
  record ModelChanged(RegisteredPlan current, String field) implements ApplyOutcome {}
}
