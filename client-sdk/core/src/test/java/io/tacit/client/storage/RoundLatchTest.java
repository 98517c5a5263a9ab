package io.tacit.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundLatchTest {

  private static final PlanId PLAN =
      new PlanId("a-plan-with-a-name-of-sixty-four-characters-".concat("x".repeat(20)));

  @TempDir Path directory;

  /** As another process would find it. */
  private RoundLatch reopened() throws IOException {
    return new RoundLatch(DeviceStorage.open(directory));
  }

  private static RoundId round(long number) {
    return new RoundId(PLAN, number);
  }

  @Test
  void spends_each_round_once_over_restarts() throws IOException {
    assertThat(reopened().isOpen(round(3))).isTrue();
    assertThat(reopened().spend(round(3))).isTrue();

    assertThat(reopened().isOpen(round(3))).isFalse();
    assertThat(reopened().spend(round(3))).isFalse();
  }

  @Test
  void never_goes_back_to_an_earlier_round() throws IOException {
    reopened().spend(round(3));

    assertThat(reopened().spend(round(2))).isFalse();
    assertThat(reopened().spend(round(4))).isTrue();
    assertThat(reopened().spend(round(3))).isFalse();
  }

  @Test
  void plans_do_not_share_rounds() throws IOException {
    reopened().spend(round(3));

    assertThat(reopened().spend(new RoundId(new PlanId("other"), 1))).isTrue();
  }

  @Test
  void remembers_the_highest_version_of_a_plan_beside_its_rounds() throws IOException {
    assertThat(reopened().planVersionSeen(PLAN)).isZero();
    assertThat(reopened().see(PLAN, 2)).isTrue();
    reopened().spend(round(1));

    assertThat(reopened().see(PLAN, 1)).isFalse();
    assertThat(reopened().see(PLAN, 2)).isTrue();
    assertThat(reopened().planVersionSeen(PLAN)).isEqualTo(2);
    assertThat(reopened().isOpen(round(1))).isFalse();
  }

  @Test
  void remembers_the_highest_release_beside_rounds_and_versions() throws IOException {
    assertThat(reopened().releaseSeen(PLAN)).isZero();
    reopened().see(PLAN, 7);
    assertThat(reopened().seeRelease(PLAN, 2)).isTrue();
    reopened().spend(round(1));

    assertThat(reopened().seeRelease(PLAN, 1)).isFalse();
    assertThat(reopened().seeRelease(PLAN, 2)).isTrue();
    assertThat(reopened().releaseSeen(PLAN)).isEqualTo(2);
    assertThat(reopened().planVersionSeen(PLAN)).isEqualTo(7);
  }

  @Test
  void reads_what_was_latched_before_plans_ended_and_were_released() throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);
    byte[] roundAndVersion = {0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 5};
    storage.write("round-" + PLAN, roundAndVersion);
    assertThat(reopened().isOpen(round(3))).isFalse();
    assertThat(reopened().planVersionSeen(PLAN)).isEqualTo(5);

    storage.write("round-" + PLAN, Arrays.copyOf(roundAndVersion, 16));
    assertThat(reopened().planVersionSeen(PLAN)).isEqualTo(5);
    assertThat(reopened().seeRelease(PLAN, 1)).isTrue();
    assertThat(reopened().isOpen(round(3))).isFalse();
  }

  @Test
  void a_damaged_latch_is_an_error_and_not_a_fresh_start() throws IOException {
    reopened().spend(round(3));
    Path file = DeviceStorage.open(directory).file("round-" + PLAN);
    Files.write(file, new byte[] {1, 2, 3});

    assertThatThrownBy(() -> reopened().spend(round(4))).isInstanceOf(CorruptFileException.class);
    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
  }
}
