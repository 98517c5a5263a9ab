package io.tacit.coordinator.aggregation;

import static io.tacit.coordinator.aggregation.SampleRecords.append;
import static io.tacit.coordinator.aggregation.SampleRecords.client;
import static io.tacit.coordinator.aggregation.SampleRecords.contents;
import static io.tacit.coordinator.aggregation.SampleRecords.get;
import static io.tacit.coordinator.aggregation.SampleRecords.input;
import static io.tacit.coordinator.aggregation.SampleRecords.mapOf;
import static io.tacit.coordinator.aggregation.SampleRecords.payload;
import static io.tacit.coordinator.aggregation.SampleRecords.ready;
import static io.tacit.coordinator.aggregation.SampleRecords.session;
import static io.tacit.coordinator.aggregation.SampleRecords.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every update log promises. */
abstract class UpdateLogContractTest {

  static final int PAYLOAD_BYTES_MAX = 4 * 1024 * 1024;

  private static final SessionId SESSION = session(1);
  private static final Acceptance ACCEPTED = new Acceptance.Accepted();
  private static final Acceptance ALREADY_ACCEPTED = new Acceptance.AlreadyAccepted();

  /** The clock of the log under test; stands still until set. */
  final SettableClock clock = new SettableClock();

  UpdateLog log;
  SessionLog records;

  /** An empty log with {@link #PAYLOAD_BYTES_MAX} and {@link #clock}. */
  abstract UpdateLog create() throws Exception;

  @BeforeEach
  void openSession() throws Exception {
    log = create();
    records = log.open(SESSION);
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void gives_back_records_in_the_order_of_their_acceptance() throws Exception {
    byte[] first = payload(1, 10_052);
    byte[] second = payload(2, 1);
    byte[] third = payload(3, 2 * SessionLog.TILE_BYTES + 7);
    RecordKey advertisement = new RecordKey(client(2), Stage.ADVERTISE);

    assertThat(append(records, input(1), first)).isEqualTo(ACCEPTED);
    assertThat(append(records, advertisement, second)).isEqualTo(ACCEPTED);
    assertThat(append(records, input(2), third)).isEqualTo(ACCEPTED);

    Map<RecordKey, byte[]> contents = contents(records);
    assertThat(contents.keySet()).containsExactly(input(1), advertisement, input(2));
    assertThat(contents.get(input(1))).isEqualTo(first);
    assertThat(contents.get(advertisement)).isEqualTo(second);
    assertThat(contents.get(input(2))).isEqualTo(third);
    assertThat(records.accepted(input(2))).contains(ContentHash.of(third));
    assertThat(records.accepted(input(3))).isEmpty();
  }

  @Test
  void appends_what_lies_between_position_and_limit_and_leaves_them_alone() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(100);
    buffer.put(payload(1, 100)).position(20).limit(60);

    assertThat(get(records.append(input(1), buffer))).isEqualTo(ACCEPTED);

    assertThat(contents(records).get(input(1))).isEqualTo(slice(payload(1, 100), 20, 60));
    assertThat(buffer.position()).isEqualTo(20);
    assertThat(buffer.limit()).isEqualTo(60);
  }

  @Test
  void reads_on_from_where_an_earlier_read_ended() throws Exception {
    append(records, input(1), payload(1, 500));
    long next = records.read(0, new SampleRecords.Collector(new LinkedHashMap<>()));
    append(records, input(2), payload(2, 500));
    append(records, input(3), payload(3, 500));

    Map<RecordKey, byte[]> rest = new LinkedHashMap<>();
    long end = records.read(next, new SampleRecords.Collector(rest));

    assertThat(rest.keySet()).containsExactly(input(2), input(3));
    assertThat(records.read(end, new SampleRecords.Collector(new LinkedHashMap<>())))
        .isEqualTo(end);
    assertThatThrownBy(() -> records.read(end + 1, new SampleRecords.Collector(rest)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "offset is %s, must be 0 or one that read returned, at most %s"
                .formatted(end + 1, end));
  }

  @Test
  void hands_over_no_payload_that_is_not_wanted() throws Exception {
    append(records, input(1), payload(1, 500));
    append(records, input(2), payload(2, 500));
    List<RecordKey> seen = new ArrayList<>();

    records.read(
        0,
        new RecordReader() {
          @Override
          public boolean begin(LogRecord record) {
            seen.add(record.key());
            assertThat(record.payloadBytes()).isEqualTo(500);
            return false;
          }

          @Override
          public void tile(long position, ByteBuffer tile) {
            throw new AssertionError("not wanted");
          }
        });

    assertThat(seen).containsExactly(input(1), input(2));
  }

  @Test
  void accepts_the_same_bytes_again_without_storing_them() throws Exception {
    append(records, input(1), payload(1, 500));

    assertThat(append(records, input(1), payload(1, 500))).isEqualTo(ALREADY_ACCEPTED);
    assertThat(contents(records)).hasSize(1);
  }

  @Test
  void refuses_other_bytes_under_the_same_key() throws Exception {
    append(records, input(1), payload(1, 500));

    assertThat(append(records, input(1), payload(2, 500)))
        .isEqualTo(
            new Refused(
                Refused.Reason.OTHER_BYTES,
                "Other bytes of this client for stage INPUT are stored already; do not repeat."));
    assertThat(contents(records).get(input(1))).isEqualTo(payload(1, 500));
  }

  @Test
  void refuses_empty_and_oversized_payloads() throws Exception {
    assertThat(append(records, input(1), new byte[0]))
        .isEqualTo(
            new Refused(
                Refused.Reason.WRONG_LENGTH, "Payload has 0 bytes, must have 1 to 4194304."));
    assertThat(append(records, input(1), new byte[PAYLOAD_BYTES_MAX + 1]))
        .isEqualTo(
            new Refused(
                Refused.Reason.WRONG_LENGTH, "Payload has 4194305 bytes, must have 1 to 4194304."));
    assertThat(get(records.resume(input(1), PAYLOAD_BYTES_MAX + 1, ContentHash.of(new byte[0]))))
        .isEqualTo(
            new UploadStart.Settled(
                new Refused(
                    Refused.Reason.WRONG_LENGTH,
                    "Payload has 4194305 bytes, must have 1 to 4194304.")));
    assertThat(contents(records)).isEmpty();
  }

  @Test
  void takes_nothing_new_into_a_frozen_stage() throws Exception {
    append(records, input(1), payload(1, 500));
    PartialUpload upload = start(input(3), payload(3, 500));
    get(upload.write(0, ByteBuffer.wrap(payload(3, 500))));

    records.freeze(Stage.INPUT);

    Refused closed =
        new Refused(
            Refused.Reason.STAGE_CLOSED, "Stage INPUT is closed; take part in another session.");
    assertThat(append(records, input(2), payload(2, 500))).isEqualTo(closed);
    assertThat(get(upload.finish())).isEqualTo(closed);
    assertThat(append(records, input(1), payload(1, 500))).isEqualTo(ALREADY_ACCEPTED);
    assertThat(append(records, new RecordKey(client(2), Stage.ADVERTISE), payload(2, 5)))
        .isEqualTo(ACCEPTED);
  }

  @Test
  void what_was_accepted_is_complete_once_a_stage_is_frozen() throws Exception {
    List<CompletionStage<Acceptance>> answers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      answers.add(records.append(input(i), ByteBuffer.wrap(payload(i, 5_000))));
    }
    records.freeze(Stage.INPUT);

    assertThat(contents(records)).hasSize(300);
    for (CompletionStage<Acceptance> answer : answers) {
      assertThat(get(answer)).isEqualTo(ACCEPTED);
    }
  }

  @Test
  void puts_an_upload_together_from_chunks() throws Exception {
    byte[] whole = payload(1, 600_000);
    PartialUpload upload = start(input(1), whole);

    assertThat(upload.offset()).isZero();
    assertThat(write(upload, whole, 0, 262_144)).isEqualTo(new ChunkOutcome.Stored(262_144));
    assertThat(write(upload, whole, 262_144, 524_288)).isEqualTo(new ChunkOutcome.Stored(524_288));
    assertThat(contents(records)).isEmpty();
    assertThat(write(upload, whole, 524_288, 600_000)).isEqualTo(new ChunkOutcome.Stored(600_000));
    assertThat(get(upload.finish())).isEqualTo(ACCEPTED);

    assertThat(contents(records).get(input(1))).isEqualTo(whole);
    assertThat(get(records.progress(input(1)))).isEmpty();
    assertThat(get(records.resume(input(1), whole.length, ContentHash.of(whole))))
        .isEqualTo(new UploadStart.Settled(ALREADY_ACCEPTED));
    assertThat(append(records, input(1), whole)).isEqualTo(ALREADY_ACCEPTED);
  }

  @Test
  void refuses_an_upload_of_other_bytes_before_it_is_sent() throws Exception {
    append(records, input(1), payload(1, 500));

    UploadStart start = get(records.resume(input(1), 500, ContentHash.of(payload(2, 500))));

    assertThat(start).isInstanceOf(UploadStart.Settled.class);
    assertThat(((Refused) ((UploadStart.Settled) start).answer()).reason())
        .isEqualTo(Refused.Reason.OTHER_BYTES);
  }

  @Test
  void resumes_an_upload_where_it_broke_off() throws Exception {
    byte[] whole = payload(1, 5_000);
    write(start(input(1), whole), whole, 0, 3_000);

    assertThat(get(records.progress(input(1))))
        .contains(new UploadProgress(3_000, ContentHash.of(slice(whole, 0, 3_000))));
    PartialUpload second = start(input(1), whole);
    assertThat(second.offset()).isEqualTo(3_000);
    write(second, whole, 3_000, 5_000);
    assertThat(get(second.finish())).isEqualTo(ACCEPTED);
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
  }

  @Test
  void begins_an_upload_afresh_at_offset_zero() throws Exception {
    byte[] whole = payload(1, 5_000);
    PartialUpload upload = start(input(1), whole);
    write(upload, payload(2, 5_000), 0, 4_000);

    assertThat(write(upload, whole, 0, 1_000)).isEqualTo(new ChunkOutcome.Stored(1_000));
    write(upload, whole, 1_000, 5_000);
    assertThat(get(upload.finish())).isEqualTo(ACCEPTED);
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
  }

  @Test
  void a_second_stream_supersedes_the_first() throws Exception {
    byte[] whole = payload(1, 5_000);
    PartialUpload first = start(input(1), whole);
    write(first, whole, 0, 1_000);
    PartialUpload second = start(input(1), whole);

    Refused superseded =
        new Refused(
            Refused.Reason.SUPERSEDED,
            "A newer stream took over this upload, or it has expired; ask for its progress.");
    assertThat(write(first, whole, 1_000, 2_000)).isEqualTo(superseded);
    assertThat(get(first.finish())).isEqualTo(superseded);
    write(second, whole, 1_000, 5_000);
    assertThat(get(second.finish())).isEqualTo(ACCEPTED);
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
  }

  @Test
  void an_upload_of_another_update_takes_the_place_of_the_one_before() throws Exception {
    byte[] before = payload(1, 5_000);
    byte[] after = payload(2, 5_000);
    PartialUpload first = start(input(1), before);
    write(first, before, 0, 3_000);

    PartialUpload second = start(input(1), after);

    assertThat(second.offset()).isZero();
    assertThat(write(first, before, 3_000, 5_000)).isInstanceOf(Refused.class);
    write(second, after, 0, 5_000);
    assertThat(get(second.finish())).isEqualTo(ACCEPTED);
  }

  @Test
  void refuses_chunks_that_do_not_fit_and_keeps_what_it_has() throws Exception {
    byte[] whole = payload(1, 5_000);
    PartialUpload upload = start(input(1), whole);
    write(upload, whole, 0, 3_000);

    assertThat(get(upload.write(4_000, ByteBuffer.wrap(whole, 4_000, 1_000))))
        .isEqualTo(
            new Refused(
                Refused.Reason.WRONG_OFFSET,
                "Chunk begins at byte 4000, must begin at 3000 (or at 0, afresh)."));
    assertThat(get(upload.write(3_000, ByteBuffer.wrap(payload(2, 2_001)))))
        .isEqualTo(
            new Refused(
                Refused.Reason.WRONG_LENGTH,
                "Chunk ends at byte 5001, but 5000 were announced; start again with the right"
                    + " length."));
    assertThat(get(upload.finish()))
        .isEqualTo(
            new Refused(
                Refused.Reason.WRONG_LENGTH,
                "Only 3000 of 5000 bytes have arrived; send the rest."));
    write(upload, whole, 3_000, 5_000);
    assertThat(get(upload.finish())).isEqualTo(ACCEPTED);
    assertThat(contents(records).get(input(1))).isEqualTo(whole);
  }

  @Test
  void throws_away_an_upload_without_the_announced_hash() throws Exception {
    byte[] whole = payload(1, 5_000);
    PartialUpload upload = start(input(1), whole);
    write(upload, payload(2, 5_000), 0, 5_000);

    assertThat(get(upload.finish()))
        .isEqualTo(
            new Refused(
                Refused.Reason.WRONG_DIGEST,
                "The bytes that arrived do not have the announced SHA-256; start again at offset"
                    + " 0."));
    assertThat(contents(records)).isEmpty();
    assertThat(get(records.progress(input(1)))).isEmpty();
    assertThat(start(input(1), whole).offset()).isZero();
  }

  @Test
  void expires_uploads_that_had_no_chunk_for_long() throws Exception {
    clock.now = Instant.ofEpochSecond(1_000);
    byte[] whole = payload(1, 5_000);
    PartialUpload upload = start(input(1), whole);
    write(upload, whole, 0, 3_000);
    clock.now = Instant.ofEpochSecond(2_000);
    write(start(input(2), whole), whole, 0, 3_000);

    assertThat(log.expireStaged(Instant.ofEpochSecond(1_000))).isZero();
    assertThat(log.expireStaged(Instant.ofEpochSecond(1_500))).isEqualTo(1);

    assertThat(get(records.progress(input(1)))).isEmpty();
    assertThat(get(records.progress(input(2)))).isPresent();
    assertThat(write(upload, whole, 3_000, 5_000)).isInstanceOf(Refused.class);
  }

  @Test
  void keeps_the_latest_checkpoint() throws Exception {
    assertThat(records.latestCheckpoint()).isEmpty();
    append(records, input(1), payload(1, 80));
    long end = records.read(0, new SampleRecords.Collector(new LinkedHashMap<>()));
    int[] sum = {1, -2, Integer.MIN_VALUE};
    records.checkpoint(new Checkpoint(new int[100_000], Set.of(), 0));
    records.checkpoint(new Checkpoint(sum, Set.of(client(1), client(2)), end));
    sum[0] = 99;

    Checkpoint found = records.latestCheckpoint().orElseThrow();

    assertThat(found.sum()).containsExactly(1, -2, Integer.MIN_VALUE);
    assertThat(found.members()).containsExactlyInAnyOrder(client(1), client(2));
    assertThat(found.offset()).isEqualTo(end);
    assertThat(found).hasToString("Checkpoint[3 lanes, 2 members, offset " + end + "]");
    assertThatThrownBy(() -> records.checkpoint(new Checkpoint(sum, Set.of(), end + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "checkpoint offset is %s, must be one that read returned, at most %s"
                .formatted(end + 1, end));
  }

  @Test
  void sessions_know_nothing_of_each_other() throws Exception {
    SessionLog other = log.open(session(2));
    append(records, input(1), payload(1, 500));

    assertThat(append(other, input(1), payload(2, 500))).isEqualTo(ACCEPTED);
    assertThat(contents(other).get(input(1))).isEqualTo(payload(2, 500));
    assertThat(log.sessions()).containsExactlyInAnyOrder(session(1), session(2));
    assertThat(log.open(session(2))).isSameAs(other);
  }

  @Test
  void a_dropped_session_is_gone() throws Exception {
    append(records, input(1), payload(1, 500));
    PartialUpload upload = start(input(2), payload(2, 500));
    records.checkpoint(new Checkpoint(new int[1], Set.of(), 0));

    log.drop(SESSION);
    log.drop(SESSION);

    assertThat(log.sessions()).isEmpty();
    assertThat(append(records, input(3), payload(3, 500)))
        .isEqualTo(
            new Refused(
                Refused.Reason.SESSION_CLOSED, "The session is over; take part in another one."));
    assertThat(write(upload, payload(2, 500), 0, 500)).isInstanceOf(Refused.class);
    SessionLog afresh = log.open(SESSION);
    assertThat(contents(afresh)).isEmpty();
    assertThat(afresh.latestCheckpoint()).isEmpty();
    assertThat(append(afresh, input(1), payload(4, 500))).isEqualTo(ACCEPTED);
  }

  @Test
  void a_closed_log_takes_nothing() {
    log.close();

    assertThatThrownBy(() -> append(records, input(1), payload(1, 500)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(UpdateLogUnavailableException.class)
        .hasMessage(
            "The update log is closed, as the coordinator is shutting down; send again after its"
                + " restart.");
    assertThatThrownBy(() -> log.open(session(2)))
        .isInstanceOf(UpdateLogUnavailableException.class);
  }

  @Test
  void many_threads_append_and_each_record_is_there_once() throws Exception {
    int threads = 8;
    int clients = 400;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Integer>> results = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      results.add(
          pool.submit(
              () -> {
                // All threads send the same records, as clients do that repeat after a failure.
                List<CompletionStage<Acceptance>> answers = new ArrayList<>();
                for (int i = 0; i < clients; i++) {
                  answers.add(records.append(input(i), ByteBuffer.wrap(payload(i, 1_000 + i))));
                }
                int first = 0;
                for (CompletionStage<Acceptance> answer : answers) {
                  first += get(answer).equals(ACCEPTED) ? 1 : 0;
                }
                return first;
              }));
    }
    int accepted = 0;
    for (Future<Integer> result : results) {
      accepted += result.get();
    }
    pool.shutdown();

    assertThat(accepted).isEqualTo(clients);
    Map<RecordKey, byte[]> contents = contents(records);
    assertThat(contents).hasSize(clients);
    for (int i = 0; i < clients; i++) {
      assertThat(contents.get(input(i))).isEqualTo(payload(i, 1_000 + i));
    }
  }

  PartialUpload start(RecordKey key, byte[] whole) throws Exception {
    return ready(records.resume(key, whole.length, ContentHash.of(whole)));
  }

  static ChunkOutcome write(PartialUpload upload, byte[] whole, int from, int to) throws Exception {
    return get(upload.write(from, ByteBuffer.wrap(whole, from, to - from)));
  }

  static Map<RecordKey, byte[]> expected(Object... keysAndPayloads) {
    return mapOf(keysAndPayloads);
  }

  /** A clock that tests set. */
  static final class SettableClock extends Clock {

    volatile Instant now = Instant.EPOCH;

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      throw new UnsupportedOperationException("always UTC");
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
