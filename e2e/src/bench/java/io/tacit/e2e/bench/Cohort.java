package io.tacit.e2e.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.v1.Assignment;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.SignedMessage;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.UploadHeader;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Clients that take part in round after round with all of their number. Everything but the uploads
 * is done in {@link #join}, so that the uploads can be measured alone.
 */
final class Cohort {

  private static final int JOINS_IN_FLIGHT = 64;
  private static final int HOLD_MILLIS = 20_000;

  private final String population;
  private final Connections connections;
  private final ByteString sha256;
  private final int updateBytes;
  private final List<ByteString> chunks;
  private final List<IdentityKeyPair> keys;
  private final UploadHeader[] headers;
  private final SecureRandom random = new SecureRandom();
  private long lastRound;

  /**
   * @param population of the plan that the coordinator has
   * @param update what each client sends
   * @param keys of the clients
   */
  Cohort(String population, Connections connections, byte[] update, List<IdentityKeyPair> keys) {
    this.population = population;
    this.connections = connections;
    this.sha256 = ByteString.copyFrom(ContentHash.of(update).toBytes());
    this.updateBytes = update.length;
    this.chunks = chunks(update);
    this.keys = keys;
    this.headers = new UploadHeader[keys.size()];
  }

  static List<IdentityKeyPair> keys(int count) {
    SecureRandom random = new SecureRandom();
    List<IdentityKeyPair> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(IdentityKeyPair.generate(random));
    }
    return keys;
  }

  private static List<ByteString> chunks(byte[] update) {
    List<ByteString> chunks = new ArrayList<>();
    for (int from = 0; from < update.length; from += WireLimits.CHUNK_BYTES_MAX) {
      int count = Math.min(WireLimits.CHUNK_BYTES_MAX, update.length - from);
      chunks.add(UnsafeByteOperations.unsafeWrap(update, from, count));
    }
    return chunks;
  }

  /** Headers that only a server accepts that checks no tickets. */
  void joinNothing() {
    for (int i = 0; i < headers.length; i++) {
      headers[i] =
          UploadHeader.newBuilder()
              .setSessionId(ByteString.copyFrom(new byte[SessionId.LENGTH]))
              .setClientId(clientId(i))
              .setTicket(ByteString.copyFrom(new byte[32]))
              .setTotalBytes(updateBytes)
              .setSha256(sha256)
              .build();
    }
  }

  /** Waits for the next round and joins it with all clients; returns when its roster is frozen. */
  void join() throws InterruptedException {
    Assignment work = nextAssignment();
    InFlight.perSecond(
        keys.size(),
        JOINS_IN_FLIGHT,
        index ->
            checkIn(index, work)
                .thenCompose(
                    answer -> {
                      ByteString session = answer.getOffer().getSessionId();
                      return advertise(index, session, contextOf(session, work));
                    }));
    lastRound = work.getRound();
    requireStage(leave(Stage.STAGE_ADVERTISE), Stage.STAGE_INPUT);
  }

  private static byte[] contextOf(ByteString session, Assignment work) {
    return Transcript.sessionContext(
        0,
        SessionId.fromBytes(session.toByteArray()),
        ContentHash.fromDigest(work.getPlanHash().toByteArray()),
        ContentHash.fromDigest(work.getModelHash().toByteArray()),
        work.getRound());
  }

  private Assignment nextAssignment() throws InterruptedException {
    while (true) {
      PollResponse answer =
          Unary.<PollResponse>call(
                  observer ->
                      connections
                          .stub(0)
                          .poll(
                              PollRequest.newBuilder()
                                  .setPopulation(population)
                                  .setClientId(clientId(0))
                                  .addModelKinds("tabular")
                                  .build(),
                              observer))
              .join();
      if (answer.hasAssignment() && answer.getAssignment().getRound() > lastRound) {
        return answer.getAssignment();
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private CompletionStage<CheckInResponse> checkIn(int index, Assignment work) {
    return Unary.call(
        observer ->
            connections
                .stub(index)
                .checkIn(
                    CheckInRequest.newBuilder()
                        .setPlanId(work.getPlanId())
                        .setPlanHash(work.getPlanHash())
                        .setRound(work.getRound())
                        .setModelHash(work.getModelHash())
                        .setClientId(clientId(index))
                        .build(),
                    observer));
  }

  private CompletionStage<?> advertise(int index, ByteString session, byte[] context) {
    SignedAdvertisement advertisement = SignedAdvertisement.sign(context, keys.get(index), random);
    SubmitRequest request =
        SubmitRequest.newBuilder()
            .setSessionId(session)
            .setClientId(clientId(index))
            .setStage(Stage.STAGE_ADVERTISE)
            .setMessage(
                SignedMessage.newBuilder()
                    .setBody(ByteString.copyFrom(advertisement.body()))
                    .setSignature(ByteString.copyFrom(advertisement.signature())))
            .build();
    return Unary.<io.tacit.protocol.v1.SubmitResponse>call(
            observer -> connections.stub(index).submit(request, observer))
        .thenAccept(
            answer -> {
              if (!answer.hasAccepted()) {
                throw new IllegalStateException(
                    "a client was refused: " + answer.getRefused().getDetail());
              }
              headers[index] =
                  UploadHeader.newBuilder()
                      .setSessionId(session)
                      .setClientId(request.getClientId())
                      .setTicket(answer.getAccepted().getTicket())
                      .setTotalBytes(updateBytes)
                      .setSha256(sha256)
                      .build();
            });
  }

  /**
   * Uploads the update of each client.
   *
   * @return acknowledged uploads per second
   */
  double upload(int inFlight) throws InterruptedException {
    return InFlight.perSecond(
        keys.size(),
        inFlight,
        index -> UploadCall.send(connections.stub(index), headers[index], chunks));
  }

  /** Waits until the round has completed with the updates of all. */
  void awaitCompletion() {
    SessionState state = leave(Stage.STAGE_INPUT);
    requireStage(state, Stage.STAGE_COMPLETED);
    if (state.getContributors() != keys.size()) {
      throw new IllegalStateException(
          "the round has " + state.getContributors() + " contributors, not " + keys.size());
    }
  }

  private SessionState leave(Stage known) {
    while (true) {
      SessionState state =
          Unary.<io.tacit.protocol.v1.AwaitResponse>call(
                  observer ->
                      connections
                          .stub(0)
                          .await(
                              AwaitRequest.newBuilder()
                                  .setSessionId(headers[0].getSessionId())
                                  .setClientId(headers[0].getClientId())
                                  .setTicket(headers[0].getTicket())
                                  .setKnown(known)
                                  .setHoldMillis(HOLD_MILLIS)
                                  .build(),
                              observer))
              .join()
              .getState();
      if (state.getStage() != known) {
        return state;
      }
    }
  }

  private static void requireStage(SessionState state, Stage wanted) {
    if (state.getStage() != wanted) {
      throw new IllegalStateException(
          "the round is at "
              + state.getStage().name()
              + ", not "
              + wanted.name()
              + ": "
              + state.getAbortReason());
    }
  }

  private ByteString clientId(int index) {
    return ByteString.copyFrom(keys.get(index).publicKey().clientId().toBytes());
  }
}
