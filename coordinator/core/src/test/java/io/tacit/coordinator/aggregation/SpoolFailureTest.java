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
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log does when the disk is full or broken. */
class SpoolFailureTest {

  private static final Acceptance ACCEPTED = new Acceptance.Accepted();

  @TempDir Path directory;

  private final FaultyDisk disk = new FaultyDisk();
  private SpoolUpdateLog log;
  private SessionLog records;

  @BeforeEach
  void open() {
    log = open(disk);
    records = log.open(session(1));
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void a_full_disk_fails_the_append_and_leaves_nothing_of_it() throws Exception {
    append(records, input(1), payload(1, 1_000));
    long length = Files.size(logFile());
    disk.freeBytes = 3_000;

    requireUnavailable(
        () -> append(records, input(2), payload(2, 5_000)),
        "Cannot append to " + logFile() + ": No space left on device.");

    assertThat(Files.size(logFile())).isEqualTo(length);
    assertThat(contents(records).keySet()).containsExactly(input(1));
    assertThat(records.accepted(input(2))).isEmpty();
    assertThat(log.statistics().failedBatches()).isEqualTo(1);
    assertThat(log.statistics().queuedItems()).isZero();
  }

  @Test
  void goes_on_when_there_is_room_again() throws Exception {
    append(records, input(1), payload(1, 1_000));
    disk.freeBytes = 3_000;
    requireUnavailable(() -> append(records, input(2), payload(2, 5_000)), "Cannot append to");
    disk.freeBytes = Long.MAX_VALUE;

    assertThat(append(records, input(2), payload(2, 5_000))).isEqualTo(ACCEPTED);
    assertThat(append(records, input(3), payload(3, 5_000))).isEqualTo(ACCEPTED);

    requireAfterRestart(1, 2, 3);
  }

  @Test
  void does_not_trust_bytes_whose_fsync_failed() throws Exception {
    append(records, input(1), payload(1, 1_000));
    long length = Files.size(logFile());
    disk.failingForces = 1;

    requireUnavailable(
        () -> append(records, input(2), payload(2, 1_000)),
        "Cannot append to " + logFile() + ": Input/output error.");

    assertThat(Files.size(logFile())).isEqualTo(length);
    assertThat(append(records, input(2), payload(2, 1_000))).isEqualTo(ACCEPTED);
    requireAfterRestart(1, 2);
  }

  @Test
  void writes_nothing_until_the_failed_batch_is_cut_off() throws Exception {
    append(records, input(1), payload(1, 1_000));
    disk.failingForces = 1;
    disk.failingTruncates = true;
    requireUnavailable(() -> append(records, input(2), payload(2, 1_000)), "Input/output error");
    requireUnavailable(() -> append(records, input(3), payload(3, 1_000)), "Read-only file system");
    assertThat(contents(records).keySet()).containsExactly(input(1));

    disk.failingTruncates = false;
    assertThat(append(records, input(3), payload(3, 1_000))).isEqualTo(ACCEPTED);

    requireAfterRestart(1, 3);
  }

  @Test
  void a_cut_that_is_not_durable_does_not_count() throws Exception {
    append(records, input(1), payload(1, 1_000));
    disk.failingForces = 3; // the batch, the cut right after it, the cut before the next batch
    requireUnavailable(() -> append(records, input(2), payload(2, 1_000)), "Input/output error");
    requireUnavailable(() -> append(records, input(3), payload(3, 1_000)), "Input/output error");
    assertThat(append(records, input(4), payload(4, 1_000))).isEqualTo(ACCEPTED);

    requireAfterRestart(1, 4);
  }

  @Test
  void a_failed_finish_keeps_the_chunks_for_another_try() throws Exception {
    byte[] whole = payload(1, 50_000);
    PartialUpload upload = ready(records.resume(input(1), whole.length, ContentHash.of(whole)));
    get(upload.write(0, ByteBuffer.wrap(whole)));
    disk.freeBytes = 20_000;
    requireUnavailable(() -> get(upload.finish()), "No space left on device");
    disk.freeBytes = Long.MAX_VALUE;

    assertThat(get(upload.finish())).isEqualTo(ACCEPTED);
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
    requireAfterRestart();
  }

  @Test
  void a_chunk_that_found_no_room_can_be_sent_again() throws Exception {
    byte[] whole = payload(1, 50_000);
    PartialUpload upload = ready(records.resume(input(1), whole.length, ContentHash.of(whole)));
    get(upload.write(0, ByteBuffer.wrap(whole, 0, 20_000)));
    disk.freeBytes = 10_000;
    requireUnavailable(
        () -> get(upload.write(20_000, ByteBuffer.wrap(whole, 20_000, 30_000))),
        "Cannot write a chunk to " + logFile().resolveSibling("staged"));
    assertThat(get(records.progress(input(1))))
        .contains(new UploadProgress(20_000, ContentHash.of(slice(whole, 0, 20_000))));
    disk.freeBytes = Long.MAX_VALUE;

    get(upload.write(20_000, ByteBuffer.wrap(whole, 20_000, 30_000)));
    assertThat(get(upload.finish())).isEqualTo(ACCEPTED);
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
  }

  @Test
  void an_upload_that_cannot_begin_holds_no_room() throws Exception {
    disk.freeBytes = 10;
    requireUnavailable(
        () -> get(records.resume(input(1), 500, ContentHash.of(payload(1, 500)))),
        "No space left on device");

    assertThat(log.statistics().stagedUploads()).isZero();
    assertThat(log.statistics().stagedBytes()).isZero();
  }

  @Test
  void a_failed_checkpoint_leaves_the_one_before() {
    records.checkpoint(new Checkpoint(new int[] {7}, Set.of(), 0));
    disk.freeBytes = 50;

    assertThatThrownBy(() -> records.checkpoint(new Checkpoint(new int[100], Set.of(), 0)))
        .isInstanceOf(UpdateLogUnavailableException.class)
        .hasMessage(
            "Cannot write "
                + logFile().resolveSibling("checkpoint")
                + ": No space left on device. Nothing was stored; free space or mend the disk,"
                + " then try again.");

    assertThat(records.latestCheckpoint().orElseThrow().sum()).containsExactly(7);
  }

  @Test
  void a_session_that_cannot_be_made_is_not_there() {
    disk.failingForces = 1;

    assertThatThrownBy(() -> log.open(session(2)))
        .isInstanceOf(UpdateLogUnavailableException.class);
    assertThat(log.sessions()).containsExactly(session(1));
    assertThat(contents(log.open(session(2)))).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatever_fails_what_was_acknowledged_is_there_and_nothing_else(long seed) throws Exception {
    Random random = new Random(seed);
    Set<Integer> acknowledged = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      disk.freeBytes = random.nextInt(3) == 0 ? random.nextInt(4_000) : Long.MAX_VALUE;
      disk.failingForces = random.nextInt(5) == 0 ? 1 + random.nextInt(2) : 0;
      disk.failingTruncates = random.nextInt(6) == 0;
      try {
        append(records, input(i), payload(i, 1 + random.nextInt(3_000)));
        acknowledged.add(i);
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(UpdateLogUnavailableException.class);
      }
    }
    disk.freeBytes = Long.MAX_VALUE;
    disk.failingForces = 0;
    disk.failingTruncates = false;
    append(records, input(1_000), payload(1_000, 10)); // cuts off what the last failure left

    acknowledged.add(1_000);
    assertThat(acknowledged).hasSizeBetween(20, 180);
    requireAfterRestart(acknowledged.stream().mapToInt(i -> i).toArray());
  }

  private void requireAfterRestart(int... clients) {
    if (clients.length > 0) {
      assertThat(contents(records)).hasSize(clients.length);
    }
    log.close();
    log = open(FileLayer.DISK);
    records = log.open(session(1));
    assertThat(records.recovery().bytesCut()).isZero();
    if (clients.length > 0) {
      assertThat(contents(records)).hasSize(clients.length);
    }
    for (int client : clients) {
      assertThat(records.accepted(input(client))).isPresent();
    }
  }

  private static void requireUnavailable(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(UpdateLogUnavailableException.class)
        .hasMessageContaining(message)
        .hasMessageEndingWith(" Nothing was stored; free space or mend the disk, then try again.");
  }

  private SpoolUpdateLog open(FileLayer files) {
    return new SpoolUpdateLog(
        directory.resolve("spool"),
        SpoolLimits.generous(1_000_000),
        Clock.systemUTC(),
        new SecureRandom(),
        files);
  }

  private Path logFile() {
    return directory.resolve("spool").resolve(session(1).toHex()).resolve("log");
  }
}
