package io.tacit.protocol.plan;

import io.tacit.protocol.WireLimits;
import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.privacy.NoisyFixedPoint;
import io.tacit.protocol.privacy.RandomBits;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a plan's updates become integers and a sum of them a mean: {@link FixedPointCodec} without
 * differential privacy, {@link NoisyFixedPoint} with it. Immutable and thread-safe.
 */
public final class UpdateFormat {

  private final AggregationSettings aggregation;
  private final FixedPointCodec exact;
  private final @Nullable NoisyFixedPoint noisy;
  private final MetricFormat metrics;
  private final int parameters;

  private UpdateFormat(
      AggregationSettings aggregation,
      FixedPointCodec exact,
      @Nullable NoisyFixedPoint noisy,
      MetricFormat metrics,
      int parameters) {
    this.aggregation = aggregation;
    this.exact = exact;
    this.noisy = noisy;
    this.metrics = metrics;
    this.parameters = parameters;
  }

  static UpdateFormat of(TrainingPlan plan) {
    return new UpdateFormat(
        plan.aggregation(),
        FixedPointCodec.forCohort(plan.client().clipNorm(), plan.seats()),
        plan.noise().map(NoisyFixedPoint::new).orElse(null),
        MetricFormat.of(plan),
        plan.parameters());
  }

  /** Integers of an update and of a sum: header, parameters, metrics. */
  public int lanes() {
    return firstMetric() + metrics.lanes();
  }

  /** Those before metrics. */
  private int firstMetric() {
    return WireLimits.HEADER_LANES + parameters;
  }

  /** Integer steps per unit of the updates. */
  public double scale() {
    return noisy == null ? exact.scale() : noisy.scale();
  }

  /**
   * Encodes one update and what the device measured. With differential privacy neither weight,
   * examples nor loss leave.
   *
   * @param update {@code float[d]}, L2 norm at most the plan's clip norm; not changed
   * @param examples what it was trained on; 0 for a device that only measures, whose update is
   *     zeros and weighs next to nothing
   * @param loss mean loss, finite
   * @param report what it measured; null for nothing, and where the plan asks for nothing
   * @param bits for rounding and noise; on a device {@link RandomBits#secure}
   * @throws IllegalArgumentException if a value is NaN, infinite or beyond its bound
   */
  public EncodedUpdate encode(
      float[] update, int examples, double loss, @Nullable MetricReport report, RandomBits bits) {
    if (update.length != parameters) {
      throw new IllegalArgumentException(
          "update has "
              + update.length
              + " elements, must have the "
              + parameters
              + " of the plan; train the model that the round announced");
    }
    int[] lanes = new int[lanes()];
    if (noisy == null) {
      double weight = examples == 0 ? Double.MIN_VALUE : aggregation.weight(examples);
      exact.encodeTo(lanes, update, weight, examples, loss, bits);
    } else {
      lanes[EncodedUpdate.COUNT_LANE] = 1;
      noisy.encodeTo(lanes, WireLimits.HEADER_LANES, update, bits);
    }
    metrics.encodeTo(lanes, firstMetric(), report, bits);
    return EncodedUpdate.owning(lanes);
  }

  /** Encodes one update of a device that has measured nothing. */
  public EncodedUpdate encode(float[] update, int examples, double loss, RandomBits bits) {
    return encode(update, examples, loss, null, bits);
  }

  /**
   * Adds the noise of a trusted coordinator to the sum over all shards, once; nothing where the
   * plan says otherwise.
   *
   * @param sum {@code int[lanes()]}; changed
   */
  public void addCentralNoise(int[] sum, RandomBits bits) {
    if (noisy != null && noisy.isCentral()) {
      noisy.addCentralNoise(sum, WireLimits.HEADER_LANES, bits);
      metrics.addCentralNoise(sum, firstMetric(), bits);
    }
  }

  /**
   * Decodes a sum into the mean. With differential privacy its number of examples is 0 and its loss
   * NaN: devices do not tell them.
   *
   * @param sum {@code int[lanes()]}, added mod 2^32; not changed
   * @throws IllegalArgumentException if no 1 to all seats of honest devices can make it
   */
  public MeanUpdate decode(int[] sum) {
    if (sum.length != lanes()) {
      throw new IllegalArgumentException(
          "sum has "
              + sum.length
              + " lanes, must have "
              + lanes()
              + " for the "
              + parameters
              + " parameters of the plan and its metrics; check that it is of this round");
    }
    return noisy == null ? exact.decode(sum, parameters) : noisy.decode(sum);
  }

  /**
   * What a sum says of each group of devices, in the plan's order; empty if the plan has no
   * metrics.
   *
   * @param sum {@code int[lanes()]} that {@link #decode} takes; not changed
   */
  public List<GroupMetrics> decodeMetrics(int[] sum) {
    return metrics.decode(sum, firstMetric(), sum[EncodedUpdate.COUNT_LANE]);
  }

  /**
   * Why the metrics in the sum of one session can not come from honest devices; empty if they can.
   *
   * @param sum {@code int[lanes()]}, without the noise of a trusted coordinator; not changed
   * @param contributors devices in it
   */
  public Optional<String> metricFlaw(int[] sum, int contributors) {
    return metrics.flaw(sum, firstMetric(), contributors);
  }

  @Override
  public String toString() {
    return "UpdateFormat[" + (noisy == null ? exact : noisy) + "]";
  }
}
