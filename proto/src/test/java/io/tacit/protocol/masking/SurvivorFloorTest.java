package io.tacit.protocol.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurvivorFloorTest {

  @ParameterizedTest
  @CsvSource({
    "0, 10, 7",
    "0, 128, 86",
    "67, 10, 7", // 6.7
    "67, 12, 9", // 8.04, and the threshold is 9
    "90, 10, 9",
    "90, 11, 10", // 9.9
    "90, 12, 11", // 10.8
    "90, 64, 58", // 57.6
    "90, 128, 116", // 115.2
    "75, 128, 96", // exactly
    "100, 10, 10",
    "100, 128, 128",
  })
  void a_share_of_the_roster_is_rounded_up_to_whole_devices(int percent, int members, int floor) {
    assertThat(new SurvivorFloor(percent).of(members)).isEqualTo(floor);
  }

  @Test
  void no_share_is_below_the_threshold_or_above_the_roster() {
    for (int members = 1; members <= MemberSet.ROSTER_SIZE_MAX; members++) {
      int threshold = SessionTranscript.threshold(members);
      assertThat(SurvivorFloor.THRESHOLD.of(members)).isEqualTo(threshold);
      int before = threshold;
      for (int percent = SurvivorFloor.PERCENT_MIN; percent <= 100; percent++) {
        int floor = new SurvivorFloor(percent).of(members);
        assertThat(floor).as("%d%% of %d", percent, members).isBetween(before, members);
        assertThat(100 * floor).isGreaterThanOrEqualTo(percent * members);
        before = floor;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 66, 101})
  void refuses_a_share_that_says_nothing_or_that_nobody_can_reach(int percent) {
    assertThatThrownBy(() -> new SurvivorFloor(percent))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "share of a roster that must be in its sum is "
                + percent
                + " percent, must be 67 to 100, or 0 for the two thirds that secure aggregation"
                + " takes in any case; with 90 a tenth may vanish");
  }
}
