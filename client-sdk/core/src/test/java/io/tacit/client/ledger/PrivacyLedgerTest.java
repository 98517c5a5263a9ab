package io.tacit.client.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.testing.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyLedgerTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123Z");

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
    return LedgerEntry.leaving(NOW, round(round), 3, LedgerEntry.Protection.PLAIN, 9_988, 0.5, 64);
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
    ledger.leaving(
        LedgerEntry.leaving(NOW, round(4), 3, LedgerEntry.Protection.SECURE, 9_988, 0.5, 64));
    ledger.ended(
        round(4), LedgerEntry.Result.CONTRIBUTED, Receipt.of(60, Receipt.Record.VERIFIED, record));

    LedgerEntry entry = PrivacyLedger.open(storage).entries().get(0);
    assertThat(entry.receipt().contributors()).isEqualTo(60);
    assertThat(entry.receipt().recordHash()).contains(record.toHex());
    assertThat(entry.text())
        .isEqualTo(
            "An update of 9,988 bytes for round 4 of news left masked, so that only the sum over"
                + " all of its session is seen, with those of 63 other devices; it is part of the"
                + " new model. The record of the round says what this device saw.");
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
        .hasMessageContaining("is not a ledger: ledger line has 1 fields, must be 12");
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
