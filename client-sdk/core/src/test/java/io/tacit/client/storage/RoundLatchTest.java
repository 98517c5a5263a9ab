package io.tacit.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
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

  private boolean spend(RoundId round) throws IOException {
    return reopened().spend(round, Charge.WITHOUT_NOISE, 100, null, () -> true);
  }

  private static RoundId round(long number) {
    return new RoundId(PLAN, number);
  }

  @Test
  void spends_each_round_once_over_restarts() throws IOException {
    assertThat(reopened().isOpen(round(3))).isTrue();
    assertThat(spend(round(3))).isTrue();

    assertThat(reopened().isOpen(round(3))).isFalse();
    assertThat(spend(round(3))).isFalse();
  }

  @Test
  void never_goes_back_to_an_earlier_round() throws IOException {
    spend(round(3));

    assertThat(spend(round(2))).isFalse();
    assertThat(spend(round(4))).isTrue();
    assertThat(spend(round(3))).isFalse();
  }

  @Test
  void plans_do_not_share_rounds() throws IOException {
    spend(round(3));

    assertThat(spend(new RoundId(new PlanId("other"), 1))).isTrue();
  }

  @Test
  void remembers_the_highest_version_of_a_plan_beside_its_rounds() throws IOException {
    assertThat(reopened().planVersionSeen(PLAN)).isZero();
    assertThat(reopened().see(PLAN, 2)).isTrue();
    spend(round(1));

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
    spend(round(1));

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

  // ---- what participations cost ----

  private static final Charge CHARGE = new Charge(4, 2, 1e-6);

  private boolean spend(long number, Charge charge) throws IOException {
    return reopened().spend(round(number), charge, 100, null, () -> true);
  }

  private RoundLatch at(String time) throws IOException {
    return new RoundLatch(
        DeviceStorage.open(directory), Clock.fixed(Instant.parse(time), ZoneOffset.UTC));
  }

  @Test
  void counts_what_participations_cost_over_restarts_and_plans() throws IOException {
    at("2026-11-24T23:59:59Z").spend(round(1), CHARGE, 100, null, () -> true);
    at("2026-11-26T00:00:00Z").spend(round(4), CHARGE, 40, null, () -> true);
    at("2026-11-27T00:00:00Z").spend(round(5), Charge.WITHOUT_NOISE, 7, null, () -> true);
    RoundId other = new RoundId(new PlanId("other"), 1);
    at("2026-11-28T00:00:00Z").spend(other, CHARGE, 1, null, () -> true);
    reopened().see(PLAN, 9);

    long day = LocalDate.parse("2026-11-24").toEpochDay();
    assertThat(reopened().participations(PLAN)).isEqualTo(3);
    assertThat(reopened().participations(other.plan())).isEqualTo(1);
    assertThat(reopened().spent())
        .containsExactlyInAnyOrder(
            new Spending(CHARGE, 2, 140, day),
            new Spending(Charge.WITHOUT_NOISE, 1, 7, day + 3),
            new Spending(CHARGE, 1, 1, day + 4));
  }

  @Test
  void a_round_that_may_not_be_spent_costs_nothing() throws IOException {
    spend(3, CHARGE);

    assertThat(spend(3, CHARGE)).isFalse();
    assertThat(reopened().spend(round(4), CHARGE, 100, null, () -> false)).isFalse();
    assertThat(reopened().isOpen(round(4))).isTrue();
    assertThat(reopened().participations(PLAN)).isEqualTo(1);
  }

  @Test
  void rounds_from_before_participations_were_counted_cost_as_if_all_were_taken_part_in()
      throws IOException {
    byte[] third = {0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 5};
    for (int bytes : new int[] {12, 16, 20}) {
      DeviceStorage.open(directory).write("round-" + PLAN, Arrays.copyOf(third, bytes));
      assertThat(reopened().spent()).containsExactly(new Spending(Charge.WITHOUT_NOISE, 3, 0, 0));
    }

    spend(7, CHARGE);
    assertThat(reopened().participations(PLAN)).isEqualTo(4);
    assertThat(reopened().planVersionSeen(PLAN)).isEqualTo(5);
  }

  @Test
  void a_plan_that_changes_its_noise_with_each_version_loses_no_participation() throws IOException {
    for (int round = 1; round <= Spending.KINDS_MAX + 6; round++) {
      spend(round, new Charge(round == 66 ? 1 : 100 + round, round, 1e-6 / round));
    }

    List<Spending> spent = reopened().spent();
    assertThat(reopened().participations(PLAN)).isEqualTo(Spending.KINDS_MAX + 6);
    assertThat(spent).hasSize(Spending.KINDS_MAX);
    // What there was no room for is counted at the least noise of all that.
    assertThat(spent.get(Spending.KINDS_MAX - 1).charge()).isEqualTo(new Charge(1, 64, 1e-6 / 70));
    assertThat(spent.get(Spending.KINDS_MAX - 1).participations()).isEqualTo(7);
    assertThat(spent.get(Spending.KINDS_MAX - 1).bytes()).isEqualTo(700);
  }

  @Test
  void a_count_that_is_none_is_an_error_and_not_zero() throws IOException {
    spend(3, CHARGE);
    DeviceStorage storage = DeviceStorage.open(directory);
    byte[] record = storage.read("round-" + PLAN, 1 << 12).orElseThrow();
    byte[] noParticipation = record.clone();
    Arrays.fill(noParticipation, 20 + 24, 20 + 32, (byte) 0);
    storage.write("round-" + PLAN, noParticipation);
    assertThatThrownBy(() -> reopened().spent())
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("has no count of participations: 0 participations");
    assertThatThrownBy(() -> spend(4, CHARGE)).isInstanceOf(CorruptFileException.class);

    byte[] negativeNoise = record.clone();
    negativeNoise[20] |= (byte) 0x80;
    storage.write("round-" + PLAN, negativeNoise);
    assertThatThrownBy(() -> reopened().spent())
        .hasMessageContaining("noise multipliers are -4.0 and 2.0 at delta 1.0E-6, must be");

    storage.write("round-" + PLAN, Arrays.copyOf(record, record.length - 1));
    assertThatThrownBy(() -> reopened().spent()).hasMessageContaining("holds 67 bytes, must hold");
  }

  // ---- what was reported on ----

  private static ContentHash model(int number) {
    return ContentHash.of(new byte[] {(byte) number, (byte) (number >> 8)});
  }

  private boolean report(long number, ContentHash model) throws IOException {
    return reopened().spend(round(number), CHARGE, 100, model, () -> true);
  }

  @Test
  void a_model_is_reported_on_once_over_restarts_and_rounds() throws IOException {
    assertThat(reopened().mayReport(PLAN, model(1))).isTrue();
    assertThat(report(1, model(1))).isTrue();

    assertThat(reopened().mayReport(PLAN, model(1))).isFalse();
    assertThat(reopened().mayReport(PLAN, model(2))).isTrue();
    assertThat(report(2, model(1))).isFalse();
    assertThat(reopened().isOpen(round(2))).as("nothing was spent").isTrue();
    assertThat(reopened().participations(PLAN)).isEqualTo(1);
    assertThat(report(2, model(2))).isTrue();
    assertThat(reopened().mayReport(PLAN, model(1))).isFalse();
  }

  @Test
  void what_was_reported_on_outlives_all_else_that_is_written() throws IOException {
    report(1, model(1));
    reopened().see(PLAN, 3);
    reopened().seeRelease(PLAN, 2);
    spend(2, new Charge(3, 1, 1e-6));
    reopened().hasEnded(PLAN, 3, Instant.EPOCH);

    assertThat(reopened().mayReport(PLAN, model(1))).isFalse();
    assertThat(reopened().participations(PLAN)).isEqualTo(2);
    assertThat(reopened().spent()).hasSize(2);
    assertThat(reopened().planVersionSeen(PLAN)).isEqualTo(3);
    assertThat(reopened().releaseSeen(PLAN)).isEqualTo(2);
    assertThat(reopened().isOpen(round(2))).isFalse();
  }

  @Test
  void plans_do_not_share_reports() throws IOException {
    report(1, model(1));

    assertThat(reopened().mayReport(new PlanId("other"), model(1))).isTrue();
  }

  @Test
  void a_round_that_may_not_be_spent_reports_nothing() throws IOException {
    assertThat(reopened().spend(round(1), CHARGE, 100, model(1), () -> false)).isFalse();
    report(4, model(2));
    assertThat(report(4, model(1))).isFalse();

    assertThat(reopened().mayReport(PLAN, model(1))).isTrue();
  }

  @Test
  void a_latch_without_reports_keeps_the_bytes_that_it_had() throws IOException {
    spend(3, CHARGE);

    assertThat(record()).hasSize(20 + 48);
    report(4, model(1));
    assertThat(record()).hasSize(20 + 48 + 8 + 4);
    assertThat(reopened().participations(PLAN)).isEqualTo(2);
  }

  private byte[] record() throws IOException {
    return DeviceStorage.open(directory).read("round-" + PLAN, 1 << 14).orElseThrow();
  }

  /** To forget one would let a coordinator push it out and ask again. */
  @Test
  void a_device_that_has_made_very_many_reports_makes_no_more_and_forgets_none()
      throws IOException {
    for (int i = 1; i <= RoundLatch.REPORTS_MAX; i++) {
      report(i, model(i));
    }

    assertThat(reopened().mayReport(PLAN, model(5_000))).isFalse();
    assertThat(report(5_000, model(5_000))).isFalse();
    assertThat(reopened().mayReport(PLAN, model(1))).isFalse();
    assertThat(spend(5_000, CHARGE)).as("it takes part all the same").isTrue();
    assertThat(reopened().participations(PLAN)).isEqualTo(RoundLatch.REPORTS_MAX + 1);
  }

  @Test
  void reports_that_are_none_are_an_error_and_not_forgotten() throws IOException {
    report(1, model(1));
    report(2, model(2));
    byte[] record = record();
    byte[] moreThanThere = record.clone();
    moreThanThere[record.length - 1] = 3;
    byte[] none = record.clone();
    none[record.length - 1] = 0;
    byte[] negative = record.clone();
    negative[record.length - 4] = -1;
    byte[] cut = Arrays.copyOf(record, record.length - 8);
    byte[] withoutCount = Arrays.copyOf(record, record.length - 4);
    for (byte[] damaged : List.of(moreThanThere, none, negative, cut, withoutCount)) {
      DeviceStorage.open(directory).write("round-" + PLAN, damaged);
      assertThatThrownBy(() -> reopened().mayReport(PLAN, model(3)))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining(" bytes, must hold 20 and what was spent");
      assertThatThrownBy(() -> spend(3, CHARGE)).isInstanceOf(CorruptFileException.class);
    }
  }

  @Test
  void a_damaged_latch_is_an_error_and_not_a_fresh_start() throws IOException {
    spend(round(3));
    Path file = DeviceStorage.open(directory).file("round-" + PLAN);
    Files.write(file, new byte[] {1, 2, 3});

    assertThatThrownBy(() -> spend(round(4))).isInstanceOf(CorruptFileException.class);
    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
  }

  /** The checksum of nothing is zero, which is what a disk gives that lost what was written. */
  @Test
  void a_latch_with_nothing_in_it_is_an_error_though_its_checksum_is_right() throws IOException {
    spend(round(3));
    DeviceStorage.open(directory).write("round-" + PLAN, new byte[0]);

    assertThatThrownBy(() -> spend(round(4)))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("holds 0 bytes, must hold 20");
  }
}
