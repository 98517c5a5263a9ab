package io.tacit.coordinator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.audit.AuditVerification.Broken;
import io.tacit.coordinator.audit.AuditVerification.HeadMissing;
import io.tacit.coordinator.audit.AuditVerification.Intact;
import io.tacit.coordinator.database.Database;
import io.tacit.protocol.ContentHash;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:15:30.123456789Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final Database database = Database.inMemory();
  private final AuditLog log = new AuditLog(database, CLOCK);

  @TempDir Path directory;

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void numbers_what_happened_and_gives_it_back() {
    AuditEntry first = log.append(event("plan shop"));
    AuditEntry second = log.append(event("plan süß 😀"));

    assertThat(first.number()).isEqualTo(1);
    assertThat(first.at()).isEqualTo(Instant.parse("2026-11-24T10:15:30.123Z"));
    assertThat(log.list(0, 10)).containsExactly(first, second);
    assertThat(log.list(1, 10)).containsExactly(second);
    assertThat(log.list(0, 1)).containsExactly(first);
    assertThat(log.verify(null)).isEqualTo(new Intact(2, second.hash()));
  }

  @Test
  void hashes_lines_as_the_decision_record_says() {
    // Known answer of a few lines of Python that follow docs/adr/0023.
    AuditEntry entry =
        AuditEntry.following(
            AuditEntry.BEFORE_THE_FIRST, 1, Instant.ofEpochMilli(1_764_000_000_123L), event("süß"));
    assertThat(entry.hash().toHex())
        .isEqualTo("86b2bd0efa6647ae420aab93c3d4fcf3352cec567ba5d6c637aec8820b936c3e");
  }

  @Test
  void an_empty_log_is_intact_and_has_a_head_to_keep() {
    assertThat(log.verify(null)).isEqualTo(new Intact(0, AuditEntry.BEFORE_THE_FIRST));
    log.append(event("a"));
    assertThat(log.verify(AuditEntry.BEFORE_THE_FIRST)).isInstanceOf(Intact.class);
  }

  @Test
  void cuts_what_is_too_long_and_shows_what_is_no_character() {
    String flood = "😀".repeat(2_000);
    AuditEvent event = new AuditEvent(flood, "a\nb", "\u001b[31m", "x" + flood, "\u202e\ud800", "");

    AuditEntry entry = log.append(event);

    assertThat(event.subject()).hasSize(256);
    assertThat(event.authentication()).isEqualTo("a?b");
    assertThat(event.remoteAddress()).isEqualTo("?[31m");
    assertThat(event.action()).hasSize(1023).endsWith("😀");
    assertThat(event.target()).isEqualTo("??");
    assertThat(log.list(0, 1)).containsExactly(entry);
    assertThat(log.verify(null)).isInstanceOf(Intact.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "subject = 'someone else'",
        "authentication = 'oidc'",
        "remote_address = '10.0.0.1'",
        "action = 'GET /'",
        "target = target || ' '",
        "outcome = '200'",
        "happened_at = happened_at + interval '1' second",
        "hash = '" + "ab" + "'",
        // Fields must not flow into each other.
        "subject = 'ad', authentication = 'mintest'",
      })
  void finds_a_line_that_was_altered(String change) {
    fill(5);
    tamper("update audit_entry set " + change + " where number = 3");

    assertThat(log.verify(null))
        .isEqualTo(
            new Broken(3, "line 3 does not follow the line before it: one of them was altered"));
  }

  @Test
  void finds_a_line_that_was_altered_together_with_its_hash() {
    fill(5);
    AuditEntry second = log.list(1, 1).get(0);
    AuditEntry forged = AuditEntry.following(second.hash(), 3, NOW, event("forged"));
    tamper(
        "update audit_entry set target = 'forged', happened_at = ?, hash = ? where number = 3",
        forged.at().truncatedTo(ChronoUnit.MILLIS),
        forged.hash().toHex());

    assertThat(log.verify(null)).extracting("number").isEqualTo(4L);
  }

  @Test
  void finds_a_line_that_was_removed() {
    fill(5);
    tamper("delete from audit_entry where number = 3");
    assertThat(log.verify(null)).isEqualTo(new Broken(3, "line 3 is missing"));

    tamper("update audit_entry set number = number - 1 where number > 3");
    assertThat(log.verify(null)).extracting("number").isEqualTo(3L);
  }

  @Test
  void finds_that_the_beginning_was_removed() {
    fill(3);
    tamper("delete from audit_entry where number = 1");
    assertThat(log.verify(null)).isEqualTo(new Broken(1, "line 1 is missing"));
  }

  @Test
  void finds_lines_that_changed_places() {
    fill(5);
    tamper("update audit_entry set number = -2 where number = 2");
    tamper("update audit_entry set number = 2 where number = 3");
    tamper("update audit_entry set number = 3 where number = -2");

    assertThat(log.verify(null)).extracting("number").isEqualTo(2L);
  }

  @Test
  void finds_a_cut_tail_by_a_head_that_was_kept_and_only_by_it() {
    fill(5);
    ContentHash kept = log.list(4, 1).get(0).hash();
    log.append(event("later"));
    assertThat(log.verify(kept)).isInstanceOf(Intact.class);

    tamper("delete from audit_entry where number > 3");

    ContentHash third = log.list(2, 1).get(0).hash();
    assertThat(log.verify(null)).isEqualTo(new Intact(3, third));
    assertThat(log.verify(kept)).isEqualTo(new HeadMissing(3, third));
    fill(5);
    assertThat(log.verify(kept)).isInstanceOf(HeadMissing.class);
  }

  @Test
  void checks_more_lines_than_it_reads_at_a_time() {
    fill(2 * AuditLog.LIST_MAX);
    assertThat(log.verify(null)).extracting("entries").isEqualTo(2L * AuditLog.LIST_MAX);
    tamper("update audit_entry set outcome = '200' where number = " + (AuditLog.LIST_MAX + 1));
    assertThat(log.verify(null)).extracting("number").isEqualTo(AuditLog.LIST_MAX + 1L);
  }

  @Test
  void takes_turns_with_others_that_write_the_same_log() {
    AuditLog other = new AuditLog(database, CLOCK);
    IntStream.range(0, 40)
        .parallel()
        .forEach(i -> (i % 2 == 0 ? log : other).append(event("plan " + i)));

    List<Long> numbers = log.list(0, 100).stream().map(AuditEntry::number).toList();
    assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, 40).boxed().toList());
    assertThat(log.verify(null)).isInstanceOf(Intact.class);
  }

  @Test
  void finds_every_line_again_after_the_process_was_halted() throws Exception {
    Path file = directory.resolve("tacit");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AppendsAndHalts.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(AppendsAndHalts.EXIT_CODE);

    try (Database kept = Database.openFile(file)) {
      assertThat(new AuditLog(kept, CLOCK).verify(null)).extracting("entries").isEqualTo(5L);
    }
  }

  /** A child process: five lines, then as good as kill -9. */
  static final class AppendsAndHalts {

    static final int EXIT_CODE = 42;

    private AppendsAndHalts() {}

    public static void main(String[] arguments) {
      AuditLog log = new AuditLog(Database.openFile(Path.of(arguments[0])), CLOCK);
      for (int i = 0; i < 5; i++) {
        log.append(event("plan " + i));
      }
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  private void fill(int lines) {
    for (int i = 0; i < lines; i++) {
      log.append(event("plan " + i));
    }
  }

  private void tamper(String sql, Object... parameters) {
    database.doInTransaction(transaction -> transaction.update(sql, parameters));
  }

  private static AuditEvent event(String target) {
    return new AuditEvent("admin", "test", "127.0.0.1", "POST /api/v1/plans", target, "201");
  }
}
