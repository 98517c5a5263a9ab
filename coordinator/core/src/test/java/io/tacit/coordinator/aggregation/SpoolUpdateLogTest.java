package io.tacit.coordinator.aggregation;

import static io.tacit.coordinator.aggregation.SampleRecords.append;
import static io.tacit.coordinator.aggregation.SampleRecords.contents;
import static io.tacit.coordinator.aggregation.SampleRecords.get;
import static io.tacit.coordinator.aggregation.SampleRecords.input;
import static io.tacit.coordinator.aggregation.SampleRecords.payload;
import static io.tacit.coordinator.aggregation.SampleRecords.ready;
import static io.tacit.coordinator.aggregation.SampleRecords.session;
import static io.tacit.coordinator.aggregation.SampleRecords.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ContentHash;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolUpdateLogTest extends UpdateLogContractTest {

  private static final long MIB = 1024 * 1024;

  @TempDir Path directory;

  @Override
  UpdateLog create() {
    return open(SpoolLimits.generous(PAYLOAD_BYTES_MAX));
  }

  private SpoolUpdateLog open(SpoolSettings settings) {
    return new SpoolUpdateLog(directory.resolve("spool"), settings, clock);
  }

  private void restart() {
    log.close();
    log = create();
    records = log.open(session(1));
  }

  @Test
  void finds_everything_again_after_a_restart() throws Exception {
    append(records, input(1), payload(1, 10_000));
    append(records, input(2), payload(2, 700_000));
    records.checkpoint(new Checkpoint(new int[] {1, 2, 3}, Set.of(input(1).client()), 0));

    restart();

    assertThat(log.sessions()).containsExactly(session(1));
    assertThat(records.recovery()).isEqualTo(new RecoveryReport(2, 710_000, 0, 0));
    assertThat(contents(records).get(input(1))).isEqualTo(payload(1, 10_000));
    assertThat(contents(records).get(input(2))).isEqualTo(payload(2, 700_000));
    assertThat(records.latestCheckpoint().orElseThrow().sum()).containsExactly(1, 2, 3);
    assertThat(append(records, input(1), payload(1, 10_000)))
        .isEqualTo(new Acceptance.AlreadyAccepted());
    assertThat(append(records, input(2), payload(3, 10_000))).isInstanceOf(Refused.class);
    assertThat(append(records, input(3), payload(3, 10_000))).isEqualTo(new Acceptance.Accepted());
  }

  @Test
  void resumes_an_upload_after_a_restart() throws Exception {
    byte[] whole = payload(1, 900_000);
    write(start(input(1), whole), whole, 0, 600_000);

    restart();

    assertThat(records.recovery()).isEqualTo(new RecoveryReport(0, 0, 0, 1));
    assertThat(get(records.progress(input(1))))
        .contains(new UploadProgress(600_000, ContentHash.of(slice(whole, 0, 600_000))));
    PartialUpload upload = start(input(1), whole);
    assertThat(upload.offset()).isEqualTo(600_000);
    write(upload, whole, 600_000, 900_000);
    assertThat(get(upload.finish())).isEqualTo(new Acceptance.Accepted());
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
    assertThat(staged()).isEmpty();
  }

  @Test
  void a_restart_deletes_staged_files_that_are_of_no_use() throws Exception {
    byte[] whole = payload(1, 5_000);
    write(start(input(1), whole), whole, 0, 3_000);
    Path file = staged().get(0);
    Path copy = directory.resolve("copy");
    Files.copy(file, copy);
    append(records, input(1), whole);
    log.close();
    Files.copy(copy, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.write(file.resolveSibling("torn"), payload(3, 30));
    byte[] tooLong = java.util.Arrays.copyOf(Files.readAllBytes(copy), 88 + 5_001);
    Files.write(file.resolveSibling("too-long"), tooLong);

    restart();

    assertThat(staged()).isEmpty();
    assertThat(records.recovery().partialUploads()).isZero();
  }

  @Test
  void a_dropped_session_leaves_no_file() throws Exception {
    append(records, input(1), payload(1, 500));
    write(start(input(2), payload(2, 500)), payload(2, 500), 0, 100);

    log.drop(session(1));

    try (var children = Files.list(directory.resolve("spool"))) {
      assertThat(children).containsExactly(directory.resolve("spool").resolve("lock"));
    }
  }

  @Test
  void sweeps_away_what_a_crash_left_half_made_or_half_deleted() throws Exception {
    log.close();
    Path spool = directory.resolve("spool");
    Files.createDirectories(spool.resolve("00ff.new").resolve("staged"));
    Files.createDirectories(spool.resolve("00ff.dropped"));
    Files.write(spool.resolve("00ff.dropped").resolve("log"), payload(1, 10));

    log = create();

    assertThat(log.sessions()).containsExactly(session(1));
    assertThat(spool.resolve("00ff.new")).doesNotExist();
    assertThat(spool.resolve("00ff.dropped")).doesNotExist();
  }

  @Test
  void refuses_a_directory_that_is_in_use() {
    assertThatThrownBy(this::create)
        .isInstanceOf(UpdateLogUnavailableException.class)
        .hasMessage(
            "Spool directory "
                + directory.resolve("spool")
                + " is in use by another coordinator; stop it, or give this one a directory of its"
                + " own.");
  }

  @Test
  void refuses_what_finds_no_room() throws Exception {
    log.close();
    SpoolUpdateLog small =
        open(new SpoolSettings(PAYLOAD_BYTES_MAX, 3, 1, 10, MIB, MIB, 2, MIB, 0, 1));
    log = small;
    records = log.open(session(1));

    start(input(1), new byte[600_000]);
    assertThat(get(records.resume(input(2), 600_000, ContentHash.of(new byte[1]))))
        .isEqualTo(
            new UploadStart.Settled(
                new Refused(
                    Refused.Reason.BUSY,
                    "The log has no room: the staging area may hold 2 items and 1048576 bytes; try"
                        + " again later.")));
    assertThat(small.statistics().stagedUploads()).isEqualTo(1);
    assertThat(small.statistics().stagedBytes()).isEqualTo(600_000);
    for (int i = 0; i < 3; i++) {
      assertThat(append(records, input(i), payload(i, 5))).isEqualTo(new Acceptance.Accepted());
    }
    assertThat(append(records, input(3), payload(3, 5)))
        .isEqualTo(new Refused(Refused.Reason.BUSY, "The session is full: it may hold 3 records."));
    assertThatThrownBy(() -> log.open(session(2)))
        .isInstanceOf(UpdateLogUnavailableException.class)
        .hasMessage(
            "There are 1 sessions open, which is openSessionsMax; drop one before opening"
                + " another.");
  }

  @Test
  void settings_name_the_limit_that_is_out_of_range() {
    assertThatThrownBy(() -> new SpoolSettings(1, 1, 1, 1, 1, 1, 1, 1, 0, 65))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("writerThreads is 65, must be 1 to 64");
  }

  @Test
  void groups_appends_into_few_commits() throws Exception {
    List<CompletionStage<Acceptance>> answers = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      answers.add(records.append(input(i), ByteBuffer.wrap(payload(i, 100))));
    }
    for (CompletionStage<Acceptance> answer : answers) {
      assertThat(get(answer)).isEqualTo(new Acceptance.Accepted());
    }

    SpoolStatistics statistics = ((SpoolUpdateLog) log).statistics();
    assertThat(statistics.records()).isEqualTo(2_000);
    assertThat(statistics.payloadBytes()).isEqualTo(200_000);
    assertThat(statistics.batches()).isBetween(1L, 1_000L);
    assertThat(statistics.fsyncSeconds()).isPositive();
    assertThat(statistics.failedBatches()).isZero();
  }

  @Test
  void a_large_upload_passes_through_without_heap() throws Exception {
    log.close();
    log = open(SpoolLimits.generous(64 * MIB));
    records = log.open(session(1));
    int chunkBytes = 256 * 1024;
    int chunks = 256;
    byte[] chunk = payload(1, chunkBytes);
    var digest = ContentHash.newDigest();
    for (int i = 0; i < chunks; i++) {
      digest.update(chunk);
    }
    PartialUpload upload =
        ready(
            records.resume(
                input(1), (long) chunks * chunkBytes, ContentHash.fromDigest(digest.digest())));
    long before = allocatedByAllThreads();
    for (int i = 0; i < chunks; i++) {
      get(upload.write((long) i * chunkBytes, ByteBuffer.wrap(chunk)));
    }
    assertThat(get(upload.finish())).isEqualTo(new Acceptance.Accepted());
    MaskedSum sum = MaskedSum.over(records, chunks * chunkBytes / 4);
    assertThat(sum.advance()).isEqualTo(1);

    // The vector is 64 MiB; the sum itself, allocated here too, has as much.
    assertThat(allocatedByAllThreads() - before).isLessThan(64 * MIB + 16 * MIB);
  }

  private static long allocatedByAllThreads() {
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  private List<Path> staged() throws Exception {
    Path staged = directory.resolve("spool").resolve(session(1).toHex()).resolve("staged");
    try (var children = Files.list(staged)) {
      return children.toList();
    }
  }
}
