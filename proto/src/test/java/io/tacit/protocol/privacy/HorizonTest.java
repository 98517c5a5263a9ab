package io.tacit.protocol.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.SplitMix64;
import io.tacit.testing.Seeds;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HorizonTest {

  static LongStream seeds() {
    return Seeds.upTo(20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void finds_the_least_noise_that_keeps_a_target(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    long rounds = 1L + random.nextInt(300);
    Horizon horizon =
        random.nextInt(4) == 0
            ? new Horizon(rounds, rounds, 0.01 + 0.2 * random.nextDouble())
            : Horizon.capped(rounds, 1 + random.nextInt((int) rounds));
    double target = 0.3 + 8 * random.nextDouble();

    double noise = horizon.noiseMultiplierFor(target, 1e-6, 100_000);

    assertThat(horizon.seenFromModels(noise).bound(1e-6, 100_000).epsilon())
        .isLessThanOrEqualTo(target)
        .isCloseTo(target, within(1e-6 * target));
  }

  @Test
  void finds_the_published_noise_of_epsilon_1() {
    assertThat(Horizon.capped(1, 1).noiseMultiplierFor(1, 1e-6, 1000))
        .isCloseTo(4.530877117, within(1e-6 * 4.53));
  }

  @Test
  void counts_participations_and_not_rounds_where_no_coin_decides() {
    Horizon horizon = Horizon.capped(125, 5);

    assertThat(horizon.seenFromModels(2).bound(1e-5, 10).epsilon())
        .isEqualTo(RdpAccountant.EMPTY.plus(2, 1, 5).bound(1e-5, 10).epsilon());
  }

  @Test
  void a_coin_helps_against_the_models_only() {
    Horizon horizon = new Horizon(1000, 1000, 0.01);

    assertThat(horizon.seenFromModels(1).bound(1e-5, 10).epsilon())
        .isCloseTo(2.101366525, within(1e-6));
    assertThat(horizon.seenWithRosters(1).bound(1e-5, 10).epsilon())
        .isEqualTo(RdpAccountant.EMPTY.plus(1, 1, 1000).bound(1e-5, 10).epsilon());
  }

  @Test
  void refuses_what_can_not_be() {
    assertThatThrownBy(() -> Horizon.capped(0, 1))
        .hasMessage("rounds are 0, must be 1 to 100000000; 100 to 1000 are usual");
    assertThatThrownBy(() -> Horizon.capped(10, 11))
        .hasMessage("participations of one device are 11, must be 1 to the 10 rounds; 5 are usual");
    assertThatThrownBy(() -> Horizon.capped(10, 0))
        .hasMessageStartingWith("participations of one device are 0, must be 1 to");
    assertThatThrownBy(() -> new Horizon(10, 10, 0))
        .hasMessageStartingWith("sampling rate is 0.0, must be above 0 and at most 1");
    assertThatThrownBy(() -> new Horizon(10, 5, 0.5))
        .hasMessage(
            "participations of one device are 5, must be all 10 rounds with a sampling rate of"
                + " 0.5; raise the cap, or set the sampling rate to 1");
  }

  @Test
  void refuses_targets_that_no_noise_reaches() {
    Horizon horizon = Horizon.capped(5, 5);

    for (double epsilon : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> horizon.noiseMultiplierFor(epsilon, 1e-5, 10))
          .hasMessage("epsilon is " + epsilon + ", must be above 0 and finite; 1 to 8 are usual");
    }
    assertThatThrownBy(() -> horizon.noiseMultiplierFor(1e-4, 1e-9, 10))
        .hasMessageStartingWith("epsilon is 1.0E-4, must be above 0.0")
        .hasMessageEndingWith(" for 5 participations; raise it, or lower the cap");
    assertThatThrownBy(() -> horizon.noiseMultiplierFor(1, 1e-5, 100_000))
        .hasMessageStartingWith("delta is 1.0E-5, must be above 0 and below 1/users");
    assertThat(horizon.noiseMultiplierFor(1e9, 1e-5, 10))
        .as("with so much allowed, the least noise that plans have")
        .isEqualTo(0.01);
  }
}
