package io.tacit.protocol.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.privacy.HonestShare.Dishonest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivacyCostTest {

  /** The design's example: ten shards, ten participations, delta 1e-6. */
  @ParameterizedTest
  @CsvSource({"4, 4.01, 15.33", "8, 1.87, 6.74"})
  void says_what_models_and_what_shard_sums_tell(double z, double models, double coordinator) {
    NoisePlan plan =
        NoisePlan.distributed(z, 1, 3_000, new HonestShare(64, 64, 10, Dishonest.TENTH), 640);

    PrivacyCost cost = PrivacyCost.of(plan, Horizon.capped(1000, 10), 1e-6, 100_000);

    assertThat(cost.models().epsilon()).isCloseTo(models, within(0.006));
    assertThat(cost.coordinator().epsilon()).isCloseTo(coordinator, within(0.006));
  }

  @Test
  void both_are_equal_with_one_shard_and_no_coin() {
    NoisePlan plan =
        NoisePlan.distributed(2, 1, 100, new HonestShare(32, 64, 1, Dishonest.TENTH), 64);

    PrivacyCost cost = PrivacyCost.of(plan, Horizon.capped(100, 5), 1e-6, 1000);
    assertThat(cost.models()).isEqualTo(cost.coordinator());

    PrivacyCost sampled = PrivacyCost.of(plan, new Horizon(5, 5, 0.1), 1e-6, 1000);
    assertThat(sampled.models().epsilon()).isLessThan(cost.models().epsilon());
    assertThat(sampled.coordinator())
        .as("the coordinator sees who came")
        .isEqualTo(cost.coordinator());
    assertThat(sampled.assumptions()).anyMatch(line -> line.contains("secret coin of its own"));
  }

  @Test
  void against_a_trusted_coordinator_nothing_is_claimed() {
    PrivacyCost cost =
        PrivacyCost.of(NoisePlan.central(1, 1, 10, 64), Horizon.capped(1, 1), 1e-5, 1000);

    assertThat(cost.models().epsilon()).isCloseTo(4.7285, within(0.01));
    assertThat(cost.coordinator().epsilon()).isInfinite();
    assertThat(cost)
        .asString()
        .startsWith("Against whoever sees the models: epsilon 4.73 at delta 1.0E-5\n")
        .contains("Against the coordinator: epsilon unbounded at delta 1.0E-5\n")
        .contains("- The coordinator is trusted: it sees sums without noise");
  }

  @Test
  void prints_both_numbers_and_what_they_assume() {
    NoisePlan plan =
        NoisePlan.distributed(2, 1, 100, new HonestShare(32, 32, 4, Dishonest.TENTH), 128);

    PrivacyCost cost = PrivacyCost.of(plan, Horizon.capped(125, 5), 1e-6, 22_716);

    assertThat(cost.toString().split("\n"))
        .satisfies(lines -> assertThat(lines[0]).startsWith("Against whoever sees the models: "))
        .satisfies(lines -> assertThat(lines[1]).startsWith("Against the coordinator: "))
        .contains(
            "- A device takes part in at most 5 of 125 rounds and keeps that count itself.",
            "- At least 19 devices in the sum of a shard and 76 in a published model followed the"
                + " protocol and added their noise; fewer shards publish no model.",
            "- Nothing is claimed for being one of many who could have been chosen.",
            "- Delta is below 1/22716, one over the devices of the population.")
        .hasSize(2 + cost.assumptions().size());
  }

  @Test
  void refuses_a_cost_without_assumptions_and_a_delta_too_large() {
    PrivacyBound bound = new PrivacyBound(1, 1e-6, 2);

    assertThatThrownBy(() -> new PrivacyCost(bound, bound, List.of()))
        .hasMessageStartingWith("assumptions are empty, must be at least one line");
    assertThatThrownBy(
            () ->
                PrivacyCost.of(NoisePlan.central(1, 1, 10, 64), Horizon.capped(1, 1), 1e-4, 22_716))
        .hasMessageStartingWith("delta is 1.0E-4, must be above 0 and below 1/users");
  }
}
