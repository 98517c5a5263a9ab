package io.tacit.protocol.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class SampledGaussianTest {

  @ParameterizedTest
  @CsvFileSource(resources = "/vectors/rdp-values.csv")
  void gives_the_divergences_of_the_reference(
      double rate, double noiseMultiplier, int uses, double order, double expected) {
    assertThat(uses * SampledGaussian.divergence(noiseMultiplier, rate, order))
        .isCloseTo(expected, within(1e-6 * expected));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/vectors/erfc.csv")
  void knows_the_complementary_error_function_far_into_its_tail(double x, double expected) {
    assertThat(SampledGaussian.logErfc(x)).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
  }

  @Test
  void costs_nothing_without_taking_part_and_everything_without_noise() {
    assertThat(SampledGaussian.divergence(1, 0, 2)).isZero();
    assertThat(SampledGaussian.divergence(0, 0.5, 2)).isInfinite();
    assertThat(SampledGaussian.divergence(1e9, 1e-9, 1.1)).isBetween(0.0, 1e-12);
  }

  /** The series at a fractional order must not jump against the sum at its whole neighbours. */
  @Test
  void fractional_orders_lie_between_the_whole_ones() {
    for (double rate : new double[] {0.001, 0.1, 0.7}) {
      for (double noise : new double[] {0.6, 1, 4}) {
        for (int order = 2; order < 12; order++) {
          assertThat(SampledGaussian.divergence(noise, rate, order + 0.5))
              .as("rate %s, noise %s, order %s", rate, noise, order + 0.5)
              .isBetween(
                  SampledGaussian.divergence(noise, rate, order),
                  SampledGaussian.divergence(noise, rate, order + 1));
        }
      }
    }
  }
}
