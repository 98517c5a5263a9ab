package io.tacit.client.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.v1.Accepted;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.ComeBackReason;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.Refused;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.SubmitResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Calls of a round, and who answers them. */
class GrpcCoordinatorConnectionTest extends ConnectionFixture {

  private static PollResponse comeBack(long millis) {
    return PollResponse.newBuilder()
        .setComeBack(
            io.tacit.protocol.v1.ComeBack.newBuilder()
                .setAfterMillis(millis)
                .setReason(ComeBackReason.COME_BACK_REASON_ROUND_FULL))
        .build();
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
