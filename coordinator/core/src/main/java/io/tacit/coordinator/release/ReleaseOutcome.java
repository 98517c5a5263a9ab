package io.tacit.coordinator.release;

import io.tacit.coordinator.models.ModelVersion;

/** What became of a release that was sent. */
public sealed interface ReleaseOutcome {

  /** It is in force, and devices get its model. */
  record Released(ReleasedModel model) implements ReleaseOutcome {}

  /** It was in force already; nothing changed. */
  record AlreadyReleased(ReleasedModel model) implements ReleaseOutcome {}

  /**
   * It replaces another release than the one in force; nothing changed.
   *
   * @param current number in force
   */
  record NotTheNext(int current) implements ReleaseOutcome {}

  /** The plan's model has no such version; nothing changed. */
  record UnknownVersion() implements ReleaseOutcome {}

  /**
   * The version has another file than the one that was signed; nothing changed.
   *
   * @param model that is there
   */
  record OtherModel(ModelVersion model) implements ReleaseOutcome {}
}
