package io.tacit.coordinator.sessions;

import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.plan.UpdateFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the sum of a session can come from honest devices. Each sends a vector of norm B at most,
 * so their sum has norm n B at most, beside their noise; masked updates can not be looked at one by
 * one. A sum beyond that is quarantined: it goes into no model.
 *
 * <p>Guarantee: without noise, an accepted session moves the sum by no more than n B; with noise by
 * more, as a sum that hides in it is as likely as the noise is. Does not show who sent what, nor
 * that a vector within the bound is an honest one.
 */
final class SumGate {

  /** Of {@link io.tacit.protocol.encoding.EncodedUpdate}. */
  private static final int COUNT_LANE = 0;

  private static final int WEIGHT_LANE = 1;
  private static final int WEIGHT_ONE = 1 << 16;

  /** How far honest noise may be from its mean, in standard deviations: not once in 10^8 sums. */
  private static final double NOISE_SIGMAS = 6;

  private final UpdateFormat format;
  private final int parameters;
  private final boolean isNoisy;
  private final double stepsMax;
  private final double variance;

  /**
   * @param parameters d
   * @param stepsMax B, norm of the integers of one device before noise
   * @param variance σ² of the noise that each device adds to a lane
   */
  private SumGate(
      UpdateFormat format, int parameters, boolean isNoisy, double stepsMax, double variance) {
    this.format = format;
    this.parameters = parameters;
    this.isNoisy = isNoisy;
    this.stepsMax = stepsMax;
    this.variance = variance;
  }

  static SumGate of(TrainingPlan plan) {
    UpdateFormat format = plan.updateFormat();
    return plan.noise()
        .map(
            noise ->
                new SumGate(
                    format,
                    plan.parameters(),
                    true,
                    Math.sqrt(noise.boundSquared()),
                    noise.isCentral() ? 0 : noise.variance()))
        .orElseGet(
            () ->
                // Rounding adds less than a step to each coordinate.
                new SumGate(
                    format,
                    plan.parameters(),
                    false,
                    plan.client().clipNorm() * format.scale() + Math.sqrt(plan.parameters()),
                    0));
  }

  /**
   * Why a sum must not be used; empty if it may.
   *
   * @param lanes as the plan's update format has them; not changed
   * @param contributors n
   */
  Optional<String> flaw(int[] lanes, int contributors) {
    if (lanes[COUNT_LANE] != contributors) {
      return Optional.of(
          "its sum counts "
              + (lanes[COUNT_LANE] & 0xffffffffL)
              + " devices but "
              + contributors
              + " have brought an update");
    }
    Optional<String> header = isNoisy ? headerFlaw(lanes) : weightFlaw(lanes, contributors);
    return header
        .or(() -> normFlaw(lanes, contributors))
        .or(() -> format.metricFlaw(lanes, contributors));
  }

  private static Optional<String> weightFlaw(int[] lanes, int contributors) {
    long weight = lanes[WEIGHT_LANE] & 0xffffffffL;
    return weight < contributors || weight > (long) contributors * WEIGHT_ONE
        ? Optional.of(
            "its weight lane is "
                + weight
                + ", must be "
                + contributors
                + " to "
                + (long) contributors * WEIGHT_ONE)
        : Optional.empty();
  }

  /** What has no noise must not leave a device. */
  private static Optional<String> headerFlaw(int[] lanes) {
    for (int i = COUNT_LANE + 1; i < WireLimits.HEADER_LANES; i++) {
      if (lanes[i] != 0) {
        return Optional.of("its header lane " + i + " is not 0, must be under noise");
      }
    }
    return Optional.empty();
  }

  private Optional<String> normFlaw(int[] lanes, int contributors) {
    double norm = Math.sqrt(squaredNorm(lanes));
    double max = normMax(contributors);
    // How long it is stays here: a device that lies could measure the others' sum by its own
    // vector.
    return norm > max
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "its sum is longer than the %.6g that %d devices with clip norm %.6g can make",
                max / format.scale(),
                contributors,
                stepsMax / format.scale()))
        : Optional.empty();
  }

  /**
   * n B without noise. With it, the squared norm of sum and noise has mean (n B)² + d σ² and, in
   * standard deviations, a term for the noise along the sum and one for that across it.
   */
  private double normMax(int contributors) {
    double sum = contributors * stepsMax;
    double sigma = Math.sqrt(contributors * variance);
    return Math.sqrt(
        sum * sum
            + parameters * sigma * sigma
            + NOISE_SIGMAS * (2 * sum * sigma + sigma * sigma * Math.sqrt(2.0 * parameters)));
  }

  private double squaredNorm(int[] lanes) {
    double sum = 0;
    for (int i = WireLimits.HEADER_LANES; i < WireLimits.HEADER_LANES + parameters; i++) {
      sum += (double) lanes[i] * lanes[i];
    }
    return sum;
  }
}
