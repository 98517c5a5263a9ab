package io.tacit.coordinator.service.rpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tacit.coordinator.rounds.Rounds;
import io.tacit.coordinator.sessions.Sessions;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;
import io.tacit.protocol.v1.AbortRequest;
import io.tacit.protocol.v1.AbortResponse;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.SignedMessage;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.SubmitResponse;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadResponse;
import io.tacit.protocol.v1.UploadStatusRequest;
import io.tacit.protocol.v1.UploadStatusResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;

/** {@code tacit.v1.Rounds}. Nothing here blocks: it runs on event loops. */
@Singleton
class RoundsGrpcService extends RoundsGrpc.RoundsImplBase {

  private static final Logger LOG = Logger.getLogger(RoundsGrpcService.class);

  /** Codes that say of whom the bad message was. */
  private static final Set<String> ACCUSING = Set.of("BAD_ENTRY", "BAD_SHARE");

  private final Rounds rounds;
  private final Sessions sessions;
  private final OpenStreams streams;

  RoundsGrpcService(Rounds rounds, Sessions sessions, OpenStreams streams) {
    this.rounds = rounds;
    this.sessions = sessions;
    this.streams = streams;
  }

  @Override
  public void poll(PollRequest request, StreamObserver<PollResponse> observer) {
    Replies.send(
        observer,
        () ->
            Replies.poll(
                rounds.poll(
                    WireFields.name("population", request.getPopulation()),
                    WireFields.clientId(request.getClientId()),
                    WireFields.modelKinds(request.getModelKindsList()))));
  }

  @Override
  public void checkIn(CheckInRequest request, StreamObserver<CheckInResponse> observer) {
    Replies.send(
        observer,
        () ->
            Replies.checkIn(
                rounds.checkIn(
                    WireFields.roundId(request.getPlanId(), request.getRound()),
                    WireFields.contentHash("plan_hash", request.getPlanHash()),
                    WireFields.contentHash("model_hash", request.getModelHash()),
                    WireFields.clientId(request.getClientId()))));
  }

  @Override
  public void submit(SubmitRequest request, StreamObserver<SubmitResponse> observer) {
    Replies.sendLater(
        observer,
        () -> {
          SessionId session = WireFields.sessionId(request.getSessionId());
          ClientId client = WireFields.clientId(request.getClientId());
          SignedMessage message = request.getMessage();
          return switch (request.getStage()) {
            case STAGE_ADVERTISE ->
                sessions.advertise(session, client, signed(message, SignedAdvertisement::of));
            case STAGE_SHARE_KEYS ->
                sessions.shareKeys(session, client, signed(message, SignedKeyShares::of));
            case STAGE_CONSISTENCY ->
                sessions.signSurvivors(session, client, signed(message, SurvivorSignature::of));
            case STAGE_UNMASK ->
                sessions.revealShares(session, client, signed(message, SignedRevealedShares::of));
            default ->
                throw RpcStatus.malformed(
                    "stage is "
                        + request.getStageValue()
                        + ", must be 1, 2, 4 or 5: an update goes to Upload");
          };
        },
        Replies::submit);
  }

  /** The value of a message whose sizes are within the contract. */
  private static <T> T signed(SignedMessage message, BiFunction<byte[], byte[], T> value) {
    return WireFields.valid(
        () -> value.apply(message.getBody().toByteArray(), message.getSignature().toByteArray()));
  }

  @Override
  public StreamObserver<UploadChunk> upload(StreamObserver<UploadResponse> observer) {
    try {
      return new UploadStream(
          sessions, streams, (ServerCallStreamObserver<UploadResponse>) observer);
    } catch (StatusRuntimeException busy) {
      observer.onError(busy);
      return TURNED_AWAY;
    }
  }

  /** Hears what was on its way when the call was answered. */
  private static final StreamObserver<UploadChunk> TURNED_AWAY =
      new StreamObserver<>() {
        @Override
        public void onNext(UploadChunk chunk) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
      };

  @Override
  public void uploadStatus(
      UploadStatusRequest request, StreamObserver<UploadStatusResponse> observer) {
    Replies.sendLater(
        observer,
        () ->
            sessions.uploadState(
                WireFields.sessionId(request.getSessionId()),
                WireFields.clientId(request.getClientId()),
                WireFields.ticket(request.getTicket())),
        Replies::uploadStatus);
  }

  @Override
  public void await(AwaitRequest request, StreamObserver<AwaitResponse> observer) {
    Replies.sendLater(
        observer,
        () -> {
          WireFields.within(
              "hold_millis",
              Integer.toUnsignedLong(request.getHoldMillis()),
              0,
              WireLimits.AWAIT_HOLD_MILLIS_MAX);
          return sessions
              .await(
                  WireFields.sessionId(request.getSessionId()),
                  WireFields.clientId(request.getClientId()),
                  WireFields.ticket(request.getTicket()),
                  WireFields.valid(() -> Stage.ofNumber(request.getKnownValue())),
                  Duration.ofMillis(request.getHoldMillis()))
              .orElseThrow(() -> RpcStatus.busy("too many calls of Await are held; come back"));
        },
        Replies::await);
  }

  @Override
  public void abort(AbortRequest request, StreamObserver<AbortResponse> observer) {
    Replies.send(
        observer,
        () -> {
          SessionId session = WireFields.sessionId(request.getSessionId());
          String code = WireFields.abortCode(request.getCode());
          WireFields.within(
              "accused",
              Integer.toUnsignedLong(request.getAccused()),
              0,
              MemberSet.ROSTER_SIZE_MAX);
          sessions.abort(
              session,
              WireFields.clientId(request.getClientId()),
              WireFields.ticket(request.getTicket()),
              ACCUSING.contains(code) ? request.getAccused() : 0);
          LOG.debugf("A device leaves session %s: %s", session, code);
          return AbortResponse.getDefaultInstance();
        });
  }
}
