package io.tacit.protocol.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.SplitMix64;
import io.tacit.testing.Seeds;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RdpAccountantTest {

  private static final int USERS = 1000;

  static LongStream seeds() {
    return Seeds.upTo(40);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/vectors/rdp-accountant.csv")
  void gives_the_epsilons_of_the_reference(
      double noise,
      double rate,
      long rounds,
      double delta,
      double epsilon,
      @Nullable Double order) {
    PrivacyBound bound = RdpAccountant.EMPTY.plus(noise, rate, rounds).bound(delta, USERS);

    assertThat(bound.epsilon()).isCloseTo(epsilon, within(1e-6 * epsilon));
    assertThat(bound.delta()).isEqualTo(delta);
    if (order != null) {
      assertThat(bound.order()).isEqualTo(order);
    }
  }

  /** Opacus signs the binomials at fractional orders; this and dp_accounting bound them. */
  @Test
  void is_close_to_opacus_and_never_below_it() {
    double opacus = 7.32911117143;

    assertThat(RdpAccountant.EMPTY.plus(1.5, 0.04, 2250).bound(1e-5, USERS).epsilon())
        .isBetween(opacus, opacus + 3e-4);
  }

  /** Google's test of the conversion: 1.1 at the orders 2 to 32. */
  @Test
  void converts_a_constant_divergence_as_the_reference_does() {
    double least = Double.POSITIVE_INFINITY;
    for (int order = 2; order <= 32; order++) {
      least = Math.min(least, RdpAccountant.epsilon(order, 1.1, 1e-5));
    }

    assertThat(least).isCloseTo(1.32783806176, within(1e-6));
    assertThat(RdpAccountant.epsilon(32, 1.1, 1e-5)).isEqualTo(least);
  }

  /** Exact: Balle and Wang 2018, with noise 1 at delta 1e-5; noise for epsilon 1 at 1e-6. */
  @Test
  void is_above_the_exact_loss_of_one_gaussian() {
    assertThat(RdpAccountant.EMPTY.plus(1, 1, 1).bound(1e-5, USERS).epsilon())
        .isGreaterThan(4.377178095681);
    assertThat(RdpAccountant.EMPTY.plus(4.224678889, 1, 1).bound(1e-6, USERS).epsilon())
        .isGreaterThan(1);
    assertThat(RdpAccountant.EMPTY.plus(0.600229072, 1, 1).bound(1e-5, USERS).epsilon())
        .isGreaterThan(8);
  }

  @Test
  void uses_156_orders() {
    double[] orders = RdpAccountant.ordersUsed();

    assertThat(orders).hasSize(156).startsWith(1.1, 1.2).endsWith(63, 128, 256, 512, 1024);
    assertThat(orders[98]).isEqualTo(10.9);
    assertThat(orders[99]).isEqualTo(11);
    assertThat(Arrays.stream(orders).sorted().toArray()).isEqualTo(orders);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void epsilon_grows_with_rounds_and_rate_and_falls_with_noise(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    double noise = 0.5 + 4 * random.nextDouble();
    double rate = random.nextInt(4) == 0 ? 1 : 0.001 + 0.5 * random.nextDouble();
    long rounds = 1L + random.nextInt(500);
    double delta = Math.pow(10, -4 - random.nextInt(5));

    double epsilon = epsilon(noise, rate, rounds, delta);

    assertThat(epsilon(noise, rate, rounds + 1 + random.nextInt(50), delta)).isGreaterThan(epsilon);
    assertThat(epsilon(noise * (1.01 + random.nextDouble()), rate, rounds, delta))
        .isLessThan(epsilon);
    assertThat(epsilon(noise, rate, rounds, delta / 10)).isGreaterThan(epsilon);
    if (rate < 1) {
      assertThat(epsilon(noise, Math.min(1, rate * (1.01 + random.nextDouble())), rounds, delta))
          .isGreaterThan(epsilon);
      assertThat(epsilon(noise, 1, rounds, delta)).isGreaterThan(epsilon);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void composes_in_any_order_and_grouping(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    double a = 0.5 + 3 * random.nextDouble();
    double b = 0.5 + 3 * random.nextDouble();
    int first = random.nextInt(20);
    int second = 1 + random.nextInt(20);
    RdpAccountant before = RdpAccountant.EMPTY.plus(a, 1, first);

    double together = before.plus(a, 1, second).plus(b, 0.1, 3).bound(1e-5, USERS).epsilon();

    assertThat(
            RdpAccountant.EMPTY
                .plus(b, 0.1, 3)
                .plus(RdpAccountant.EMPTY.plus(a, 1, first + second))
                .bound(1e-5, USERS)
                .epsilon())
        .isCloseTo(together, within(1e-9 * together));
    assertThat(before.bound(1e-5, USERS).epsilon())
        .as("an accountant does not change")
        .isEqualTo(RdpAccountant.EMPTY.plus(a, 1, first).bound(1e-5, USERS).epsilon());
  }

  @Test
  void nothing_spent_is_nothing_and_no_noise_is_everything() {
    assertThat(RdpAccountant.EMPTY.bound(1e-5, USERS).epsilon()).isZero();
    assertThat(RdpAccountant.EMPTY.plus(0.1, 1, 0)).isSameAs(RdpAccountant.EMPTY);
    PrivacyBound bare = RdpAccountant.EMPTY.plus(0, 1, 1).bound(1e-5, USERS);
    assertThat(bare.epsilon()).isInfinite();
    assertThat(bare).hasToString("epsilon unbounded at delta 1.0E-5");
  }

  @Test
  void prints_epsilon_rounded_up() {
    assertThat(new PrivacyBound(4.001, 1e-6, 3)).hasToString("epsilon 4.01 at delta 1.0E-6");
  }

  @ParameterizedTest
  @CsvSource({"1e-3, 1000", "0.5, 2", "1, 1", "0, 10", "-1, 10", "NaN, 10", "1e-5, 100001"})
  void refuses_a_delta_that_could_publish_somebody_whole(double delta, long users) {
    assertThatThrownBy(() -> RdpAccountant.EMPTY.bound(delta, users))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "delta is "
                + delta
                + ", must be above 0 and below 1/users = "
                + 1.0 / users
                + " for "
                + users
                + " users; choose a tenth of that");
  }

  @Test
  void refuses_charges_that_can_not_be() {
    assertThatThrownBy(() -> RdpAccountant.EMPTY.plus(-0.1, 1, 1))
        .hasMessage(
            "noise multiplier is -0.1, must be 0 or more; 0 is no noise, and 0.5 to 8 are usual");
    assertThatThrownBy(() -> RdpAccountant.EMPTY.plus(Double.NaN, 1, 1))
        .hasMessageStartingWith("noise multiplier is NaN");
    for (double rate : new double[] {0, -1, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> RdpAccountant.EMPTY.plus(1, rate, 1))
          .hasMessage(
              "sampling rate is "
                  + rate
                  + ", must be above 0 and at most 1; use 1 unless each device tosses a secret"
                  + " coin");
    }
    assertThatThrownBy(() -> RdpAccountant.EMPTY.plus(1, 1, -1))
        .hasMessage("rounds are -1, must be 0 or more; spent privacy never comes back");
    assertThatThrownBy(() -> RdpAccountant.EMPTY.bound(1e-5, 0))
        .hasMessage("users are 0, must be 1 or more; say how many devices the population may have");
  }

  private static double epsilon(double noise, double rate, long rounds, double delta) {
    return RdpAccountant.EMPTY.plus(noise, rate, rounds).bound(delta, USERS).epsilon();
  }
}
