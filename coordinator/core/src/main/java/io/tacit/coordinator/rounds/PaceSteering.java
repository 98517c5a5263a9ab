package io.tacit.coordinator.rounds;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When devices that got no work come again (after Bonawitz et al. 2019, section 2.3): soon enough
 * that the next round fills, spread widely enough that a crowd does not come at once.
 *
 * <p>The window is the usual length of a round, made longer by as much as more devices were turned
 * away than a round assigns; the answer is uniform in the window. Thread-safe.
 */
final class PaceSteering {

  private static final Duration AFTER_MAX = Duration.ofHours(24);

  /** Bounds what one client that polls in a loop can do to the others. */
  private static final double CROWD_MAX = 10;

  /** Weight of the newest round in the usual length. */
  private static final double NEWEST = 0.25;

  private final Duration afterMin;
  private final DoubleSupplier uniform;
  private volatile double usualRoundMillis;

  /**
   * @param afterMin shortest answer
   * @param uniform draws from [0, 1)
   */
  PaceSteering(Duration afterMin, DoubleSupplier uniform) {
    this.afterMin = afterMin;
    this.uniform = uniform;
    this.usualRoundMillis = afterMin.toMillis();
  }

  /** Learns how long a round took. */
  void roundTook(Duration length) {
    usualRoundMillis = (1 - NEWEST) * usualRoundMillis + NEWEST * length.toMillis();
  }

  /**
   * The time to wait.
   *
   * @param turnedAway devices that this round has sent away so far
   * @param assignmentsMax devices that a round assigns
   */
  Duration comeBackAfter(int turnedAway, int assignmentsMax) {
    double crowd = Math.min(CROWD_MAX, Math.max(1, (double) turnedAway / assignmentsMax));
    double millis = afterMin.toMillis() + usualRoundMillis * crowd * uniform.getAsDouble();
    return Duration.ofMillis((long) Math.min(millis, AFTER_MAX.toMillis()));
  }
}
