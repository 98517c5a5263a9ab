package io.tacit.simulation.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.simulation.evaluation.Estimate;
import java.util.List;
import org.junit.jupiter.api.Test;

class QualityRowTest {

  @Test
  void tells_the_error_over_users_from_that_over_seeds() {
    QualityRow.Figure figure =
        QualityRow.Figure.of(List.of(new Estimate(0.5, 0.03, 10), new Estimate(0.7, 0.04, 10)));

    assertThat(figure.mean()).isCloseTo(0.6, within(1e-12));
    assertThat(figure.errorOverUsers())
        .as("root of the mean square")
        .isCloseTo(Math.sqrt((0.0009 + 0.0016) / 2), within(1e-12));
    assertThat(figure.errorOverSeeds().orElseThrow()).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void one_seed_says_nothing_of_seeds() {
    assertThat(QualityRow.Figure.of(List.of(new Estimate(0.5, 0.03, 10))).errorOverSeeds())
        .isEmpty();
  }
}
