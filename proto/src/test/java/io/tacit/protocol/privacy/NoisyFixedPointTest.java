package io.tacit.protocol.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.privacy.HonestShare.Dishonest;
import io.tacit.testing.Seeds;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoisyFixedPointTest {

  private static final int HEADER = 16;

  private static final HonestShare SMALLEST = new HonestShare(10, 10, 1, Dishonest.TENTH);

  static LongStream seeds() {
    return Seeds.upTo(60);
  }

  /** Without noise, so that what was rounded shows. Updates are up to a hundred times too long. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void what_is_rounded_is_within_the_bound_and_a_step_of_the_clipped_update(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    int size = 1 + random.nextInt(1 << (1 + random.nextInt(12)));
    double clip = Math.exp(-3 + 6 * random.nextDouble());
    // As much noise as there may be leaves few steps, so that the bound bites.
    double z = random.nextInt(2) == 0 ? 1 : 3000 / Math.sqrt(2 + size);
    NoisePlan plan = NoisePlan.central(z, clip, size, 100);
    float[] update = update(random, size, clip * 100 * random.nextDouble());

    int[] lanes = encode(new NoisyFixedPoint(plan), update, RandomBits.seeded(seed));

    long squares = 0;
    double longest = 0;
    double factor = plan.scale() * Math.min(1, clip / FixedPointCodec.l2Norm(update));
    for (int i = 0; i < size; i++) {
      squares += (long) lanes[HEADER + i] * lanes[HEADER + i];
      longest = Math.max(longest, Math.abs(lanes[HEADER + i] - update[i] * factor));
    }
    assertThat(squares).isLessThanOrEqualTo(plan.boundSquared());
    assertThat(longest).isLessThan(1);
  }

  /** All elements next to half a step: rounded once, one in ten or so would be too long. */
  @Test
  void rounds_again_what_came_out_too_long() {
    int size = 4096;
    int draws = 1000;
    NoisePlan plan = NoisePlan.central(40, 1, size, 10);
    NoisyFixedPoint format = new NoisyFixedPoint(plan);
    float[] update = new float[size];
    Arrays.fill(update, 1);
    double element = plan.scale() / Math.sqrt(size);
    RandomBits bits = RandomBits.seeded(3);
    SplitMix64 coin = new SplitMix64(3);
    int tooLong = 0;
    for (int draw = 0; draw < draws; draw++) {
      long once = 0;
      for (int i = 0; i < size; i++) {
        long lane = (long) Math.floor(element + coin.nextDouble());
        once += lane * lane;
      }
      tooLong += once > plan.boundSquared() ? 1 : 0;
      long squares = 0;
      for (int lane : encode(format, update, bits)) {
        squares += (long) lane * lane;
      }
      assertThat(squares).isLessThanOrEqualTo(plan.boundSquared());
    }

    assertThat((double) tooLong / draws).isBetween(0.01, 0.61);
  }

  /** Below the clip norm; at it, rounding again prefers shorter results by parts of a step. */
  @Test
  void rounding_is_unbiased() {
    int draws = 50_000;
    NoisePlan plan = NoisePlan.central(1, 1, 3, 10);
    NoisyFixedPoint format = new NoisyFixedPoint(plan);
    float[] update = {0.1234f, -0.4567f, 0.6789f};
    RandomBits bits = RandomBits.seeded(11);
    long[] totals = new long[3];
    for (int draw = 0; draw < draws; draw++) {
      int[] lanes = encode(format, update, bits);
      for (int i = 0; i < 3; i++) {
        totals[i] += lanes[HEADER + i];
      }
    }

    for (int i = 0; i < 3; i++) {
      assertThat((double) totals[i] / draws)
          .isCloseTo(update[i] * plan.scale(), within(5 * 0.5 / Math.sqrt(draws)));
    }
  }

  @Test
  void writes_the_parameters_lanes_and_no_others() {
    NoisePlan plan = NoisePlan.distributed(1, 1, 3, SMALLEST, 10);

    int[] lanes = new int[20];
    new NoisyFixedPoint(plan).encodeTo(lanes, HEADER, new float[] {1, 2, 3}, RandomBits.seeded(4));

    assertThat(lanes).startsWith(new int[HEADER]).endsWith(0);
    assertThat(Arrays.stream(lanes, HEADER, 19).toArray()).doesNotContain(0);
  }

  /** Ten thousand sessions of seven devices, eight elements: 4 % is eight standard deviations. */
  @Test
  void noise_of_a_session_has_the_variance_of_its_devices_and_at_least_that_of_the_plan() {
    int devices = 7;
    int size = 8;
    int sessions = 10_000;
    NoisePlan plan = NoisePlan.distributed(1, 1, size, SMALLEST, 10);
    NoisyFixedPoint format = new NoisyFixedPoint(plan);
    RandomBits bits = RandomBits.seeded(5);
    SplitMix64 random = new SplitMix64(5);
    double squares = 0;
    for (int session = 0; session < sessions; session++) {
      int[] sum = new int[HEADER + size];
      double[] exact = new double[size];
      for (int device = 0; device < devices; device++) {
        float[] update = update(random, size, 0.9);
        add(sum, encode(format, update, bits));
        for (int i = 0; i < size; i++) {
          exact[i] += update[i] * plan.scale();
        }
      }
      for (int i = 0; i < size; i++) {
        squares += Math.pow(sum[HEADER + i] - exact[i], 2);
      }
    }

    double variance = squares / (sessions * size);
    assertThat(variance / (devices * plan.variance())).isCloseTo(1, within(0.04));
    assertThat(variance)
        .as("seven stayed, six are counted on")
        .isGreaterThan(plan.boundSquared() * Math.pow(plan.noiseMultiplier(), 2));
  }

  @Test
  void decodes_a_sum_to_the_mean_within_its_noise() {
    int size = 50;
    NoisePlan plan = NoisePlan.distributed(0.1, 2, size, SMALLEST, 100);
    NoisyFixedPoint format = new NoisyFixedPoint(plan);
    RandomBits bits = RandomBits.seeded(6);
    float[] update = update(new SplitMix64(6), size, 1.5);
    int[] sum = new int[HEADER + size];
    for (int device = 0; device < 100; device++) {
      add(sum, encode(format, update, bits));
    }
    sum[0] = 100;

    MeanUpdate mean = format.decode(sum);

    assertThat(mean.clients()).isEqualTo(100);
    assertThat(mean.weight()).isEqualTo(100);
    assertThat(mean.examples()).isZero();
    assertThat(mean.meanLoss()).isNaN();
    double sigma = Math.sqrt(plan.variance() / 100.0) / plan.scale();
    for (int i = 0; i < size; i++) {
      assertThat((double) mean.values()[i]).isCloseTo(update[i], within(6 * sigma));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1000, 20_000})
  void the_longest_updates_of_a_full_cohort_do_not_wrap_around(int clients) {
    NoisePlan plan = NoisePlan.central(0.001, 1, 1, clients);
    NoisyFixedPoint format = new NoisyFixedPoint(plan);
    int[] lanes = encode(format, new float[] {1}, RandomBits.seeded(7));
    int[] sum = {clients, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, lanes[HEADER] * clients};

    assertThat((long) lanes[HEADER] * clients + 10 * (long) Math.sqrt((double) plan.variance()))
        .isLessThan(Integer.MAX_VALUE);
    assertThat(format.decode(sum).values()[0]).isCloseTo(1, within(1e-4f));
  }

  @Test
  void a_trusted_coordinator_adds_noise_to_the_payload_once() {
    NoisePlan plan = NoisePlan.central(1, 1, 100, 10);
    NoisyFixedPoint format = new NoisyFixedPoint(plan);
    int[] sum = new int[HEADER + 100];
    sum[0] = 3;

    format.addCentralNoise(sum, HEADER, RandomBits.seeded(8));

    assertThat(sum).startsWith(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(Arrays.stream(sum).skip(HEADER).filter(x -> x != 0).count()).isGreaterThan(95);
    NoisyFixedPoint distributed =
        new NoisyFixedPoint(NoisePlan.distributed(1, 1, 100, SMALLEST, 10));
    assertThatThrownBy(() -> distributed.addCentralNoise(sum, HEADER, RandomBits.seeded(8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "noise of this plan is added by the devices, must not be added again; take the sum as"
                + " it is");
  }

  @Test
  void refuses_updates_and_sums_that_can_not_be() {
    NoisyFixedPoint format = new NoisyFixedPoint(NoisePlan.central(1, 1, 2, 10));
    RandomBits bits = RandomBits.seeded(9);

    assertThatThrownBy(() -> encode(format, new float[3], bits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "update has 3 elements, must have the 2 of the plan; train the model that the round"
                + " announced");
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> encode(format, new float[] {0, bad}, bits))
          .hasMessage(
              "update has an element that is NaN or infinite, must all be finite; lower the"
                  + " learning rate");
    }
    assertThatThrownBy(() -> format.decode(new int[17]))
        .hasMessage(
            "sum has 17 lanes, must have 18 for the 2 parameters of the plan; check that it is of"
                + " this round");
    for (int clients : new int[] {0, -1, 11}) {
      int[] sum = new int[18];
      sum[0] = clients;
      assertThatThrownBy(() -> format.decode(sum))
          .hasMessage("sum holds " + clients + " clients, must be 1 to 10");
    }
    assertThat(format).asString().startsWith("NoisyFixedPoint[NoisePlan[");
  }

  @Test
  void the_largest_floats_are_clipped_and_zeros_stay() {
    NoisePlan plan = NoisePlan.central(1, 1, 2, 10);
    NoisyFixedPoint format = new NoisyFixedPoint(plan);

    int[] lanes = encode(format, new float[] {Float.MAX_VALUE, 0}, RandomBits.seeded(10));

    assertThat((double) lanes[HEADER]).isCloseTo(plan.scale(), within(1.0));
    assertThat(lanes[HEADER + 1]).isZero();
    assertThat(encode(format, new float[2], RandomBits.seeded(10))).endsWith(0, 0);
  }

  private static float[] update(SplitMix64 random, int size, double norm) {
    float[] update = new float[size];
    for (int i = 0; i < size; i++) {
      update[i] = (float) random.nextGaussian();
    }
    double factor = norm / FixedPointCodec.l2Norm(update);
    for (int i = 0; i < size; i++) {
      update[i] = (float) (update[i] * factor);
    }
    return update;
  }

  private static void add(int[] sum, int[] lanes) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += lanes[i];
    }
  }

  /** Header and payload of one update; the header is none of this format's business. */
  private static int[] encode(NoisyFixedPoint format, float[] update, RandomBits bits) {
    int[] lanes = new int[HEADER + update.length];
    format.encodeTo(lanes, HEADER, update, bits);
    return lanes;
  }
}
