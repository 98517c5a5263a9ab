package io.tacit.simulation.fedavg;

import java.util.List;
import java.util.OptionalInt;

/**
 * One finished run.
 *
 * @param method how devices trained
 * @param partition which images they had
 * @param seed of partition, start, cohorts and devices
 * @param curve a point for each round that was judged, in order; at least one
 * @param contributors mean number of updates in a round
 * @param bytesUp of all updates
 * @param seconds that it took
 */
public record FedAvgRun(
    Method method,
    Partition partition,
    long seed,
    List<Point> curve,
    double contributors,
    long bytesUp,
    double seconds) {

  /**
   * The model after a round.
   *
   * @param round from 1
   * @param loss mean that the devices reported, of the steps of this round
   * @param accuracy on the test images, 0 to 1
   */
  public record Point(int round, double loss, double accuracy) {}

  public FedAvgRun {
    curve = List.copyOf(curve);
  }

  /** The first judged round at which the test accuracy is so high; empty if none is. */
  public OptionalInt roundsTo(double accuracy) {
    return curve.stream()
        .filter(point -> point.accuracy() >= accuracy)
        .mapToInt(Point::round)
        .findFirst();
  }

  /** The accuracy after the last round. */
  public double lastAccuracy() {
    return curve.get(curve.size() - 1).accuracy();
  }
}
