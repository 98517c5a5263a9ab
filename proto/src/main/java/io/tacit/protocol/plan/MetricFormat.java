package io.tacit.protocol.plan;

import io.tacit.protocol.WireLimits;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.NoisyFixedPoint;
import io.tacit.protocol.privacy.RandomBits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How what devices measured becomes integers behind their updates, and a sum of them figures. Each
 * group has three lanes: how many measured, and the sums of both metrics.
 *
 * <p>Guarantee: one device changes the vector of all groups by a norm of √3 at the most, which is
 * what the noise is planned for. Immutable and thread-safe.
 */
final class MetricFormat {

  /** Steps per unit without noise: the sum of a full roster stays below 2^31. */
  private static final int EXACT_STEPS = 1 << 16;

  /**
   * How far honest noise may be from its mean, in standard deviations: with up to 120 figures to
   * look at, not once in 10^9 sums.
   */
  private static final double NOISE_SIGMAS = 7;

  private final List<String> groups;
  private final @Nullable NoisePlan noise;

  private MetricFormat(List<String> groups, @Nullable NoisePlan noise) {
    this.groups = groups;
    this.noise = noise;
  }

  /** The format of a plan; with no lanes if its devices report nothing. */
  static MetricFormat of(TrainingPlan plan) {
    MetricSettings metrics = plan.evaluation().metrics();
    return metrics == null
        ? new MetricFormat(List.of(), null)
        : new MetricFormat(metrics.groups(), plan.metricNoise().orElse(null));
  }

  int lanes() {
    return groups.size() * WireLimits.METRIC_GROUP_LANES;
  }

  /**
   * Writes what a device measured.
   *
   * @param lanes of which {@link #lanes()} are written
   * @param from the first of them
   * @param report null if the device has measured nothing: zeros, and noise where there is any
   */
  void encodeTo(int[] lanes, int from, @Nullable MetricReport report, RandomBits bits) {
    float[] vector = new float[lanes()];
    if (report != null) {
      int place = report.group() * WireLimits.METRIC_GROUP_LANES;
      vector[place] = 1;
      vector[place + 1] = (float) report.first();
      vector[place + 2] = (float) report.second();
    }
    if (noise != null) {
      new NoisyFixedPoint(noise).encodeTo(lanes, from, vector, bits);
      return;
    }
    for (int i = 0; i < vector.length; i++) {
      lanes[from + i] = Math.round(vector[i] * EXACT_STEPS);
    }
  }

  /** Adds the noise of a trusted coordinator, where the plan says so. */
  void addCentralNoise(int[] sum, int from, RandomBits bits) {
    if (noise != null && noise.isCentral()) {
      new NoisyFixedPoint(noise).addCentralNoise(sum, from, bits);
    }
  }

  /**
   * Reads a sum.
   *
   * @param contributors devices in it, each with its noise
   */
  List<GroupMetrics> decode(int[] sum, int from, int contributors) {
    double steps = steps();
    double variance =
        noise == null
            ? 0
            : (double) noise.variance() * (noise.isCentral() ? 1 : contributors) / (steps * steps);
    List<GroupMetrics> figures = new ArrayList<>();
    for (int group = 0; group < groups.size(); group++) {
      int lane = from + group * WireLimits.METRIC_GROUP_LANES;
      figures.add(
          new GroupMetrics(
              groups.get(group),
              sum[lane] / steps,
              sum[lane + 1] / steps,
              sum[lane + 2] / steps,
              variance));
    }
    return figures;
  }

  /**
   * Why the sum of a session can not come from honest devices; empty if it can. The noise of a
   * trusted coordinator is not in it yet.
   */
  Optional<String> flaw(int[] sum, int from, int contributors) {
    double sigma =
        noise == null || noise.isCentral()
            ? 0
            : Math.sqrt((double) noise.variance() * contributors);
    // Which group it is stays here: it would say something of a group that is too small to show.
    return isPossible(sum, from, contributors, sigma)
        ? Optional.empty()
        : Optional.of("its metrics are not what " + contributors + " devices can measure");
  }

  /**
   * Each device is in one group at the most, and brings no more of a metric than the one that it
   * counts for.
   */
  private boolean isPossible(int[] sum, int from, int contributors, double sigma) {
    long devices = 0;
    for (int group = 0; group < groups.size(); group++) {
      int lane = from + group * WireLimits.METRIC_GROUP_LANES;
      devices += sum[lane];
      for (int metric = 1; metric < WireLimits.METRIC_GROUP_LANES; metric++) {
        double slack = slack(contributors, sigma, 2);
        long left = (long) sum[lane] - sum[lane + metric];
        if (left < -slack || sum[lane + metric] < -slack) {
          return false;
        }
      }
    }
    return devices <= contributors * steps() + slack(contributors, sigma, groups.size());
  }

  /** Of a sum of figures: rounding adds less than a step for each device to each. */
  private static double slack(int contributors, double sigma, int figures) {
    return NOISE_SIGMAS * sigma * Math.sqrt(figures) + (double) contributors * figures;
  }

  private double steps() {
    return noise == null ? EXACT_STEPS : noise.scale();
  }
}
