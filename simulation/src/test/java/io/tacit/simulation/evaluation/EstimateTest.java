package io.tacit.simulation.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EstimateTest {

  @Test
  void has_the_mean_and_its_standard_error() {
    Estimate estimate = Estimate.of(2, 4, 4, 4, 5, 5, 7, 9); // squares about the mean sum to 32

    assertThat(estimate.mean()).isEqualTo(5);
    assertThat(estimate.standardError()).isCloseTo(Math.sqrt(32 / 7.0 / 8), within(1e-12));
    assertThat(estimate).hasToString("5.000 +- 0.756");
  }

  @Test
  void refuses_a_single_value() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Estimate.of(1))
        .withMessage("a standard error needs at least 2 values, there are 1");
  }

  @Test
  void chance_is_ten_in_a_hundred() {
    assertThat(ChanceLevel.sampled().hitRate()).isCloseTo(0.1, within(1e-12));
    assertThat(ChanceLevel.sampled().ndcg()).isCloseTo(0.045435, within(1e-6));
    assertThat(ChanceLevel.among(4).hitRate()).isEqualTo(1);
  }
}
