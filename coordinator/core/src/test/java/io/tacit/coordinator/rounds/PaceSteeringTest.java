package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceSteeringTest {

  private static final Duration MIN = Duration.ofSeconds(2);

  private double chance = 0.5;

  private final PaceSteering pace = new PaceSteering(MIN, () -> chance);

  @Test
  void spreads_devices_over_the_usual_length_of_a_round() {
    chance = 0;
    assertThat(pace.comeBackAfter(0, 10)).isEqualTo(MIN);
    chance = 0.5;
    assertThat(pace.comeBackAfter(0, 10)).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void learns_how_long_rounds_take_without_forgetting_at_once() {
    pace.roundTook(Duration.ofSeconds(42));

    // A quarter of 42 s and three quarters of 2 s; half of that, after the minimum.
    assertThat(pace.comeBackAfter(0, 10)).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void a_crowd_is_sent_away_for_longer_in_proportion_to_its_size() {
    assertThat(pace.comeBackAfter(10, 10)).isEqualTo(Duration.ofSeconds(3));
    assertThat(pace.comeBackAfter(50, 10)).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void a_crowd_counts_for_ten_rounds_at_most() {
    assertThat(pace.comeBackAfter(100, 10)).isEqualTo(Duration.ofSeconds(12));
    assertThat(pace.comeBackAfter(1_000_000, 10)).isEqualTo(Duration.ofSeconds(12));
  }

  @Test
  void nobody_is_sent_away_for_more_than_a_day() {
    pace.roundTook(Duration.ofHours(24));
    chance = 0.999;

    assertThat(pace.comeBackAfter(1_000_000, 1)).isEqualTo(Duration.ofHours(24));
  }
}
