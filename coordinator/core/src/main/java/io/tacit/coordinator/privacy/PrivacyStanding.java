package io.tacit.coordinator.privacy;

import io.tacit.protocol.privacy.PrivacyBound;
import java.util.List;
import java.util.Optional;

/**
 * Where a plan stands: what its rounds so far let be learnt about the device that took part in as
 * many as it may, the dearest ones; by updates, by metrics and by both. Always both numbers of
 * each, never one alone.
 *
 * @param rounds that were charged, over all versions of the plan, or noted as lost
 * @param roundsWithoutNoise of them; with one, nothing bounds what is learnt from models
 * @param updates what their sums tell
 * @param metrics what the sums of what devices measured tell; empty if they never did
 * @param together what all of it tells
 * @param assumptions of the bounds, a sentence each
 * @param stop why no more rounds are opened; empty if they are
 */
public record PrivacyStanding(
    long rounds,
    long roundsWithoutNoise,
    Spending updates,
    Optional<Spending> metrics,
    Spending together,
    List<String> assumptions,
    Optional<String> stop) {

  /**
   * What is spent.
   *
   * @param soFar by all rounds
   * @param atCap what the version in force will cost a device that takes part as often as it may;
   *     earlier versions not counted
   */
  public record Spending(Bounds soFar, Bounds atCap) {}

  /**
   * Both numbers.
   *
   * @param models against whoever sees what is published
   * @param coordinator against the coordinator
   */
  public record Bounds(PrivacyBound models, PrivacyBound coordinator) {}
}
