package io.tacit.protocol.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedPointCodecTest {

  private static final int HEADER = 16;

  private static final RoundingSource ALWAYS_UP = () -> 0;

  private static final RoundingSource ALWAYS_DOWN = () -> Math.nextDown(1.0);

  /** Seeds are shown in the names of the cases. */
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 3, 0.5", "3, 64, 1", "4, 128, 10", "5, 500, 0.001", "6, 20000, 1"})
  void decodes_a_sum_to_the_weighted_mean(long seed, int clients, double clipNorm) {
    SplitMix64 random = new SplitMix64(seed);
    FixedPointCodec codec = FixedPointCodec.forCohort(clipNorm, clients);
    int size = 7;
    int[] sum = new int[HEADER + size];
    double[] expected = new double[size];
    double weights = 0;
    for (int k = 0; k < clients; k++) {
      float[] update = randomUpdate(random, size, clipNorm);
      double weight = (1 + random.nextInt(64)) / 64.0;
      add(sum, encode(codec, update, weight, 5, 2, random::nextDouble));
      weights += weight;
      for (int i = 0; i < size; i++) {
        expected[i] += weight * update[i];
      }
    }

    MeanUpdate mean = decode(codec, sum);

    assertThat(mean.clients()).isEqualTo(clients);
    assertThat(mean.weight()).isCloseTo(weights, within(1e-9));
    assertThat(mean.examples()).isEqualTo(5L * clients);
    assertThat(mean.meanLoss()).isCloseTo(2, within(1e-3));
    // Half a unit in the last place of a float, and one step of rounding for each client.
    double tolerance = clipNorm * 1e-7 + clients / (codec.scale() * weights);
    for (int i = 0; i < size; i++) {
      assertThat((double) mean.values()[i]).isCloseTo(expected[i] / weights, within(tolerance));
    }
  }

  /** Also for updates that are a rounding error longer than the bound, which are let pass. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 127, 128, 1000, 19_999, 20_000})
  void a_full_roster_of_the_longest_updates_never_wraps_around(int clients) {
    for (double clipNorm : new double[] {1e-3, 1, 3.3, 10_000}) {
      FixedPointCodec codec = FixedPointCodec.forCohort(clipNorm, clients);
      float longest = (float) (clipNorm * 1.0000009);
      for (float extreme : new float[] {longest, -longest}) {
        for (RoundingSource rounding : new RoundingSource[] {ALWAYS_UP, ALWAYS_DOWN}) {
          int[] one = encode(codec, new float[] {extreme}, 1, 1_000_000, 1e9, rounding);
          int[] sum = new int[one.length];
          long[] exact = new long[one.length];
          for (int k = 0; k < clients; k++) {
            for (int i = 0; i < sum.length; i++) {
              sum[i] += one[i];
              exact[i] += one[i];
            }
          }
          for (int i = 0; i < sum.length; i++) {
            assertThat((long) sum[i]).as("lane %s", i).isEqualTo(exact[i]);
          }
          assertThat((double) decode(codec, sum).values()[0])
              .isCloseTo(extreme, within(clipNorm * 2e-6 + 1 / codec.scale()));
        }
      }
    }
  }

  @Test
  void rounding_is_unbiased() {
    long seed = 11;
    SplitMix64 random = new SplitMix64(seed);
    FixedPointCodec codec = FixedPointCodec.forCohort(1, 20_000);
    int draws = 200_000;
    for (double fraction : new double[] {0.1, 0.5, 0.93}) {
      for (int sign : new int[] {1, -1}) {
        float value = (float) (sign * (1000 + fraction) / codec.scale());
        double scaled = value * codec.scale();
        long total = 0;
        for (int k = 0; k < draws; k++) {
          total += encode(codec, new float[] {value}, 1, 1, 0, random::nextDouble)[HEADER];
        }
        // Five standard deviations of a fair coin; a bias of half a step would be 500.
        assertThat((double) total / draws)
            .as("seed %s, fraction %s, sign %s", seed, fraction, sign)
            .isCloseTo(scaled, within(5 * 0.5 / Math.sqrt(draws)));
      }
    }
  }

  @Test
  void whole_steps_and_zeros_need_no_coin() {
    FixedPointCodec codec = FixedPointCodec.forCohort(1, 128);
    RoundingSource none =
        () -> {
          throw new AssertionError("no coin is needed");
        };

    assertThat(encode(codec, new float[] {0, -0f}, 1, 1, 0, none)).endsWith(0, 0);
  }

  @Test
  void a_weight_too_small_for_its_lane_counts_the_same_in_payload_and_weight() {
    FixedPointCodec codec = FixedPointCodec.forCohort(1, 10);

    MeanUpdate mean =
        decode(codec, encode(codec, new float[] {0.5f}, 1e-6, 1, 3, new SplitMix64(1)::nextDouble));

    assertThat(mean.weight()).isEqualTo(Math.pow(2, -16));
    assertThat((double) mean.values()[0]).isCloseTo(0.5, within(1e-3));
  }

  @Test
  void the_header_says_count_weight_loss_and_examples() {
    FixedPointCodec codec = FixedPointCodec.forCohort(1, 10);

    int[] lanes = encode(codec, new float[3], 0.25, 17, 2, ALWAYS_UP);

    assertThat(lanes).hasSize(19);
    assertThat(lanes).startsWith(1, 16_384, 0, 2048, 17, 0, 0, 0);
    assertThat(encode(codec, new float[3], 1, 200_000, 99, ALWAYS_UP))
        .as("examples and loss have limits")
        .startsWith(1, 65_536, 0, 65_536, 100_000);
    assertThat(encode(codec, new float[3], 1, 1, -5, ALWAYS_UP))
        .as("a negative loss is none")
        .startsWith(1, 65_536, 0, 0, 1);
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN", "Infinity, Infinity", "-Infinity, -Infinity", "1.00001, 1.0000"})
  void refuses_values_beyond_the_bound(float value, String shown) {
    FixedPointCodec codec = FixedPointCodec.forCohort(1, 10);

    assertThatThrownBy(() -> encode(codec, new float[] {0, value}, 1, 1, 0, ALWAYS_UP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("update element 1 is " + shown)
        .hasMessageEndingWith(", must be within the clip bound ±1.0; clip before encoding");
  }

  @Test
  void refuses_weights_examples_and_losses_out_of_range() {
    FixedPointCodec codec = FixedPointCodec.forCohort(1, 10);
    float[] update = new float[1];

    for (double weight : new double[] {0, -1, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> encode(codec, update, weight, 1, 0, ALWAYS_UP))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("weight is " + weight + ", must be in (0, 1]");
    }
    assertThatThrownBy(() -> encode(codec, update, 1, -1, 0, ALWAYS_UP))
        .hasMessage("examples are -1, must be 0 or more");
    assertThatThrownBy(() -> encode(codec, update, 1, 1, Double.NaN, ALWAYS_UP))
        .hasMessage("loss is NaN, must be finite");
  }

  @Test
  void refuses_formats_that_can_not_be() {
    for (double clipNorm : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e7}) {
      assertThatThrownBy(() -> FixedPointCodec.forCohort(clipNorm, 10))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("clip norm is " + clipNorm + ", must be above 0 and at most 1000000");
    }
    for (int clients : new int[] {0, -1, 20_001}) {
      assertThatThrownBy(() -> FixedPointCodec.forCohort(1, clients))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("clients per sum are " + clients + ", must be 1 to 20000");
    }
  }

  @Test
  void refuses_a_sum_whose_header_no_honest_clients_make() {
    FixedPointCodec codec = FixedPointCodec.forCohort(1, 10);

    assertThatThrownBy(() -> decode(codec, header(0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sum holds 0 clients, must be 1 to 10");
    assertThatThrownBy(() -> decode(codec, header(11, 11)))
        .hasMessage("sum holds 11 clients, must be 1 to 10");
    assertThatThrownBy(() -> decode(codec, header(-1, 11)))
        .hasMessage("sum holds -1 clients, must be 1 to 10");
    assertThatThrownBy(() -> decode(codec, header(2, 1)))
        .hasMessage("sum has weight lane 1, must be 2 to 131072 for 2 clients");
    assertThatThrownBy(() -> decode(codec, header(2, 131_073)))
        .hasMessage("sum has weight lane 131073, must be 2 to 131072 for 2 clients");
    assertThatThrownBy(() -> decode(codec, header(2, -1)))
        .hasMessage("sum has weight lane 4294967295, must be 2 to 131072 for 2 clients");
  }

  @Test
  void the_norm_does_not_overflow_with_its_squares() {
    assertThat(FixedPointCodec.l2Norm(new float[] {3, -4})).isEqualTo(5);
    assertThat(FixedPointCodec.l2Norm(new float[] {Float.MAX_VALUE, Float.MAX_VALUE})).isFinite();
    assertThat(FixedPointCodec.l2Norm(new float[] {Float.NaN})).isNaN();
  }

  @Test
  void the_wire_form_is_little_endian() {
    FixedPointCodec codec = FixedPointCodec.forCohort(1, 10);

    EncodedUpdate update = EncodedUpdate.owning(encode(codec, new float[2], 1, 258, 0, ALWAYS_UP));

    assertThat(update.payloadLanes()).isEqualTo(2);
    assertThat(update.toBytes()).hasSize(72).startsWith(1, 0, 0, 0, 0, 0, 1, 0);
    assertThat(update.toBytes()[16]).isEqualTo((byte) 2);
    assertThat(update.toBytes()[17]).isEqualTo((byte) 1);
  }

  private static int[] header(int clients, int weightLane) {
    int[] sum = new int[HEADER + 1];
    sum[0] = clients;
    sum[1] = weightLane;
    return sum;
  }

  private static float[] randomUpdate(SplitMix64 random, int size, double clipNorm) {
    float[] update = new float[size];
    for (int i = 0; i < size; i++) {
      update[i] = (float) random.nextGaussian();
    }
    double norm = FixedPointCodec.l2Norm(update);
    for (int i = 0; i < size; i++) {
      update[i] = (float) (update[i] * clipNorm / norm);
    }
    return update;
  }

  private static int[] encode(
      FixedPointCodec codec,
      float[] update,
      double weight,
      int examples,
      double loss,
      RoundingSource rounding) {
    int[] lanes = new int[HEADER + update.length];
    codec.encodeTo(lanes, update, weight, examples, loss, rounding);
    return lanes;
  }

  private static MeanUpdate decode(FixedPointCodec codec, int[] sum) {
    return codec.decode(sum, sum.length - HEADER);
  }

  private static void add(int[] sum, int[] lanes) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += lanes[i];
    }
  }
}
