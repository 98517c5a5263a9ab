package io.tacit.coordinator.service.rpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tacit.coordinator.rounds.Rounds;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.v1.AbortRequest;
import io.tacit.protocol.v1.AbortResponse;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.SubmitResponse;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadResponse;
import io.tacit.protocol.v1.UploadStatusRequest;
import io.tacit.protocol.v1.UploadStatusResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/** {@code tacit.v1.Rounds}. Nothing here blocks: it runs on event loops. */
@Singleton
class RoundsGrpcService extends RoundsGrpc.RoundsImplBase {

  private static final Logger LOG = Logger.getLogger(RoundsGrpcService.class);

  private final Rounds rounds;
  private final OpenStreams streams;

  RoundsGrpcService(Rounds rounds, OpenStreams streams) {
    this.rounds = rounds;
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
          if (request.getStage() != io.tacit.protocol.v1.Stage.STAGE_ADVERTISE) {
            throw RpcStatus.malformed(
                "stage is " + request.getStageValue() + ", must be 1 (ADVERTISE) in suite 0");
          }
          return rounds.advertise(
              WireFields.sessionId(request.getSessionId()),
              WireFields.clientId(request.getClientId()),
              WireFields.valid(
                  () ->
                      SignedAdvertisement.of(
                          request.getMessage().getBody().toByteArray(),
                          request.getMessage().getSignature().toByteArray())));
        },
        Replies::submit);
  }

  @Override
  public StreamObserver<UploadChunk> upload(StreamObserver<UploadResponse> observer) {
    try {
      return new UploadStream(rounds, streams, (ServerCallStreamObserver<UploadResponse>) observer);
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
            rounds.uploadState(
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
          return rounds
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
          rounds.abort(
              session,
              WireFields.clientId(request.getClientId()),
              WireFields.ticket(request.getTicket()));
          LOG.debugf("A device leaves session %s: %s", session, code);
          return AbortResponse.getDefaultInstance();
        });
  }
}
