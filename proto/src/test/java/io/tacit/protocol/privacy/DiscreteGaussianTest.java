package io.tacit.protocol.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.SplitMix64;
import io.tacit.testing.Seeds;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Seeds are fixed and shown, so that what passes once passes always. */
class DiscreteGaussianTest {

  /** In standard deviations of the statistic: by chance one in millions of correct samplers. */
  private static final double ALARM = 5;

  static LongStream seeds() {
    return Seeds.upTo(30);
  }

  @ParameterizedTest(name = "variance {0}, seed {1}")
  @CsvSource({
    "1, 1",
    "2, 2",
    "4, 3",
    "9, 4",
    "100, 5",
    "101, 6",
    "667489, 7",
    "1000000, 8",
    "16777215, 9",
    "16777216, 10"
  })
  void samples_have_the_distribution(long variance, long seed) {
    int draws = 1_000_000;
    int[] samples = new int[draws];
    DiscreteGaussian.ofVariance(variance, RandomBits.seeded(seed)).fill(samples);

    assertThat(chiSquareSigmas(samples, variance)).isBetween(-ALARM, ALARM);
    double mean = Arrays.stream(samples).average().orElseThrow();
    assertThat(mean).isCloseTo(0, within(ALARM * Math.sqrt((double) variance / draws)));
    double squares = Arrays.stream(samples).mapToDouble(x -> (double) x * x).sum() / draws;
    assertThat(squares / variance(variance)).isCloseTo(1, within(ALARM * Math.sqrt(2.0 / draws)));
    long odd = Arrays.stream(samples).filter(x -> (x & 1) != 0).count();
    double oddShare = oddShare(variance);
    assertThat((double) odd / draws)
        .as("last digits are as private as first ones")
        .isCloseTo(oddShare, within(ALARM * Math.sqrt(oddShare * (1 - oddShare) / draws)));
  }

  /** Values of the design, computed elsewhere. */
  @ParameterizedTest(name = "variance {0}, value {1}")
  @CsvSource({
    "1, 0, 0.398942278267",
    "1, 1, 0.241970723224",
    "1, -1, 0.241970723224",
    "4, 0, 0.199471140201",
    "4, 1, 0.176033",
    "4, -2, 0.120985362260"
  })
  void single_values_come_as_often_as_they_should(long variance, int value, double expected) {
    int draws = 500_000;
    int[] samples = new int[draws];
    DiscreteGaussian.ofVariance(variance, RandomBits.seeded(11)).fill(samples);

    double share = (double) Arrays.stream(samples).filter(x -> x == value).count() / draws;

    assertThat(share).isCloseTo(expected, within(ALARM * Math.sqrt(expected / draws)));
    assertThat(probability(value, variance)).isCloseTo(expected, within(1e-6));
  }

  /** The test of the test: a sampler that is a hundredth too wide is found out. */
  @Test
  void chi_square_finds_a_standard_deviation_that_is_one_percent_off() {
    int[] samples = new int[1_000_000];
    DiscreteGaussian.ofVariance(1_020_100, RandomBits.seeded(12)).fill(samples);

    assertThat(chiSquareSigmas(samples, 1_000_000)).isGreaterThan(ALARM);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void compares_a_uniform_number_with_a_fraction_exactly(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    for (int i = 0; i < 2_000; i++) {
      long d = 1 + (random.nextLong() >>> (15 + random.nextInt(48)));
      long n = random.nextInt(8) == 0 ? d : (long) (d * random.nextDouble());
      long stream = random.nextLong();
      // The same bits as one number of 4 · 13, which decides unless it is next to the fraction.
      RandomBits bits = RandomBits.seeded(stream);
      BigInteger uniform = BigInteger.ZERO;
      for (int k = 0; k < 4; k++) {
        uniform = uniform.shiftLeft(13).add(BigInteger.valueOf(bits.bits(13)));
      }
      BigInteger left = uniform.multiply(BigInteger.valueOf(d));
      BigInteger right = BigInteger.valueOf(n).shiftLeft(52);
      if (left.add(BigInteger.valueOf(d)).compareTo(right) <= 0 || left.compareTo(right) >= 0) {
        assertThat(DiscreteGaussian.below(RandomBits.seeded(stream), n, d))
            .as("%s of %s, bits %s", n, d, stream)
            .isEqualTo(left.compareTo(right) < 0);
      }
    }
  }

  /** Half of what 13 bits leave open is decided by the next 13, and so on. */
  @Test
  void compares_beyond_the_first_bits() {
    long d = (1L << 26) + 1;
    long n = d / 2;
    int agreed = 0;
    int draws = 4_000_000;
    RandomBits bits = RandomBits.seeded(13);
    for (int i = 0; i < draws; i++) {
      agreed += DiscreteGaussian.below(bits, n, d) ? 1 : 0;
    }

    assertThat((double) agreed / draws).isCloseTo(0.5, within(ALARM * 0.5 / Math.sqrt(draws)));
    assertThat(DiscreteGaussian.below(bits, 0, d)).isFalse();
    assertThat(DiscreteGaussian.below(bits, d, d)).isTrue();
  }

  @Test
  void adds_to_the_lanes_of_a_range_and_leaves_the_others() {
    int[] lanes = {7, 7, 7, 7, Integer.MAX_VALUE};
    DiscreteGaussian.ofVariance(1_000_000, RandomBits.seeded(14)).addTo(lanes, 1, 3);

    int[] expected = new int[2];
    DiscreteGaussian.ofVariance(1_000_000, RandomBits.seeded(14)).fill(expected);

    assertThat(lanes).containsExactly(7, 7 + expected[0], 7 + expected[1], 7, Integer.MAX_VALUE);
  }

  @Test
  void secure_bits_differ_each_time_and_seeded_ones_do_not() {
    int[] first = new int[64];
    int[] second = new int[64];
    SecureRandom random = new SecureRandom();
    DiscreteGaussian.ofVariance(1_000_000, RandomBits.secure(random)).fill(first);
    DiscreteGaussian.ofVariance(1_000_000, RandomBits.secure(random)).fill(second);
    assertThat(first).isNotEqualTo(second);

    DiscreteGaussian.ofVariance(1_000_000, RandomBits.seeded(15)).fill(first);
    DiscreteGaussian.ofVariance(1_000_000, RandomBits.seeded(15)).fill(second);
    assertThat(first).isEqualTo(second);
  }

  /** Over several refills; a stream that repeats or stands still would show. */
  @Test
  void secure_bits_are_fair() {
    RandomBits bits = RandomBits.secure(new SecureRandom());
    int draws = 100_000;
    long ones = 0;
    double sum = 0;
    for (int i = 0; i < draws; i++) {
      ones += Long.bitCount(bits.bits(61));
      sum += bits.nextUnit();
    }

    // Nobody fixed these bits: eight deviations, by chance once in 10^15 runs.
    assertThat(ones / (61.0 * draws)).isCloseTo(0.5, within(8 * 0.5 / Math.sqrt(61.0 * draws)));
    assertThat(sum / draws).isCloseTo(0.5, within(8 / Math.sqrt(12.0 * draws)));
    assertThat(bits).hasToString("RandomBits");
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "16777217"})
  void refuses_a_variance_out_of_range(long variance) {
    assertThatThrownBy(() -> DiscreteGaussian.ofVariance(variance, RandomBits.seeded(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "variance of the noise is "
                + variance
                + ", must be 1 to 16777216; scale the values to smaller integers");
  }

  /** Chi square against its expectation, in its standard deviations; values are binned. */
  private static double chiSquareSigmas(int[] samples, long variance) {
    int width = Math.max(1, (int) (Math.sqrt((double) variance) / 50));
    int bins = 2 * (int) (12 * Math.sqrt((double) variance) / width) + 3;
    long lowest = -(long) (bins / 2) * width - width / 2;
    double[] expected = new double[bins];
    long[] seen = new long[bins];
    for (int bin = 0; bin < bins; bin++) {
      for (int i = 0; i < width; i++) {
        expected[bin] += samples.length * probability(lowest + (long) bin * width + i, variance);
      }
    }
    for (int sample : samples) {
      seen[(int) ((sample - lowest) / width)]++;
    }
    double chiSquare = 0;
    double freedom = 0;
    double rareExpected = 0;
    double rareSeen = 0;
    for (int bin = 0; bin < bins; bin++) {
      if (expected[bin] < 10) {
        rareExpected += expected[bin];
        rareSeen += seen[bin];
      } else {
        chiSquare += (seen[bin] - expected[bin]) * (seen[bin] - expected[bin]) / expected[bin];
        freedom++;
      }
    }
    chiSquare += (rareSeen - rareExpected) * (rareSeen - rareExpected) / rareExpected;
    return (chiSquare - freedom) / Math.sqrt(2 * freedom);
  }

  private static double probability(long value, long variance) {
    return weight(value, variance) / total(variance);
  }

  private static double weight(long value, long variance) {
    return Math.exp(-(double) value * value / (2.0 * variance));
  }

  /** By Poisson's summation the weights of all integers; the next term is below 1e-34. */
  private static double total(long variance) {
    double root = Math.sqrt(2 * Math.PI * variance);
    return root * (1 + 2 * Math.exp(-2 * Math.PI * Math.PI * variance));
  }

  private static double variance(long parameter) {
    double sum = 0;
    for (long x = 1; x <= 40 * Math.sqrt((double) parameter); x++) {
      sum += 2 * (double) x * x * weight(x, parameter);
    }
    return sum / total(parameter);
  }

  private static double oddShare(long parameter) {
    double sum = 0;
    for (long x = 1; x <= 40 * Math.sqrt((double) parameter); x += 2) {
      sum += 2 * weight(x, parameter);
    }
    return sum / total(parameter);
  }
}
