package io.tacit.protocol.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.PlanId;
import io.tacit.testing.Seeds;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReleaseShareTest {

  private static final PlanId SHOP = new PlanId("shop");
  private static final PlanId NEWS = new PlanId("news");

  static LongStream seeds() {
    return Seeds.upTo(10);
  }

  private static ClientId device(Random random) {
    byte[] id = new byte[ClientId.LENGTH];
    random.nextBytes(id);
    return ClientId.fromBytes(id);
  }

  /**
   * The smallest share that has the device, found without assuming that larger ones have it too.
   */
  private static int firstParts(PlanId plan, ClientId device) {
    for (int parts = 1; parts <= ReleaseShare.PARTS; parts++) {
      if (new ReleaseShare(parts).includes(plan, device)) {
        return parts;
      }
    }
    throw new AssertionError(device + " is in no share of plan " + plan);
  }

  /** Found by Python's hashlib from the bytes that {@code Transcript} documents. */
  @ParameterizedTest
  @CsvSource({
    "shop, 0000000000000000000000000000000000000000000000000000000000000000, 4809",
    "shop, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, 4125",
    "shop, ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, 8932",
    "news, 0000000000000000000000000000000000000000000000000000000000000000, 9940",
    "news, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, 2850",
    "news, ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, 2663"
  })
  void known_devices_are_in_known_shares(String plan, String device, int parts) {
    assertThat(firstParts(new PlanId(plan), ClientId.fromHex(device))).isEqualTo(parts);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void a_larger_share_has_all_devices_of_a_smaller_one(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 10; i++) {
      ClientId device = device(random);
      for (int parts = firstParts(SHOP, device); parts <= ReleaseShare.PARTS; parts++) {
        assertThat(new ReleaseShare(parts).includes(SHOP, device))
            .as("%s in %d parts", device, parts)
            .isTrue();
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void devices_are_spread_evenly(long seed) {
    int devices = 20_000;
    int bins = 20;
    Random random = new Random(seed);
    int[] within = new int[bins];
    for (int i = 0; i < devices; i++) {
      ClientId device = device(random);
      int bin = 0;
      while (!new ReleaseShare((bin + 1) * ReleaseShare.PARTS / bins).includes(SHOP, device)) {
        bin++;
      }
      within[bin]++;
    }
    double expected = (double) devices / bins;
    double chiSquare = 0;
    for (int count : within) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    // Of 19 degrees of freedom: above 80 in one of a billion.
    assertThat(chiSquare).isLessThan(80);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void not_the_same_devices_are_first_in_every_plan(long seed) {
    int devices = 10_000;
    Random random = new Random(seed);
    ReleaseShare half = new ReleaseShare(ReleaseShare.PARTS / 2);
    int inBoth = 0;
    for (int i = 0; i < devices; i++) {
      ClientId device = device(random);
      if (half.includes(SHOP, device) && half.includes(NEWS, device)) {
        inBoth++;
      }
    }
    // A quarter, give or take six standard deviations.
    assertThat(inBoth).isCloseTo(devices / 4, Offset.offset(260));
  }

  @Test
  void all_are_all_and_say_so() {
    ReleaseShare tenth = new ReleaseShare(1_000);

    assertThat(ReleaseShare.ALL.isAll()).isTrue();
    assertThat(ReleaseShare.ALL.fraction()).isEqualTo(1);
    assertThat(ReleaseShare.ALL).hasToString("1").isEqualTo(new ReleaseShare(10_000));
    assertThat(tenth.isAll()).isFalse();
    assertThat(tenth.fraction()).isEqualTo(0.1);
    assertThat(tenth).hasToString("0.1");
    assertThat(new ReleaseShare(1)).hasToString("0.0001");
  }

  @Test
  void there_is_no_share_of_nobody_and_none_above_all() {
    assertThatThrownBy(() -> new ReleaseShare(0))
        .hasMessage("release has a share of 0 parts, must be 1 to 10000 parts of 10000");
    assertThatThrownBy(() -> new ReleaseShare(10_001))
        .hasMessage("release has a share of 10001 parts, must be 1 to 10000 parts of 10000");
    assertThatThrownBy(() -> new ReleaseShare(-1))
        .hasMessage("release has a share of 4294967295 parts, must be 1 to 10000 parts of 10000");
  }
}
