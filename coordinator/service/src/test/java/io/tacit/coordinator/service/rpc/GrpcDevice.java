package io.tacit.coordinator.service.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.v1.Assignment;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.SignedMessage;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.SubmitResponse;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadHeader;
import io.tacit.protocol.v1.UploadResponse;
import io.tacit.protocol.v1.UploadStatusRequest;
import io.tacit.protocol.v1.UploadStatusResponse;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A device over a real channel that does, step by step, what a test tells it. */
final class GrpcDevice {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final RoundsGrpc.RoundsBlockingStub rounds;
  private final RoundsGrpc.RoundsStub asynchronous;
  private final String population;
  private final IdentityKeyPair identity;

  Assignment work = Assignment.getDefaultInstance();
  ByteString session = ByteString.EMPTY;
  ByteString ticket = ByteString.EMPTY;

  GrpcDevice(RoundsGrpc.RoundsStub stub, String population) {
    this(stub, population, IdentityKeyPair.generate(RANDOM));
  }

  GrpcDevice(RoundsGrpc.RoundsStub stub, String population, IdentityKeyPair identity) {
    this.identity = identity;
    this.asynchronous = stub;
    this.rounds = RoundsGrpc.newBlockingStub(stub.getChannel());
    this.population = population;
  }

  ByteString id() {
    return ByteString.copyFrom(identity.publicKey().clientId().toBytes());
  }

  PollResponse poll() {
    return rounds.poll(
        PollRequest.newBuilder()
            .setPopulation(population)
            .setClientId(id())
            .addModelKinds("tabular")
            .build());
  }

  /** Polls until there is work, checks in and joins. */
  SubmitResponse join() throws InterruptedException {
    PollResponse answer = poll();
    while (!answer.hasAssignment()) {
      TimeUnit.MILLISECONDS.sleep(answer.getComeBack().getAfterMillis());
      answer = poll();
    }
    work = answer.getAssignment();
    session =
        rounds
            .checkIn(
                CheckInRequest.newBuilder()
                    .setPlanId(work.getPlanId())
                    .setPlanHash(work.getPlanHash())
                    .setRound(work.getRound())
                    .setModelHash(work.getModelHash())
                    .setClientId(id())
                    .build())
            .getOffer()
            .getSessionId();
    SubmitResponse joined = rounds.submit(advertisement());
    ticket = joined.getAccepted().getTicket();
    return joined;
  }

  private SubmitRequest advertisement() {
    byte[] context =
        Transcript.sessionContext(
            0,
            SessionId.fromBytes(session.toByteArray()),
            ContentHash.fromDigest(work.getPlanHash().toByteArray()),
            ContentHash.fromDigest(work.getModelHash().toByteArray()),
            work.getRound());
    SignedAdvertisement signed = SignedAdvertisement.sign(context, identity, RANDOM);
    return SubmitRequest.newBuilder()
        .setSessionId(session)
        .setClientId(id())
        .setStage(Stage.STAGE_ADVERTISE)
        .setMessage(
            SignedMessage.newBuilder()
                .setBody(ByteString.copyFrom(signed.body()))
                .setSignature(ByteString.copyFrom(signed.signature())))
        .build();
  }

  AwaitRequest awaitRequest(Stage known) {
    return AwaitRequest.newBuilder()
        .setSessionId(session)
        .setClientId(id())
        .setTicket(ticket)
        .setKnown(known)
        .setHoldMillis(WireLimits.AWAIT_HOLD_MILLIS_MAX)
        .build();
  }

  AwaitResponse await(Stage known) {
    return rounds.await(awaitRequest(known));
  }

  UploadStatusResponse status() {
    return rounds.uploadStatus(
        UploadStatusRequest.newBuilder()
            .setSessionId(session)
            .setClientId(id())
            .setTicket(ticket)
            .build());
  }

  UploadHeader header(byte[] update, long offset) {
    return UploadHeader.newBuilder()
        .setSessionId(session)
        .setClientId(id())
        .setTicket(ticket)
        .setTotalBytes(update.length)
        .setSha256(ByteString.copyFrom(ContentHash.of(update).toBytes()))
        .setOffset(offset)
        .build();
  }

  /** Sends all from the offset on and ends the stream at once, as an ordinary client does. */
  UploadResponse upload(byte[] update, int offset) throws Exception {
    UploadCall call = begin();
    call.send(header(update, offset), update, offset);
    call.requests.onCompleted();
    return call.answer.get(30, TimeUnit.SECONDS);
  }

  UploadCall begin() {
    return new UploadCall(asynchronous);
  }

  /** One upload under way. */
  static final class UploadCall {

    final CompletableFuture<UploadResponse> answer = new CompletableFuture<>();
    final ClientCallStreamObserver<UploadChunk> requests;

    UploadCall(RoundsGrpc.RoundsStub stub) {
      requests = (ClientCallStreamObserver<UploadChunk>) stub.upload(new Answer());
    }

    void send(UploadHeader header, byte[] update, int offset) {
      for (int at = offset; at < update.length; at += WireLimits.CHUNK_BYTES_MAX) {
        int count = Math.min(WireLimits.CHUNK_BYTES_MAX, update.length - at);
        UploadChunk.Builder chunk =
            UploadChunk.newBuilder().setData(ByteString.copyFrom(update, at, count));
        if (at == offset) {
          chunk.setHeader(header);
        }
        requests.onNext(chunk.build());
      }
    }

    private final class Answer implements StreamObserver<UploadResponse> {

      @Override
      public void onNext(UploadResponse response) {
        answer.complete(response);
      }

      @Override
      public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {}
    }
  }
}
