package io.tacit.client.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.v1.Accepted;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.ComeBackReason;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.CurrentModelsResponse;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.Refused;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.SubmitResponse;
import io.tacit.protocol.v1.UploadHeader;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GrpcCoordinatorConnectionTest {

  private static final ClientId CLIENT = ClientId.ofIdentityKey(new byte[] {1});
  private static final SessionId SESSION = SessionId.fromBytes(new byte[16]);
  private static final ContentHash HASH = ContentHash.of(new byte[] {2});
  private static final Ticket TICKET = Ticket.fromBytes(new byte[32]);
  private static final Membership MEMBER = new Membership(SESSION, CLIENT, TICKET);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Set<String> KINDS = Set.of("two-tower");

  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private final CoordinatorConnection connection = coordinator.connect();

  @AfterEach
  void close() {
    connection.close();
    coordinator.close();
  }

  private static ByteString bytes(ContentHash hash) {
    return ByteString.copyFrom(hash.toBytes());
  }

  private static PollResponse comeBack(long millis) {
    return PollResponse.newBuilder()
        .setComeBack(
            io.tacit.protocol.v1.ComeBack.newBuilder()
                .setAfterMillis(millis)
                .setReason(ComeBackReason.COME_BACK_REASON_ROUND_FULL))
        .build();
  }

  private static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static ConnectionException failureOf(ThrowingCallable call) {
    return catchThrowableOfType(ConnectionException.class, call);
  }

  private ConnectionException failureOfPoll() {
    return failureOf(() -> connection.poll("readers", CLIENT, KINDS));
  }

  @Test
  void a_poll_says_who_asks_and_gets_work() throws ConnectionException {
    List<PollRequest> asked = new CopyOnWriteArrayList<>();
    coordinator.onPoll =
        request -> {
          asked.add(request);
          return PollResponse.newBuilder()
              .setAssignment(
                  io.tacit.protocol.v1.Assignment.newBuilder()
                      .setPlanId("news")
                      .setPlanVersion(2)
                      .setPlanHash(bytes(HASH))
                      .setRound(7)
                      .setModelHash(bytes(HASH))
                      .setTrainWithinMillis(60_000))
              .build();
        };

    assertThat(connection.poll("readers", CLIENT, KINDS))
        .isEqualTo(
            new Assignment(
                new RoundId(new PlanId("news"), 7), 2, HASH, HASH, Duration.ofSeconds(60)));
    assertThat(asked.get(0).getPopulation()).isEqualTo("readers");
    assertThat(asked.get(0).getClientId().toByteArray()).isEqualTo(CLIENT.toBytes());
    assertThat(asked.get(0).getModelKindsList()).containsExactly("two-tower");
    assertThat(coordinator.versionsSeen()).containsExactly("1");
  }

  @Test
  void a_poll_may_be_told_to_come_back() throws ConnectionException {
    coordinator.onPoll = request -> comeBack(1500);

    assertThat(connection.poll("readers", CLIENT, KINDS))
        .isEqualTo(new ComeBack(Duration.ofMillis(1500), ComeBack.Reason.ROUND_FULL));
  }

  @Test
  void answers_that_break_the_contract_are_told_from_no_answer() {
    coordinator.onPoll = request -> PollResponse.getDefaultInstance();
    ConnectionException empty = failureOfPoll();
    coordinator.onPoll = request -> comeBack(-1);
    ConnectionException negative = failureOfPoll();
    coordinator.onPoll =
        request ->
            PollResponse.newBuilder()
                .setAssignment(
                    io.tacit.protocol.v1.Assignment.newBuilder()
                        .setPlanId("news")
                        .setPlanVersion(1)
                        .setRound(1)
                        .setPlanHash(ByteString.copyFrom(new byte[31])))
                .build();
    ConnectionException shortHash = failureOfPoll();

    assertThat(List.of(empty.reason(), negative.reason(), shortHash.reason()))
        .containsOnly(Reason.MALFORMED_ANSWER);
    assertThat(negative)
        .hasMessage(
            "the coordinator's answer breaks the contract: after_millis is -1, must be 0 to"
                + " 86400000");
    assertThat(shortHash)
        .hasMessage(
            "the coordinator's answer breaks the contract: content hash has 31 bytes, must have"
                + " exactly 32");
    assertThat(shortHash.isRetryable()).isFalse();
  }

  private static io.tacit.protocol.v1.CurrentModel.Builder currentModel(String plan) {
    return io.tacit.protocol.v1.CurrentModel.newBuilder()
        .setPlanId(plan)
        .setPlanVersion(2)
        .setPlanHash(bytes(HASH))
        .setModelVersion(3)
        .setModelHash(bytes(HASH));
  }

  private static CurrentModelsResponse currentModels(
      io.tacit.protocol.v1.CurrentModel.Builder... models) {
    CurrentModelsResponse.Builder response = CurrentModelsResponse.newBuilder();
    for (io.tacit.protocol.v1.CurrentModel.Builder model : models) {
      response.addModels(model);
    }
    return response.build();
  }

  @Test
  void current_models_are_asked_for_without_saying_who_asks() throws ConnectionException {
    List<CurrentModelsRequest> asked = new CopyOnWriteArrayList<>();
    coordinator.onCurrentModels =
        request -> {
          asked.add(request);
          return currentModels(currentModel("books"), currentModel("news").setModelVersion(0));
        };

    assertThat(connection.currentModels("readers", KINDS))
        .containsExactly(
            new CurrentModel(new PlanId("books"), 2, HASH, 3, HASH, Optional.empty()),
            new CurrentModel(new PlanId("news"), 2, HASH, 0, HASH, Optional.empty()));
    assertThat(asked)
        .containsExactly(
            CurrentModelsRequest.newBuilder()
                .setPopulation("readers")
                .addModelKinds("two-tower")
                .build());
  }

  @Test
  void a_population_without_models_is_an_empty_list() throws ConnectionException {
    assertThat(connection.currentModels("nobody", KINDS)).isEmpty();
  }

  @Test
  void a_release_comes_with_the_model_that_it_is_about() throws ConnectionException {
    TaskKeyPair owner = TaskKeyPair.generate(new SecureRandom());
    Release release = Release.sign(new PlanId("books"), 4, 3, HASH, owner);
    ByteString bytes = ByteString.copyFrom(release.toBytes());
    coordinator.onCurrentModels = request -> currentModels(currentModel("books").setRelease(bytes));

    assertThat(connection.currentModels("readers", KINDS))
        .containsExactly(
            new CurrentModel(new PlanId("books"), 2, HASH, 3, HASH, Optional.of(release)));

    assertMalformed(
        "Release[books number 4, model version 3, "
            + HASH
            + "] comes with version 2 of the model of plan books",
        currentModels(currentModel("books").setModelVersion(2).setRelease(bytes)));
    assertMalformed(
        "release is not a tacit.v1.Release message",
        currentModels(currentModel("books").setRelease(ByteString.copyFrom(new byte[] {1}))));
  }

  @Test
  void current_models_that_break_the_contract_are_refused() {
    assertMalformed(
        "plan id is \"\", must be 1 to 64 characters of a-z 0-9 - . _ and begin with a letter or"
            + " digit",
        currentModels(currentModel("")));
    assertMalformed(
        "plan version is 0, must be at least 1",
        currentModels(currentModel("news").setPlanVersion(0)));
    assertMalformed(
        "model version is -1, must be at least 0",
        currentModels(currentModel("news").setModelVersion(-1)));
    assertMalformed(
        "content hash has 0 bytes, must have exactly 32",
        currentModels(currentModel("news").clearModelHash()));
    assertMalformed(
        "content hash has 31 bytes, must have exactly 32",
        currentModels(currentModel("news").setPlanHash(ByteString.copyFrom(new byte[31]))));
    assertMalformed(
        "plan news has two current models",
        currentModels(currentModel("news"), currentModel("news")));
    assertMalformed(
        "33 current models, must be at most 32",
        currentModels(
            IntStream.range(0, 33)
                .mapToObj(i -> currentModel("plan-" + i))
                .toArray(io.tacit.protocol.v1.CurrentModel.Builder[]::new)));
  }

  private void assertMalformed(String detail, CurrentModelsResponse answer) {
    coordinator.onCurrentModels = request -> answer;
    ConnectionException malformed = failureOf(() -> connection.currentModels("readers", KINDS));
    assertThat(malformed.reason()).isEqualTo(Reason.MALFORMED_ANSWER);
    assertThat(malformed).hasMessage("the coordinator's answer breaks the contract: " + detail);
  }

  @Test
  void check_in_offers_plan_model_and_round() throws ConnectionException {
    List<CheckInRequest> asked = new CopyOnWriteArrayList<>();
    coordinator.onCheckIn =
        request -> {
          asked.add(request);
          return CheckInResponse.newBuilder()
              .setOffer(
                  io.tacit.protocol.v1.SessionOffer.newBuilder()
                      .setSessionId(ByteString.copyFrom(SESSION.toBytes()))
                      .setAdvertiseWithinMillis(1000)
                      .setInputWithinMillis(2000))
              .build();
        };

    assertThat(connection.checkIn(CLIENT, new CheckIn(new RoundId(new PlanId("n"), 3), HASH, HASH)))
        .isEqualTo(new SessionOffer(SESSION, 0, Duration.ofSeconds(1), Duration.ofSeconds(2)));
    assertThat(asked.get(0).getRound()).isEqualTo(3);
    assertThat(asked.get(0).getPlanId()).isEqualTo("n");
  }

  @Test
  void an_advertisement_travels_verbatim_and_brings_a_ticket() throws ConnectionException {
    List<SubmitRequest> asked = new CopyOnWriteArrayList<>();
    coordinator.onSubmit =
        request -> {
          asked.add(request);
          return SubmitResponse.newBuilder()
              .setAccepted(Accepted.newBuilder().setTicket(ByteString.copyFrom(new byte[32])))
              .build();
        };
    byte[] body = {4, 5, 6};

    assertThat(connection.advertise(SESSION, CLIENT, SignedAdvertisement.of(body, new byte[64])))
        .isEqualTo(new SubmitOutcome.Joined(TICKET));
    assertThat(asked.get(0).getStage()).isEqualTo(io.tacit.protocol.v1.Stage.STAGE_ADVERTISE);
    assertThat(asked.get(0).getMessage().getBody().toByteArray()).isEqualTo(body);
    assertThat(TICKET).hasToString("Ticket[32 bytes]");
  }

  @Test
  void refusals_are_outcomes() throws ConnectionException {
    coordinator.onAwait =
        request ->
            AwaitResponse.newBuilder()
                .setRefused(
                    Refused.newBuilder()
                        .setReason(RefusalReason.REFUSAL_REASON_NOT_ON_ROSTER)
                        .setDetail("who?"))
                .build();

    assertThat(connection.await(MEMBER, Stage.ADVERTISE, SOON))
        .isEqualTo(new Refusal(Refusal.Reason.NOT_ON_ROSTER, "who?"));
  }

  @Test
  void await_asks_for_no_longer_hold_than_the_contract_allows() throws ConnectionException {
    List<AwaitRequest> asked = new CopyOnWriteArrayList<>();
    coordinator.onAwait =
        request -> {
          asked.add(request);
          return AwaitResponse.newBuilder()
              .setState(
                  io.tacit.protocol.v1.SessionState.newBuilder()
                      .setStage(io.tacit.protocol.v1.Stage.STAGE_COMPLETED)
                      .setContributors(3)
                      .setRosterSize(4)
                      .setNewModelHash(bytes(HASH)))
              .build();
        };

    assertThat(connection.await(MEMBER, Stage.INPUT, Duration.ofMinutes(2)))
        .isEqualTo(new SessionState(Stage.COMPLETED, 4, 3, HASH, ""));
    assertThat(asked.get(0).getHoldMillis()).isEqualTo(WireLimits.AWAIT_HOLD_MILLIS_MAX);
    assertThat(asked.get(0).getKnown()).isEqualTo(io.tacit.protocol.v1.Stage.STAGE_INPUT);
  }

  @Test
  void an_update_of_many_chunks_arrives_whole() throws ConnectionException {
    byte[] update = randomBytes(5 * WireLimits.CHUNK_BYTES_MAX + 17);
    List<UploadHeader> headers = new CopyOnWriteArrayList<>();
    coordinator.onUpload =
        first -> {
          headers.add(first);
          return null;
        };

    assertThat(connection.upload(MEMBER, Upload.owning(update), 0, SOON))
        .isEqualTo(new UploadOutcome.Stored());
    assertThat(coordinator.uploaded()).isEqualTo(update);
    assertThat(headers.get(0).getTotalBytes()).isEqualTo(update.length);
    assertThat(headers.get(0).getSha256().toByteArray())
        .isEqualTo(ContentHash.of(update).toBytes());
  }

  @Test
  void an_upload_that_was_cut_resumes_at_the_byte_the_coordinator_has() throws ConnectionException {
    byte[] update = randomBytes(3 * WireLimits.CHUNK_BYTES_MAX);
    Upload upload = Upload.owning(update);
    int cut = WireLimits.CHUNK_BYTES_MAX + 1000;
    coordinator.uploadCuts.add(cut);

    ConnectionException broken = failureOf(() -> connection.upload(MEMBER, upload, 0, SOON));
    UploadStatus status = connection.uploadStatus(MEMBER);
    UploadOutcome outcome = connection.upload(MEMBER, upload, cut, SOON);

    assertThat(broken.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(broken.isRetryable()).isTrue();
    assertThat(status)
        .isEqualTo(new UploadStatus.Partial(cut, ContentHash.of(Arrays.copyOf(update, cut))))
        .isEqualTo(new UploadStatus.Partial(cut, upload.hashOfFirst(cut)));
    assertThat(outcome).isEqualTo(new UploadOutcome.Stored());
    assertThat(coordinator.uploaded()).isEqualTo(update);
  }

  @Test
  void a_refused_upload_stops_sending() throws ConnectionException {
    coordinator.onUpload = header -> RefusalReason.REFUSAL_REASON_SUPERSEDED;

    assertThat(
            connection.upload(
                MEMBER, Upload.owning(randomBytes(20 * WireLimits.CHUNK_BYTES_MAX)), 0, SOON))
        .isEqualTo(new Refusal(Refusal.Reason.SUPERSEDED, "by script"));
    assertThat(coordinator.uploaded()).isEmpty();
  }

  @Test
  void an_upload_ends_by_its_deadline() {
    CountDownLatch release = new CountDownLatch(1);
    coordinator.onUpload =
        header -> {
          await(release);
          return null;
        };
    ConnectionException late =
        failureOf(
            () ->
                connection.upload(
                    MEMBER,
                    Upload.owning(randomBytes(20 * WireLimits.CHUNK_BYTES_MAX)),
                    0,
                    Duration.ofMillis(300)));
    release.countDown();

    assertThat(late.reason()).isEqualTo(Reason.DEADLINE);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void an_interrupt_ends_a_call_and_stays_set() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    coordinator.onUpload =
        header -> {
          asked.countDown();
          await(release);
          return null;
        };
    AtomicReference<Reason> reason = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              reason.set(
                  failureOf(
                          () -> connection.upload(MEMBER, Upload.owning(randomBytes(100)), 0, SOON))
                      .reason());
              flag.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    asked.await();
    caller.interrupt();
    caller.join();
    release.countDown();

    assertThat(reason.get()).isEqualTo(Reason.INTERRUPTED);
    assertThat(flag.get()).isTrue();
  }

  @Test
  void a_coordinator_that_is_away_is_unavailable_and_answers_when_it_is_back()
      throws ConnectionException {
    coordinator.onPoll = request -> comeBack(1000);
    connection.poll("readers", CLIENT, KINDS);
    coordinator.stop();
    ConnectionException away = failureOfPoll();
    coordinator.start();

    assertThat(away.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(away.isRetryable()).isTrue();
    PollOutcome back = null;
    // The channel has a back-off of its own before it connects again.
    while (back == null) {
      try {
        back = connection.poll("readers", CLIENT, KINDS);
      } catch (ConnectionException e) {
        assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
      }
    }
    assertThat(back).isInstanceOf(ComeBack.class);
  }

  @Test
  void statuses_become_reasons_that_say_what_to_do() {
    coordinator.onPoll =
        request -> {
          throw ScriptedCoordinator.failure(
              Status.RESOURCE_EXHAUSTED.withDescription("too many parked calls"),
              "too-busy",
              "2500");
        };
    ConnectionException busy = failureOfPoll();
    coordinator.onPoll =
        request -> {
          throw ScriptedCoordinator.failure(
              Status.INVALID_ARGUMENT.withDescription("client_id has 3 bytes"), "bad-field", null);
        };
    ConnectionException rejected = failureOfPoll();

    assertThat(busy.reason()).isEqualTo(Reason.TOO_BUSY);
    assertThat(busy.retryAfter()).contains(Duration.ofMillis(2500));
    assertThat(busy)
        .hasMessage("coordinator answered RESOURCE_EXHAUSTED (too-busy): too many parked calls");
    assertThat(rejected.reason()).isEqualTo(Reason.REJECTED);
    assertThat(rejected.isRetryable()).isFalse();
    assertThat(rejected)
        .hasMessage("coordinator answered INVALID_ARGUMENT (bad-field): client_id has 3 bytes");
  }

  @Test
  void another_protocol_version_is_told_with_both_and_what_to_do() {
    coordinator.protocolVersion = "2";
    coordinator.onPoll = request -> comeBack(1000);
    ConnectionException answered = failureOfPoll();
    coordinator.onPoll =
        request -> {
          throw ScriptedCoordinator.failure(Status.FAILED_PRECONDITION, "protocol-version", null);
        };
    ConnectionException refused = failureOfPoll();

    for (ConnectionException mismatch : List.of(answered, refused)) {
      assertThat(mismatch.reason()).isEqualTo(Reason.PROTOCOL_MISMATCH);
      assertThat(mismatch.isRetryable()).isFalse();
      assertThat(mismatch)
          .hasMessage(
              "the coordinator speaks Tacit protocol version 2, this client version 1; update the"
                  + " older of the two");
    }
  }

  @Test
  void an_answer_without_a_version_is_of_something_else() {
    coordinator.protocolVersion = null;
    coordinator.onPoll = request -> comeBack(1000);

    assertThat(failureOfPoll())
        .hasMessage(
            "the answer names no Tacit protocol version, this client speaks version 1; check that"
                + " host and port are those of a Tacit coordinator");
  }

  @Test
  void nothing_of_a_download_of_another_version_reaches_the_sink() {
    coordinator.protocolVersion = "2";
    ContentHash hash = coordinator.publish(randomBytes(1000));
    List<Integer> received = new ArrayList<>();

    ConnectionException mismatch =
        failureOf(
            () -> connection.download(hash, 0, 1000, SOON, data -> received.add(data.remaining())));

    assertThat(mismatch.reason()).isEqualTo(Reason.PROTOCOL_MISMATCH);
    assertThat(received).isEmpty();
  }

  @Test
  void fetches_an_artifact_of_many_chunks() throws ConnectionException {
    byte[] artifact = randomBytes(3 * WireLimits.CHUNK_BYTES_MAX + 5);
    ContentHash hash = coordinator.publish(artifact);

    ArtifactFetcher fetcher = new ArtifactFetcher(connection, hash, artifact.length);
    assertThat(fetcher.fetch(SOON)).hasValue(artifact);
    assertThat(fetcher.bytesReceived()).isEqualTo(artifact.length);
  }

  @Test
  void fetches_an_empty_artifact() throws ConnectionException {
    ContentHash hash = coordinator.publish(new byte[0]);

    assertThat(new ArtifactFetcher(connection, hash, 0).fetch(SOON)).hasValue(new byte[0]);
  }

  @Test
  void a_fetch_that_was_cut_goes_on_where_it_stopped() throws ConnectionException {
    byte[] artifact = randomBytes(1000);
    ContentHash hash = coordinator.publish(artifact);
    coordinator.downloadChunkBytes = 100;
    coordinator.downloadCuts.add(300);
    coordinator.downloadCuts.add(650);
    ArtifactFetcher fetcher = new ArtifactFetcher(connection, hash, 1000);

    assertThat(failureOf(() -> fetcher.fetch(SOON)).isRetryable()).isTrue();
    assertThat(failureOf(() -> fetcher.fetch(SOON)).isRetryable()).isTrue();
    assertThat(fetcher.fetch(SOON)).hasValue(artifact);
    assertThat(coordinator.calls()).containsExactly("download 0", "download 300", "download 650");
  }

  @Test
  void refuses_bytes_of_another_hash_and_forgets_them() throws ConnectionException {
    byte[] artifact = randomBytes(100);
    ContentHash hash = ContentHash.of(artifact);
    coordinator.publishAs(hash, new byte[] {1, 2, 3});
    ArtifactFetcher fetcher = new ArtifactFetcher(connection, hash, 100);

    ConnectionException wrong = failureOf(() -> fetcher.fetch(SOON));
    assertThat(wrong.reason()).isEqualTo(Reason.WRONG_HASH);
    assertThat(wrong)
        .hasMessage(
            "artifact has hash "
                + ContentHash.of(new byte[] {1, 2, 3}).toHex()
                + ", must have "
                + hash.toHex()
                + "; what came is thrown away");
    coordinator.publish(artifact);
    assertThat(fetcher.fetch(SOON)).hasValue(artifact);
  }

  @Test
  void refuses_an_artifact_above_the_bound_before_its_bytes() {
    ContentHash hash = coordinator.publish(randomBytes(101));
    ArtifactFetcher fetcher = new ArtifactFetcher(connection, hash, 100);

    ConnectionException tooLarge = failureOf(() -> fetcher.fetch(SOON));

    assertThat(tooLarge.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(tooLarge)
        .hasMessage("artifact " + hash + " has 101 bytes, this client takes at most 100");
    assertThat(fetcher.bytesReceived()).isZero();
  }

  @Test
  void a_missing_artifact_is_an_outcome() throws ConnectionException {
    assertThat(new ArtifactFetcher(connection, HASH, 100).fetch(SOON)).isEmpty();
  }

  @Test
  void a_chunk_above_the_message_limit_is_refused() {
    coordinator.downloadChunkBytes = WireLimits.ANSWER_BYTES_MAX;
    ContentHash hash = coordinator.publish(randomBytes(WireLimits.ANSWER_BYTES_MAX));

    ConnectionException tooLarge =
        failureOf(() -> new ArtifactFetcher(connection, hash, 1 << 20).fetch(SOON));

    assertThat(tooLarge.reason()).isEqualTo(Reason.REJECTED);
    assertThat(tooLarge.isRetryable()).isFalse();
  }

  @Test
  void abort_tells_the_code_and_who_is_accused() throws ConnectionException {
    connection.abort(MEMBER, "BAD_SHARE", 3);

    assertThat(coordinator.calls()).containsExactly("abort BAD_SHARE 3");
  }

  @Test
  void plaintext_is_for_this_machine_only() {
    for (String host : List.of("example.org", "10.0.0.1", "127.evil.org", "0.0.0.0", "")) {
      assertThatThrownBy(() -> GrpcConnectionSettings.plaintextForDevelopment(host, 9000))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "plaintext host is \""
                  + host
                  + "\", must be localhost, 127.x.x.x or ::1; use TLS for any other");
    }
    assertThat(GrpcConnectionSettings.plaintextForDevelopment("localhost", 9000))
        .hasToString("plaintext://localhost:9000");
  }

  @Test
  void tls_does_not_talk_to_a_plaintext_coordinator() {
    coordinator.onPoll = request -> comeBack(1000);
    try (CoordinatorConnection tls =
        GrpcCoordinatorConnection.open(
            GrpcConnectionSettings.tls("127.0.0.1", coordinator.port()))) {
      assertThat(failureOf(() -> tls.poll("readers", CLIENT, KINDS)).reason())
          .isEqualTo(Reason.UNAVAILABLE);
    }
    assertThat(coordinator.calls()).isEmpty();
  }

  @Test
  void many_devices_share_few_channels() throws ConnectionException {
    coordinator.onPoll = request -> comeBack(1000);
    try (CoordinatorConnection shared =
        GrpcCoordinatorConnection.open(
            GrpcConnectionSettings.plaintextForDevelopment("127.0.0.1", coordinator.port())
                .withChannels(3))) {
      for (int device = 0; device < 100; device++) {
        shared.poll("readers", ClientId.ofIdentityKey(new byte[] {(byte) device}), KINDS);
      }
    }
    assertThat(coordinator.calls()).hasSize(100);
    assertThatThrownBy(() -> GrpcConnectionSettings.tls("x", 1).withChannels(0))
        .hasMessage("channels are 0, must be 1 to 64; 1 is right for an app");
  }
}
