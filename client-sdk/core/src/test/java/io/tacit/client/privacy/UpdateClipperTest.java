package io.tacit.client.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.TestPlans;
import io.tacit.client.training.LocalUpdate;
import io.tacit.client.training.ParameterDelta;
import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateClipperTest {

  private static LocalUpdate update(float... values) {
    return new LocalUpdate(ParameterDelta.dense(values), 3, 0.5);
  }

  @Test
  void leaves_every_bit_of_an_update_within_the_bound() {
    ClippedUpdate clipped = new UpdateClipper(5).clip(update(3, -4, 0));

    assertThat(clipped.toArray()).containsExactly(3, -4, 0);
    assertThat(clipped.wasClipped()).isFalse();
  }

  @Test
  void scales_a_longer_update_down_and_keeps_its_direction() {
    ClippedUpdate clipped = new UpdateClipper(1).clip(update(3, -4, 0));

    assertThat(clipped.wasClipped()).isTrue();
    assertThat(clipped.toArray()[0]).isCloseTo(0.6f, within(1e-6f));
    assertThat(clipped.toArray()[1]).isCloseTo(-0.8f, within(1e-6f));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void the_norm_never_exceeds_the_bound_not_even_by_rounding(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
    }
    double bound = Math.pow(10, random.nextInt(8) - 4);

    ClippedUpdate clipped = new UpdateClipper(bound).clip(update(values));

    assertThat(FixedPointCodec.l2Norm(clipped.toArray()))
        .as("seed %d", seed)
        .isLessThanOrEqualTo(bound)
        .isCloseTo(bound, within(bound * 1e-5));
  }

  @Test
  void clips_the_largest_floats() {
    ClippedUpdate clipped =
        new UpdateClipper(1).clip(update(Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE));

    assertThat(FixedPointCodec.l2Norm(clipped.toArray())).isCloseTo(1, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refuses_what_is_not_finite(float value) {
    assertThatThrownBy(() -> new UpdateClipper(1).clip(update(0, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "update has an element that is NaN or infinite, must be finite; train again with a"
                + " lower learning rate");
  }

  @Test
  void refuses_a_bound_that_bounds_nothing() {
    assertThatThrownBy(() -> new UpdateClipper(0))
        .hasMessage("clip bound is 0.0, must be above 0 and finite; 1 is usual");
    assertThatThrownBy(() -> new UpdateClipper(Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_clipped_update_encodes_in_the_plans_format() {
    TrainingPlan plan = TestPlans.twoTower();
    float[] values = new float[plan.parameters()];
    values[2] = 0.25f;
    ClippedUpdate clipped = new UpdateClipper(1).clip(update(values));

    byte[] bytes = clipped.encode(plan, null, RandomBits.seeded(1)).toBytes();

    int[] lanes = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lanes);
    assertThat(plan.updateFormat().decode(lanes).values()[2]).isCloseTo(0.25f, within(1e-6f));
    assertThat(plan.updateFormat().decode(lanes).examples()).isEqualTo(3);
    assertThat(clipped).hasToString("ClippedUpdate[30]");
  }

  @Test
  void what_a_device_brings_that_trained_nothing_weighs_next_to_nothing() {
    TrainingPlan plan = TestPlans.twoTower();

    byte[] bytes = ClippedUpdate.nothing(30).encode(plan, null, RandomBits.seeded(1)).toBytes();

    int[] lanes = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lanes);
    MeanUpdate alone = plan.updateFormat().decode(lanes);
    assertThat(alone.values()).containsOnly(0);
    assertThat(alone.clients()).isOne();
    assertThat(alone.weight()).isEqualTo(0x1p-16);
    assertThat(alone.examples()).isZero();
    assertThat(alone.meanLoss()).isZero();
  }

  @Test
  void under_noise_a_device_that_trained_nothing_brings_noise_as_everybody_does() {
    TrainingPlan plan = TestPlans.noisy();

    byte[] bytes = ClippedUpdate.nothing(30).encode(plan, null, RandomBits.seeded(1)).toBytes();

    int[] lanes = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lanes);
    assertThat(lanes[0]).isOne();
    double squares = Arrays.stream(lanes, 16, lanes.length).asDoubleStream().map(x -> x * x).sum();
    // The estimate of thirty draws has a standard deviation of a quarter of the variance.
    double variance = plan.noise().orElseThrow().variance();
    assertThat(squares / 30 / variance).isBetween(0.25, 2.5);
  }
}
