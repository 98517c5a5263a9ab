package io.tacit.protocol.plan;

import io.tacit.protocol.WireLimits;
import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.privacy.NoisyFixedPoint;
import io.tacit.protocol.privacy.RandomBits;
import org.jspecify.annotations.Nullable;

/**
 * How a plan's updates become integers and a sum of them a mean: {@link FixedPointCodec} without
 * differential privacy, {@link NoisyFixedPoint} with it. Immutable and thread-safe.
 */
public final class UpdateFormat {

  private final AggregationSettings aggregation;
  private final FixedPointCodec exact;
  private final @Nullable NoisyFixedPoint noisy;
  private final int parameters;

  private UpdateFormat(
      AggregationSettings aggregation,
      FixedPointCodec exact,
      @Nullable NoisyFixedPoint noisy,
      int parameters) {
    this.aggregation = aggregation;
    this.exact = exact;
    this.noisy = noisy;
    this.parameters = parameters;
  }

  static UpdateFormat of(TrainingPlan plan) {
    return new UpdateFormat(
        plan.aggregation(),
        FixedPointCodec.forCohort(plan.client().clipNorm(), plan.seats()),
        plan.noise().map(NoisyFixedPoint::new).orElse(null),
        plan.parameters());
  }

  /** Integers of an update and of a sum, header included. */
  public int lanes() {
    return WireLimits.HEADER_LANES + parameters;
  }

  /** Integer steps per unit of the updates. */
  public double scale() {
    return noisy == null ? exact.scale() : noisy.scale();
  }

  /**
   * Encodes one update. With differential privacy neither weight, examples nor loss leave.
   *
   * @param update {@code float[d]}, L2 norm at most the plan's clip norm; not changed
   * @param examples what it was trained on, at least 1
   * @param loss mean loss, finite
   * @param bits for rounding and noise; on a device {@link RandomBits#secure}
   * @throws IllegalArgumentException if a value is NaN, infinite or beyond its bound
   */
  public EncodedUpdate encode(float[] update, int examples, double loss, RandomBits bits) {
    return noisy == null
        ? exact.encode(update, aggregation.weight(examples), examples, loss, bits)
        : noisy.encode(update, bits);
  }

  /**
   * Decodes a sum into the mean. With differential privacy its number of examples is 0 and its loss
   * NaN: devices do not tell them.
   *
   * @param sum {@code int[lanes()]}, added mod 2^32; not changed
   * @throws IllegalArgumentException if no 1 to all seats of honest devices can make it
   */
  public MeanUpdate decode(int[] sum) {
    return noisy == null ? exact.decode(sum) : noisy.decode(sum);
  }

  @Override
  public String toString() {
    return "UpdateFormat[" + (noisy == null ? exact : noisy) + "]";
  }
}
