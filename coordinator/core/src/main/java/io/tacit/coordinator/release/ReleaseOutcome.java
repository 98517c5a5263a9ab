package io.tacit.coordinator.release;

import io.tacit.coordinator.models.ModelVersion;

/** What became of a release that was sent. */
public sealed interface ReleaseOutcome {

  /** It is in force, and the devices that it is for get its model. */
  record Released(ReleasedModel model) implements ReleaseOutcome {}

  /** It was in force already; nothing changed. */
  record AlreadyReleased(ReleasedModel model) implements ReleaseOutcome {}

  /**
   * It replaces another release than the newest; nothing changed.
   *
   * @param current number of the newest
   */
  record NotTheNext(int current) implements ReleaseOutcome {}

  /**
   * It is for a share of the devices, and there is none that the others could have; nothing
   * changed.
   */
  record NothingForAll() implements ReleaseOutcome {}

  /**
   * It is for a share of the devices, as too many before it are; nothing changed.
   *
   * @param max so many may follow one another
   */
  record TooManyShares(int max) implements ReleaseOutcome {}

  /** The plan's model has no such version; nothing changed. */
  record UnknownVersion() implements ReleaseOutcome {}

  /**
   * The version has another file than the one that was signed; nothing changed.
   *
   * @param model that is there
   */
  record OtherModel(ModelVersion model) implements ReleaseOutcome {}
}
