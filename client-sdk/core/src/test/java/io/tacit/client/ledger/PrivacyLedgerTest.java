package io.tacit.client.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.storage.Charge;
import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.privacy.RdpAccountant;
import io.tacit.testing.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyLedgerTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123Z");
  private static final Charge NOISE = new Charge(4, 2, 1e-6);

  @TempDir Path directory;

  private DeviceStorage storage;

  @BeforeEach
  void open() throws IOException {
    storage = DeviceStorage.open(directory);
  }

  private static RoundId round(long number) {
    return new RoundId(new PlanId("news"), number);
  }

  private static LedgerEntry entry(long round) {
    return LedgerEntry.leaving(
        NOW,
        round(round),
        3,
        LedgerEntry.Protection.PLAIN,
        9_988,
        0.5,
        64,
        Charge.WITHOUT_NOISE,
        0.5,
        false);
  }

  private static LedgerEntry noisy(long round) {
    return LedgerEntry.leaving(
        NOW, round(round), 3, LedgerEntry.Protection.SECURE, 9_988, 0.5, 64, NOISE, 0.51, true);
  }

  /** As a round does it: first the latch with the cost, then the entry. */
  private void take(PrivacyLedger ledger, LedgerEntry entry, Charge charge) throws IOException {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    assertThat(
            new RoundLatch(storage, clock)
                .spend(entry.roundId(), charge, entry.bytes(), null, () -> true))
        .isTrue();
    ledger.leaving(entry);
  }

  @Test
  void an_entry_is_on_disk_before_its_update_leaves() throws IOException {
    PrivacyLedger.open(storage).leaving(entry(1));

    assertThat(PrivacyLedger.open(storage).entries()).containsExactly(entry(1));
    assertThat(entry(1).text())
        .isEqualTo(
            "An update of 9,988 bytes for round 1 of news was about to leave in the clear, as this"
                + " app's development policy allows; it may have arrived.");
  }

  @Test
  void says_what_became_of_an_update_and_lists_the_latest_first() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.open(storage);
    ledger.leaving(entry(1));
    ledger.leaving(entry(2));
    ledger.ended(round(1), LedgerEntry.Result.CONTRIBUTED);
    ledger.ended(round(2), LedgerEntry.Result.NOT_USED);
    ledger.ended(round(3), LedgerEntry.Result.CONTRIBUTED);

    assertThat(PrivacyLedger.open(storage).entries())
        .containsExactly(
            entry(2).with(LedgerEntry.Result.NOT_USED, Receipt.NONE),
            entry(1).with(LedgerEntry.Result.CONTRIBUTED, Receipt.NONE));
  }

  @Test
  void keeps_with_an_update_whether_the_record_of_its_round_was_verified() throws IOException {
    ContentHash record = ContentHash.of(new byte[] {7});
    PrivacyLedger ledger = PrivacyLedger.open(storage);
    ledger.leaving(noisy(4));
    ledger.ended(
        round(4), LedgerEntry.Result.CONTRIBUTED, Receipt.of(60, Receipt.Record.VERIFIED, record));

    LedgerEntry entry = PrivacyLedger.open(storage).entries().get(0);
    assertThat(entry.receipt().contributors()).isEqualTo(60);
    assertThat(entry.receipt().recordHash()).contains(record.toHex());
    assertThat(entry.text())
        .isEqualTo(
            "An update of 9,988 bytes for round 4 of news left masked, so that only the sum over"
                + " all of its session is seen, with those of 63 other devices; it is in the sum"
                + " that made the new model. Noise hides it and its report: 4.00 times what both"
                + " can change in the model, 2.00 times in what the coordinator sees. The record of"
                + " the round says what this device saw. Its report says how well the model that"
                + " the round began with did on this device.");
    assertThat(entry.metrics()).isTrue();
    assertThat(entry(4).text()).doesNotContain("how well");
  }

  @Test
  void reads_lines_from_before_there_were_records_of_rounds() throws IOException {
    storage.write(
        "ledger",
        "1795521600123\tnews\t3\t1\tPLAIN\t9988\t0.5\t64\tCONTRIBUTED"
            .getBytes(StandardCharsets.UTF_8));

    assertThat(PrivacyLedger.open(storage).entries())
        .containsExactly(entry(1).with(LedgerEntry.Result.CONTRIBUTED, Receipt.NONE));
  }

  @Test
  void reads_lines_from_before_there_was_noise_as_without_it() throws IOException {
    String hash = ContentHash.of(new byte[] {7}).toHex();
    storage.write(
        "ledger",
        ("1795521600123\tnews\t3\t1\tPLAIN\t9988\t0.5\t64\tCONTRIBUTED\t60\tVERIFIED\t" + hash)
            .getBytes(StandardCharsets.UTF_8));

    LedgerEntry entry = PrivacyLedger.open(storage).entries().get(0);
    assertThat(entry.receipt().recordHash()).contains(hash);
    assertThat(entry.noiseMultiplier()).isZero();
    assertThat(entry.sensitivity()).isEqualTo(0.5);
    // Lines of three versions stand beside each other.
    PrivacyLedger ledger = PrivacyLedger.open(storage);
    ledger.leaving(noisy(2));
    assertThat(PrivacyLedger.open(storage).entries()).containsExactly(noisy(2), entry);
  }

  @Test
  void reads_lines_from_before_there_were_metrics_as_without_them() throws IOException {
    String line = noisy(4).toLine();
    storage.write(
        "ledger", line.substring(0, line.lastIndexOf('\t')).getBytes(StandardCharsets.UTF_8));

    LedgerEntry entry = PrivacyLedger.open(storage).entries().get(0);
    assertThat(entry.metrics()).isFalse();
    assertThat(entry.noiseMultiplier()).isEqualTo(4);
    assertThat(entry.sensitivity()).isEqualTo(0.51);
  }

  @Test
  void keeps_the_latest_thousand() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.open(storage);
    for (int round = 1; round <= PrivacyLedger.ENTRIES_MAX + 2; round++) {
      ledger.leaving(entry(round));
    }

    assertThat(ledger.entries())
        .hasSize(PrivacyLedger.ENTRIES_MAX)
        .first()
        .isEqualTo(entry(PrivacyLedger.ENTRIES_MAX + 2));
    assertThat(ledger.entries()).last().isEqualTo(entry(3));
  }

  @Test
  void a_damaged_ledger_is_an_error_and_not_an_empty_one() throws IOException {
    storage.write("ledger", "what is this".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> PrivacyLedger.open(storage))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("is not a ledger: ledger line has 1 fields, must be 17");
  }

  // ---- what all of them together cost ----

  @Test
  void what_an_update_cost_stays_counted_when_it_is_no_longer_listed() throws IOException {
    take(PrivacyLedger.open(storage), entry(1), Charge.WITHOUT_NOISE);
    storage.write(
        "ledger",
        LongStream.rangeClosed(1, PrivacyLedger.ENTRIES_MAX)
            .mapToObj(round -> (round == 1 ? entry(1) : noisy(round)).toLine())
            .collect(Collectors.joining("\n"))
            .getBytes(StandardCharsets.UTF_8));
    new RoundLatch(storage).spend(round(PrivacyLedger.ENTRIES_MAX), NOISE, 12, null, () -> true);
    assertThat(PrivacyLedger.open(storage).read().entries()).contains(entry(1));
    take(PrivacyLedger.open(storage), noisy(PrivacyLedger.ENTRIES_MAX + 1), NOISE);

    Ledger read = PrivacyLedger.open(storage).read();
    assertThat(read.entries()).hasSize(PrivacyLedger.ENTRIES_MAX).doesNotContain(entry(1));
    assertThat(read.totals().participations()).isEqualTo(3);
    assertThat(read.totals().bytes()).isEqualTo(9_988 + 12 + 9_988);
    assertThat(read.totals().epsilonModels()).isInfinite();
    assertThat(read.totals().modelsUnboundedSince()).contains(LocalDate.parse("2026-11-24"));
    assertThat(read.exportText())
        .startsWith(
            "This device has taken part 3 times.\nAgainst whoever sees the models: unbounded since"
                + " 2026-11-24, as an update left without noise against them.\nAgainst the"
                + " coordinator: unbounded since 2026-11-24, ");
  }

  @Test
  void an_older_ledger_that_is_put_back_lists_less_and_counts_no_less() throws IOException {
    take(PrivacyLedger.open(storage), noisy(1), NOISE);
    byte[] before = Files.readAllBytes(storage.file("ledger"));
    take(PrivacyLedger.open(storage), noisy(2), NOISE);
    PrivacyTotals totals = PrivacyLedger.open(storage).read().totals();
    Files.write(storage.file("ledger"), before);

    Ledger read = PrivacyLedger.open(storage).read();
    assertThat(read.entries()).containsExactly(noisy(1));
    assertThat(read.totals()).hasToString(totals.toString());
    assertThat(read.totals().participations()).isEqualTo(2);

    Files.delete(storage.file("ledger"));
    assertThat(PrivacyLedger.open(storage).read().totals()).hasToString(totals.toString());
  }

  @Test
  void an_older_count_that_is_put_back_is_told_by_the_entries_and_nothing_is_read()
      throws IOException {
    take(PrivacyLedger.open(storage), noisy(1), NOISE);
    Path count = storage.file("round-news");
    byte[] before = Files.readAllBytes(count);
    take(PrivacyLedger.open(storage), noisy(2), NOISE);

    for (byte[] old : new byte[][] {before, null}) {
      Files.delete(count);
      if (old != null) {
        Files.write(count, old);
      }
      PrivacyLedger ledger = PrivacyLedger.open(storage);
      assertThatThrownBy(ledger::read)
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("round-news is older than what was written last");
      assertThatThrownBy(ledger::requireCounted).isInstanceOf(CorruptFileException.class);
    }
  }

  @Test
  void a_death_between_count_and_entry_counts_one_that_is_not_listed() throws IOException {
    take(PrivacyLedger.open(storage), noisy(1), NOISE);
    new RoundLatch(storage).spend(round(2), NOISE, 9_988, null, () -> true);

    Ledger read = PrivacyLedger.open(storage).read();
    assertThat(read.entries()).containsExactly(noisy(1));
    assertThat(read.totals().participations()).isEqualTo(2);
  }

  /** Programs of an app's users read it: members may be added, none may change. */
  @Test
  void the_export_for_programs_has_a_stable_form() throws IOException {
    PrivacyLedger ledger = PrivacyLedger.open(storage);
    ContentHash record = ContentHash.of(new byte[] {7});
    take(ledger, noisy(1), NOISE);
    ledger.ended(
        round(1), LedgerEntry.Result.CONTRIBUTED, Receipt.of(60, Receipt.Record.VERIFIED, record));

    String json = ledger.read().exportJson();
    assertThat(json)
        .startsWith(
            "{\"format\":\"tacit-ledger/1\",\"totals\":{\"participations\":1,\"bytes\":9988,"
                + "\"delta\":1.0E-6,\"epsilonModels\":"
                + epsilon(4)
                + ",\"epsilonCoordinator\":"
                + epsilon(2)
                + ",\"modelsUnboundedSince\":null,\"coordinatorUnboundedSince\":null,"
                + "\"assumptions\":[\"The unit is this device, ")
        .endsWith(
            "\"]},\"entries\":[{\"at\":\"2026-11-24T12:00:00.123Z\",\"plan\":\"news\","
                + "\"planVersion\":3,\"round\":1,\"protection\":\"SECURE\",\"bytes\":9988,"
                + "\"clipNorm\":0.5,\"rosterSize\":64,\"result\":\"CONTRIBUTED\","
                + "\"contributors\":60,\"record\":\"VERIFIED\",\"recordHash\":\""
                + record.toHex()
                + "\",\"noiseMultiplier\":4.0,\"sessionNoiseMultiplier\":2.0,"
                + "\"delta\":1.0E-6,\"sensitivity\":0.51,\"metrics\":true}]}");
    String empty =
        PrivacyLedger.open(DeviceStorage.open(directory.resolve("other"))).read().exportJson();
    assertThat(empty)
        .contains("\"participations\":0,\"bytes\":0,\"delta\":0.0,\"epsilonModels\":0.0,")
        .endsWith("\"entries\":[]}");
  }

  private static double epsilon(double noiseMultiplier) {
    return RdpAccountant.EMPTY.plus(noiseMultiplier, 1, 1).bound(1e-6, 1).epsilon();
  }

  @Test
  @Tag(Fuzz.TAG)
  void damaged_lines_are_an_entry_or_a_reason() {
    byte[] line =
        entry(1)
            .with(LedgerEntry.Result.CONTRIBUTED, Receipt.NONE)
            .toLine()
            .getBytes(StandardCharsets.UTF_8);
    Fuzz.of(line)
        .refusedWith(
            IllegalArgumentException.class, NumberFormatException.class, DateTimeException.class)
        .feed(input -> LedgerEntry.fromLine(new String(input, StandardCharsets.UTF_8)));
  }
}
