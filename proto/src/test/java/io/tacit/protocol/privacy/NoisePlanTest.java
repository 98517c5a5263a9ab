package io.tacit.protocol.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.masking.SurvivorFloor;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.privacy.HonestShare.Dishonest;
import io.tacit.testing.Seeds;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NoisePlanTest {

  static LongStream seeds() {
    return Seeds.upTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 10, 1, TENTH, 6", // t = 7
    "32, 32, 1, TENTH, 19", // t = 22
    "100, 100, 1, TENTH, 57", // t = 67
    "128, 128, 7, TENTH, 518", // t = 86
    "100, 100, 1, THRESHOLD, 34",
    "32, 32, 1, THRESHOLD, 11",
    "10, 128, 3, THRESHOLD, 12",
    "39, 39, 1, TENTH, 24",
    "39, 40, 1, TENTH, 23", // a shard of 40 has fewer than one of 39
  })
  void counts_on_those_who_surely_remain_and_are_honest(
      int minimum, int size, int shards, Dishonest dishonest, int total) {
    assertThat(new HonestShare(minimum, size, shards, dishonest).total()).isEqualTo(total);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 10, 1, TENTH, 90, 8", // 9 remain
    "128, 128, 1, TENTH, 90, 104", // 116
    "128, 128, 7, TENTH, 90, 728",
    "128, 128, 1, THRESHOLD, 90, 73", // 43 of the 116 may collude
    "128, 128, 1, TENTH, 100, 116",
    "32, 64, 1, TENTH, 90, 26", // 29 of 32
    "39, 40, 1, TENTH, 90, 32", // 36 of 40, and of 39 no fewer
  })
  void counts_on_more_where_more_of_a_roster_must_remain(
      int minimum, int size, int shards, Dishonest dishonest, int percent, int total) {
    assertThat(
            new HonestShare(minimum, size, shards, dishonest, new SurvivorFloor(percent)).total())
        .isEqualTo(total);
  }

  @Test
  void each_device_adds_less_noise_where_more_of_a_roster_must_remain() {
    NoisePlan two = over128(SurvivorFloor.THRESHOLD);
    NoisePlan nine = over128(new SurvivorFloor(90));

    assertThat(whole(two)).isCloseTo(Math.sqrt(128.0 / 74), within(1e-3));
    assertThat(whole(nine)).isCloseTo(Math.sqrt(128.0 / 104), within(1e-3));
    assertThat(nine.noiseMultiplier()).isGreaterThanOrEqualTo(1).isCloseTo(1, within(1e-3));
  }

  private static NoisePlan over128(SurvivorFloor survivors) {
    HonestShare honest = new HonestShare(128, 128, 1, Dishonest.TENTH, survivors);
    return NoisePlan.distributed(1, 1, 3_000, honest, 128);
  }

  /** The multiplier of a sum in which everybody is, and has added noise. */
  private static double whole(NoisePlan plan) {
    return Math.sqrt((double) plan.variance() * 128 / plan.boundSquared());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noise_is_never_below_what_was_asked_for_and_sums_never_wrap_around(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    double z = Math.exp(-2 + 4 * random.nextDouble());
    double clip = Math.exp(-5 + 10 * random.nextDouble());
    int parameters = 1 + random.nextInt(1 << (1 + random.nextInt(17)));
    HonestShare honest = honest(random);
    int clients = 128 + random.nextInt(19_000);

    NoisePlan plan = NoisePlan.distributed(z, clip, parameters, honest, clients);

    assertThat(plan.noiseMultiplier()).isGreaterThanOrEqualTo(z).isCloseTo(z, within(0.04 * z));
    assertThat(plan.variance() * (double) honest.total())
        .isGreaterThanOrEqualTo(z * z * plan.boundSquared() * (1 - 1e-12));
    assertThat(plan.shardNoiseMultiplier())
        .isCloseTo(
            plan.noiseMultiplier() / Math.sqrt(honest.shardsMinimum()),
            within(1e-9 * plan.noiseMultiplier()));
    double sigma = Math.sqrt((double) plan.variance());
    assertThat(sigma).isBetween(4.0, 4096.0);
    double steps = plan.scale() * clip;
    assertThat(clients * (Math.ceil(steps) + 1) + 10 * sigma * Math.sqrt(clients))
        .isLessThan(0x1p31);
    assertThat(plan.sensitivity()).isGreaterThanOrEqualTo(clip);
    assertThat((double) plan.boundSquared())
        .isLessThanOrEqualTo(
            Math.min(
                    Math.pow(steps + Math.sqrt(parameters), 2),
                    steps * steps + parameters / 4.0 + steps + Math.sqrt(parameters) / 2)
                + 1);
  }

  @ParameterizedTest
  @CsvSource({"1, 3000, 1000", "1, 100000, 1000", "16, 100000, 4000", "0.5, 1000000, 1000"})
  void noise_is_about_1000_steps_or_4000_where_rounding_would_count(
      double z, int parameters, double sigma) {
    NoisePlan plan =
        NoisePlan.distributed(z, 1, parameters, new HonestShare(64, 64, 1, Dishonest.TENTH), 128);

    assertThat(Math.sqrt((double) plan.variance())).isCloseTo(sigma, within(0.01 * sigma));
    assertThat(plan.sensitivity()).isBetween(1.0, 1.05);
  }

  @Test
  void a_trusted_coordinator_adds_all_the_noise_at_once() {
    NoisePlan plan = NoisePlan.central(1, 2, 3_000, 896);

    assertThat(plan.isCentral()).isTrue();
    assertThat(plan.honest()).isEqualTo(1);
    assertThat(plan.noiseMultiplier()).isCloseTo(1, within(1e-3)).isGreaterThanOrEqualTo(1);
    assertThat(plan.shardNoiseMultiplier()).isZero();
    assertThat(plan.clipNorm()).isEqualTo(2);
    assertThat(plan).asString().startsWith("NoisePlan[z 1.0");
  }

  @Test
  void refuses_numbers_that_do_not_go_together() {
    HonestShare honest = new HonestShare(10, 10, 1, Dishonest.TENTH);

    assertThatThrownBy(() -> NoisePlan.distributed(200, 1, 1_000_000, honest, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "noise multiplier is 200.0, must be at most 19\\.5\\d+ for 1000000 parameters and the"
                + " noise of 6 devices; lower it, let more shards complete, or take a smaller"
                + " model");
    assertThat(NoisePlan.distributed(19.5, 1, 1_000_000, honest, 128).noiseMultiplier())
        .isGreaterThanOrEqualTo(19.5);
    assertThatThrownBy(() -> NoisePlan.central(1e-5, 1, 10, 20_000))
        .hasMessageMatching(
            "noise of one addition has a standard deviation of 1\\.\\d+ steps, must be at least 4;"
                + " raise the noise multiplier of 1.0E-5 or lower the 20000 clients per sum");
  }

  @Test
  void refuses_what_is_out_of_range() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> NoisePlan.central(bad, 1, 1, 1))
          .hasMessage(
              "noise multiplier is "
                  + bad
                  + ", must be above 0 and at most 1000000; 0.5 to 8 are usual");
      assertThatThrownBy(() -> NoisePlan.central(1, bad, 1, 1))
          .hasMessage("clip norm is " + bad + ", must be above 0 and at most 1000000; 1 is usual");
    }
    assertThatThrownBy(() -> NoisePlan.central(1, 1, 0, 1))
        .hasMessage("parameters are 0, must be 1 to 16777216; take a smaller model");
    assertThatThrownBy(() -> NoisePlan.central(1, 1, 1, 20_001))
        .hasMessage("clients per sum are 20001, must be 1 to 20000; take a smaller cohort");
    assertThatThrownBy(() -> new HonestShare(9, 64, 1, Dishonest.TENTH))
        .hasMessage(
            "devices in the smallest shard are 9, must be 10 to the 64 of the largest; lower it or"
                + " raise that");
    assertThatThrownBy(() -> new HonestShare(65, 64, 1, Dishonest.TENTH))
        .hasMessageStartingWith("devices in the smallest shard are 65");
    assertThatThrownBy(() -> new HonestShare(10, 129, 1, Dishonest.TENTH))
        .hasMessage("devices in the largest shard are 129, must be 10 to 128; 32 or 64 are usual");
    assertThatThrownBy(() -> new HonestShare(10, 64, 0, Dishonest.TENTH))
        .hasMessage(
            "shards that must complete are 0, must be 1 to 2000; with 1 a model counts on the noise"
                + " of one shard");
  }

  private static HonestShare honest(SplitMix64 random) {
    int minimum = 10 + random.nextInt(119);
    int size = minimum + random.nextInt(129 - minimum);
    return new HonestShare(
        minimum,
        size,
        1 + random.nextInt(10),
        random.nextInt(2) == 0 ? Dishonest.TENTH : Dishonest.THRESHOLD,
        new SurvivorFloor(
            random.nextInt(2) == 0 ? 0 : SurvivorFloor.PERCENT_MIN + random.nextInt(34)));
  }
}
