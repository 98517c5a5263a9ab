package io.tacit.coordinator.aggregation;

import static io.tacit.coordinator.aggregation.SampleRecords.contents;
import static io.tacit.coordinator.aggregation.SampleRecords.get;
import static io.tacit.coordinator.aggregation.SampleRecords.input;
import static io.tacit.coordinator.aggregation.SampleRecords.payload;
import static io.tacit.coordinator.aggregation.SampleRecords.session;
import static io.tacit.coordinator.aggregation.SampleRecords.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract again, with uploads that wait for their end in memory, and what differs then. */
class SpoolMemoryStagingTest extends UpdateLogContractTest {

  private static final int MEMORY_BYTES = 1_000_000;

  @TempDir Path directory;

  private final FaultyDisk disk = new FaultyDisk();

  @Override
  UpdateLog create() {
    return new SpoolUpdateLog(
        directory.resolve("spool"),
        SpoolLimits.stagingInMemory(PAYLOAD_BYTES_MAX, MEMORY_BYTES),
        clock,
        new SecureRandom(),
        disk);
  }

  @Test
  void writes_no_file_before_an_upload_is_whole() throws Exception {
    byte[] whole = payload(1, 600_000);
    PartialUpload upload = start(input(1), whole);
    write(upload, whole, 0, 599_999);

    assertThat(filesStaged()).isZero();
    assertThat(statistics().stagedMemoryBytes()).isEqualTo(600_000);

    write(upload, whole, 599_999, 600_000);
    assertThat(get(upload.finish())).isEqualTo(new Acceptance.Accepted());
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
    assertThat(statistics().stagedMemoryBytes()).isZero();
    assertThat(statistics().stagedUploads()).isZero();
  }

  @Test
  void goes_to_a_file_when_the_memory_is_taken() throws Exception {
    byte[] first = payload(1, 600_000);
    byte[] second = payload(2, 600_000);
    PartialUpload inMemory = start(input(1), first);
    PartialUpload inFile = start(input(2), second);
    write(inMemory, first, 0, 300_000);
    write(inFile, second, 0, 300_000);

    assertThat(filesStaged()).isEqualTo(1);
    assertThat(statistics().stagedBytes()).isEqualTo(1_200_000);
    assertThat(statistics().stagedMemoryBytes()).isEqualTo(600_000);

    write(inMemory, first, 300_000, 600_000);
    write(inFile, second, 300_000, 600_000);
    assertThat(get(inMemory.finish())).isEqualTo(new Acceptance.Accepted());
    assertThat(get(inFile.finish())).isEqualTo(new Acceptance.Accepted());
    assertThat(contents(records).get(input(1))).isEqualTo(first);
    assertThat(contents(records).get(input(2))).isEqualTo(second);
    assertThat(statistics().stagedBytes()).isZero();
    assertThat(filesStaged()).isZero();
  }

  @Test
  void an_orderly_shutdown_leaves_what_has_arrived_to_the_next_process() throws Exception {
    byte[] whole = payload(1, 900_000);
    write(start(input(1), whole), whole, 0, 600_000);

    log.close();
    log = create();
    records = log.open(session(1));

    assertThat(get(records.progress(input(1))))
        .contains(new UploadProgress(600_000, ContentHash.of(slice(whole, 0, 600_000))));
    PartialUpload rest = start(input(1), whole);
    assertThat(rest.offset()).isEqualTo(600_000);
    write(rest, whole, 600_000, 900_000);
    assertThat(get(rest.finish())).isEqualTo(new Acceptance.Accepted());
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
  }

  @Test
  void a_full_disk_at_the_end_keeps_the_upload_for_another_try() throws Exception {
    byte[] whole = payload(1, 50_000);
    PartialUpload upload = start(input(1), whole);
    write(upload, whole, 0, 50_000);
    disk.freeBytes = 20_000;
    assertThatThrownBy(() -> get(upload.finish()))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(UpdateLogUnavailableException.class)
        .hasMessageContaining("No space left on device");
    disk.freeBytes = Long.MAX_VALUE;

    assertThat(get(upload.finish())).isEqualTo(new Acceptance.Accepted());
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
  }

  @Test
  void an_expired_upload_gives_its_memory_back() throws Exception {
    byte[] whole = payload(1, 900_000);
    write(start(input(1), whole), whole, 0, 10);

    log.expireStaged(clock.instant().plusSeconds(1));

    assertThat(statistics().stagedMemoryBytes()).isZero();
    byte[] other = payload(2, 900_000);
    write(start(input(2), other), other, 0, 10);
    assertThat(filesStaged()).isZero();
  }

  @Test
  void bytes_on_their_way_into_the_log_outlive_their_place_in_the_staging_area() throws Exception {
    byte[] whole = payload(1, 600_000);
    StagedMemory bytes = new StagedMemory(whole.length);
    bytes.write(0, ByteBuffer.wrap(whole));

    bytes.delete();

    ByteBuffer read = ByteBuffer.allocate(whole.length);
    bytes.read(whole.length, read::put);
    assertThat(read.array()).isEqualTo(whole);
  }

  @Test
  void many_small_chunks_take_no_more_memory_than_announced() throws Exception {
    byte[] whole = payload(1, 5_000);
    PartialUpload upload = start(input(1), whole);
    for (int at = 0; at < whole.length; at++) {
      get(upload.write(at, ByteBuffer.wrap(whole, at, 1)));
    }

    assertThat(get(upload.finish())).isEqualTo(new Acceptance.Accepted());
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
  }

  private SpoolStatistics statistics() {
    return ((SpoolUpdateLog) log).statistics();
  }

  private long filesStaged() throws IOException {
    try (Stream<Path> files =
        Files.list(directory.resolve("spool").resolve(session(1).toHex()).resolve("staged"))) {
      return files.count();
    }
  }
}
