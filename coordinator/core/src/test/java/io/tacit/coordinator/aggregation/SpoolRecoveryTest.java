package io.tacit.coordinator.aggregation;

import static io.tacit.coordinator.aggregation.SampleRecords.append;
import static io.tacit.coordinator.aggregation.SampleRecords.contents;
import static io.tacit.coordinator.aggregation.SampleRecords.get;
import static io.tacit.coordinator.aggregation.SampleRecords.input;
import static io.tacit.coordinator.aggregation.SampleRecords.payload;
import static io.tacit.coordinator.aggregation.SampleRecords.ready;
import static io.tacit.coordinator.aggregation.SampleRecords.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ContentHash;
import io.tacit.testing.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log makes of files that a crash or a disk has changed. */
class SpoolRecoveryTest {

  private static final int RECORDS = 3;
  private static final int PAYLOAD_BYTES = 21;
  private static final int RECORD_BYTES = RecordHeader.BYTES + PAYLOAD_BYTES;

  @TempDir Path directory;

  /** Three acknowledged records, each a batch of its own. */
  private byte[] intact;

  @BeforeEach
  void writeRecords() throws Exception {
    try (SpoolUpdateLog log = open()) {
      SessionLog records = log.open(session(1));
      for (int i = 0; i < RECORDS; i++) {
        append(records, input(i), payload(i, PAYLOAD_BYTES));
      }
    }
    intact = Files.readAllBytes(logFile());
    assertThat(intact).hasSize((int) LogFile.START + RECORDS * RECORD_BYTES);
  }

  @Test
  void cuts_a_file_that_ends_anywhere_after_its_last_whole_record() throws Exception {
    for (int length = (int) LogFile.START; length <= intact.length; length++) {
      int whole = (length - (int) LogFile.START) / RECORD_BYTES;
      int torn = (length - (int) LogFile.START) % RECORD_BYTES;
      Files.write(logFile(), Arrays.copyOf(intact, length));

      try (SpoolUpdateLog log = open()) {
        SessionLog records = log.open(session(1));
        assertThat(records.recovery())
            .isEqualTo(new RecoveryReport(whole, (long) whole * PAYLOAD_BYTES, torn, 0));
        assertThat(log.statistics().bytesCut()).isEqualTo(torn);
        requireRecords(records, whole);
        append(records, input(99), payload(99, 5));
      }
      try (SpoolUpdateLog log = open()) {
        assertThat(contents(log.open(session(1)))).hasSize(whole + 1).containsKey(input(99));
      }
    }
  }

  @Test
  void reports_a_file_without_its_header() throws Exception {
    for (int length = 0; length < LogFile.START; length++) {
      Files.write(logFile(), Arrays.copyOf(intact, length));
      requireCorrupt(0, "no file header of version 1");
    }
    Files.delete(logFile());
    requireCorrupt(0, "the file is missing");
  }

  @Test
  void finds_a_flipped_bit_in_any_byte_and_cuts_only_within_the_last_batch() throws Exception {
    int lastRecord = intact.length - RECORD_BYTES;
    for (int at = 0; at < intact.length; at++) {
      byte[] damaged = intact.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      Files.write(logFile(), damaged);

      if (at >= lastRecord) {
        try (SpoolUpdateLog log = open()) {
          SessionLog records = log.open(session(1));
          assertThat(records.recovery().bytesCut()).isEqualTo(RECORD_BYTES);
          requireRecords(records, RECORDS - 1);
        }
      } else if (at >= LogFile.START) {
        long record = at - (at - LogFile.START) % RECORD_BYTES;
        requireCorrupt(
            record,
            "no intact record here, but one of a later batch at " + (record + RECORD_BYTES));
      } else {
        requireCorrupt(0, "no file header of version 1");
      }
      if (at < lastRecord) {
        assertThat(Files.readAllBytes(logFile())).isEqualTo(damaged);
      }
    }
  }

  @Test
  void cuts_a_torn_batch_even_if_its_later_pages_arrived() throws Exception {
    // A batch of three records of which the middle one did not reach the disk: none of the three
    // was acknowledged, since the fsync that covers them never returned.
    long mark = ByteBuffer.wrap(intact).getLong(16);
    ByteBuffer batch = ByteBuffer.allocate(3 * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 3; i++) {
      byte[] payload = payload(10 + i, PAYLOAD_BYTES);
      PendingRecord pending =
          PendingRecord.ofBytes(
              input(10 + i), ByteBuffer.wrap(payload), io.tacit.protocol.ContentHash.of(payload));
      new RecordHeader(
              new LogRecord(
                  pending.key,
                  intact.length + batch.position(),
                  pending.payloadBytes,
                  pending.sha256),
              intact.length,
              pending.payloadCrc)
          .put(batch, mark);
      batch.put(payload);
    }
    Arrays.fill(batch.array(), RECORD_BYTES, 2 * RECORD_BYTES, (byte) 0);
    Files.write(logFile(), batch.array(), StandardOpenOption.APPEND);

    try (SpoolUpdateLog log = open()) {
      SessionLog records = log.open(session(1));
      assertThat(records.recovery().bytesCut()).isEqualTo(2 * RECORD_BYTES);
      assertThat(contents(records).keySet())
          .containsExactly(input(0), input(1), input(2), input(10));
    }
  }

  @Test
  void cuts_zeros_and_noise_behind_the_last_record() throws Exception {
    for (byte[] tail : List.of(new byte[5_000], payload(7, 700_000))) {
      Files.write(logFile(), intact);
      Files.write(logFile(), tail, StandardOpenOption.APPEND);
      try (SpoolUpdateLog log = open()) {
        assertThat(log.open(session(1)).recovery().bytesCut()).isEqualTo(tail.length);
      }
      assertThat(Files.readAllBytes(logFile())).isEqualTo(intact);
    }
  }

  @Test
  void bytes_of_a_client_do_not_pass_for_a_record() throws Exception {
    // A payload that contains records of another log file, as a client that knows the format could
    // send: when it is torn, they must prove nothing.
    byte[] hostile = intact.clone();
    ByteBuffer.wrap(hostile)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong((int) LogFile.START + 8, 1L << 40);
    Path other = directory.resolve("other");
    try (SpoolUpdateLog log =
        new SpoolUpdateLog(other, SpoolLimits.generous(1_000_000), Clock.systemUTC())) {
      SessionLog records = log.open(session(1));
      append(records, input(1), hostile);
    }
    Path otherLog = other.resolve(session(1).toHex()).resolve("log");
    byte[] bytes = Files.readAllBytes(otherLog);
    Files.write(otherLog, Arrays.copyOf(bytes, bytes.length - 1));

    try (SpoolUpdateLog log =
        new SpoolUpdateLog(other, SpoolLimits.generous(1_000_000), Clock.systemUTC())) {
      assertThat(log.open(session(1)).recovery())
          .isEqualTo(new RecoveryReport(0, 0, RecordHeader.BYTES + hostile.length - 1, 0));
    }
  }

  @Test
  void reports_records_missing_that_a_checkpoint_covers() throws Exception {
    try (SpoolUpdateLog log = open()) {
      log.open(session(1)).checkpoint(new Checkpoint(new int[3], Set.of(), intact.length));
    }
    Files.write(logFile(), Arrays.copyOf(intact, intact.length - 1));

    requireCorrupt(
        intact.length - RECORD_BYTES,
        "the records end here, but the checkpoint covers " + intact.length);
  }

  @Test
  void a_damaged_checkpoint_counts_as_none() throws Exception {
    try (SpoolUpdateLog log = open()) {
      log.open(session(1))
          .checkpoint(new Checkpoint(new int[] {1, 2}, Set.of(input(1).client()), 32));
    }
    Path file = logFile().resolveSibling("checkpoint");
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      requireNoCheckpoint(file, damaged);
      requireNoCheckpoint(file, Arrays.copyOf(whole, at));
    }
    Files.write(file, whole);
    try (SpoolUpdateLog log = open()) {
      assertThat(log.open(session(1)).latestCheckpoint()).isPresent();
    }
  }

  private void requireNoCheckpoint(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try (SpoolUpdateLog log = open()) {
      SessionLog records = log.open(session(1));
      assertThat(records.latestCheckpoint()).isEmpty();
      assertThat(contents(records)).hasSize(RECORDS);
    }
  }

  @Test
  void a_read_reports_a_record_that_was_damaged_meanwhile() throws Exception {
    try (SpoolUpdateLog log = open()) {
      SessionLog records = log.open(session(1));
      byte[] damaged = intact.clone();
      damaged[damaged.length - 1] ^= 1;
      Files.write(logFile(), damaged);

      assertThatThrownBy(() -> contents(records))
          .isInstanceOf(CorruptLogException.class)
          .hasMessageContaining(
              logFile() + " is damaged at offset " + (intact.length - RECORD_BYTES));
    }
  }

  @Test
  void an_interrupted_reader_disturbs_nobody() throws Exception {
    try (SpoolUpdateLog log = open()) {
      SessionLog records = log.open(session(1));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> contents(records)).isInstanceOf(UpdateLogUnavailableException.class);
      assertThat(Thread.interrupted()).isTrue();

      assertThat(append(records, input(9), payload(9, 5))).isEqualTo(new Acceptance.Accepted());
      assertThat(contents(records)).hasSize(RECORDS + 1);
    }
  }

  @Test
  void large_batches_come_back_whole() throws Exception {
    Path large = directory.resolve("large");
    int count = 50;
    try (SpoolUpdateLog log =
        new SpoolUpdateLog(large, SpoolLimits.generous(1_000_000), Clock.systemUTC())) {
      SessionLog records = log.open(session(1));
      var answers =
          java.util.stream.IntStream.range(0, count)
              .mapToObj(i -> records.append(input(i), ByteBuffer.wrap(payload(i, 20_011 * i + 1))))
              .toList();
      for (var answer : answers) {
        assertThat(get(answer)).isEqualTo(new Acceptance.Accepted());
      }
    }
    try (SpoolUpdateLog log =
        new SpoolUpdateLog(large, SpoolLimits.generous(1_000_000), Clock.systemUTC())) {
      Map<RecordKey, byte[]> contents = contents(log.open(session(1)));
      for (int i = 0; i < count; i++) {
        assertThat(contents.get(input(i))).isEqualTo(payload(i, 20_011 * i + 1));
      }
    }
  }

  private void requireRecords(SessionLog records, int count) {
    Map<RecordKey, byte[]> contents = contents(records);
    assertThat(contents).hasSize(count);
    for (int i = 0; i < count; i++) {
      assertThat(contents.get(input(i))).isEqualTo(payload(i, PAYLOAD_BYTES));
    }
  }

  private void requireCorrupt(long offset, String what) {
    try (SpoolUpdateLog log = open()) {
      assertThatThrownBy(() -> log.open(session(1)))
          .isInstanceOfSatisfying(
              CorruptLogException.class, e -> assertThat(e.offset()).isEqualTo(offset))
          .hasMessage(
              logFile()
                  + " is damaged at offset "
                  + offset
                  + ": "
                  + what
                  + ". Acknowledged records are affected, so the session cannot be used; drop it.");
      assertThat(log.sessions()).containsExactly(session(1));
    }
  }

  private SpoolUpdateLog open() {
    return new SpoolUpdateLog(
        directory.resolve("spool"), SpoolLimits.generous(1_000), Clock.systemUTC());
  }

  private Path logFile() {
    return directory.resolve("spool").resolve(session(1).toHex()).resolve("log");
  }

  /** Each of its files in turn; what is read is what was written, if anything is. */
  @Test
  @Tag(Fuzz.TAG)
  void no_damaged_file_brings_anything_but_a_report_or_a_part_of_the_truth() throws Exception {
    byte[] half = payload(7, 40);
    try (SpoolUpdateLog log = open()) {
      SessionLog records = log.open(session(1));
      records.checkpoint(new Checkpoint(new int[] {1, 2}, Set.of(input(0).client()), 0));
      PartialUpload upload = ready(records.resume(input(9), half.length, ContentHash.of(half)));
      get(upload.write(0, ByteBuffer.wrap(half, 0, 20)));
    }
    Map<Path, byte[]> sound = new TreeMap<>();
    try (Stream<Path> files = Files.walk(logFile().getParent())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sound.put(file, Files.readAllBytes(file));
      }
    }
    assertThat(sound).hasSize(3);
    for (Path damaged : sound.keySet()) {
      Fuzz.of(sound.get(damaged))
          .refusedWith(CorruptLogException.class)
          .allocatingAtMost(8 << 20) // The tiles of a log that is opened.
          .feed(Fuzz.inputs() / 20, input -> readAgain(sound, damaged, input));
    }
  }

  private void readAgain(Map<Path, byte[]> sound, Path damaged, byte[] input) throws Exception {
    for (Map.Entry<Path, byte[]> file : sound.entrySet()) {
      Files.write(file.getKey(), file.getKey().equals(damaged) ? input : file.getValue());
    }
    try (SpoolUpdateLog log = open()) {
      contents(log.open(session(1)))
          .forEach(
              (key, payload) -> {
                int client = ByteBuffer.wrap(key.client().toBytes()).getInt();
                assertThat(payload).isEqualTo(payload(client, PAYLOAD_BYTES));
              });
    }
  }
}
