package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.Acceptance;
import io.tacit.coordinator.aggregation.RecordKey;
import io.tacit.coordinator.aggregation.Refused;
import io.tacit.coordinator.aggregation.UploadProgress;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What devices ask of a session. Every call checks, records a fact and returns; none moves a
 * session. Calls that return a stage never block the calling thread. Thread-safe.
 */
public final class Sessions {

  private static final String UNKNOWN_SESSION =
      "this coordinator has no such session going on; poll again";

  private static final String NOT_ON_ROSTER =
      "the ticket is not that of a client on the roster of this session; advertise first";

  private static final Optional<Refusal> NO_FLAW = Optional.empty();

  private final LiveSessions live;
  private final SessionStore store;
  private final Endings endings;
  private final Tickets tickets;
  private final StageWaits waits;
  private final Workers workers;

  /**
   * What calls work with beside their facts.
   *
   * @param clock the time
   * @param executor for signatures and look-ups, which are too slow for an event loop
   * @param wakeConductor tells the conductor that there are new facts; must not block
   * @param checks of what devices hand in
   * @param listener hears of cuts
   */
  record Workers(
      Clock clock,
      Executor executor,
      Runnable wakeConductor,
      StageChecks checks,
      SessionListener listener) {}

  Sessions(
      LiveSessions live,
      SessionStore store,
      Endings endings,
      Tickets tickets,
      StageWaits waits,
      Workers workers) {
    this.live = live;
    this.store = store;
    this.endings = endings;
    this.tickets = tickets;
    this.waits = waits;
    this.workers = workers;
  }

  // ---- signed messages ----

  /**
   * A device joins the roster of a session. The stage completes after its advertisement is durable.
   */
  public CompletionStage<SubmitOutcome> advertise(
      SessionId session, ClientId client, SignedAdvertisement advertisement) {
    LiveSession going = live.of(session);
    if (going == null) {
      return refuseUnknown(session);
    }
    return CompletableFuture.supplyAsync(
            () -> workers.checks().advertisement(going, client, advertisement), workers.executor())
        .thenCompose(
            checked ->
                checked.flaw().isEmpty()
                    ? join(going, client, advertisement, checked.sessionKeys())
                    : CompletableFuture.completedFuture(checked.flaw().get()));
  }

  private CompletionStage<SubmitOutcome> join(
      LiveSession session,
      ClientId client,
      SignedAdvertisement advertisement,
      List<ByteBuffer> sessionKeys) {
    if (session.hasJoined(client)) {
      return append(session, client, advertisement)
          .thenApply(answer -> settleJoin(session, client, answer));
    }
    if (!session.isOpen()) {
      return refuse(
          Refusal.Reason.STAGE_CLOSED, "the roster is frozen; take part in another round");
    }
    SessionFacts facts = session.facts();
    if (!facts.takeSeat(client)) {
      return refuse(Refusal.Reason.ROSTER_FULL, "the roster is full; take part in another round");
    }
    if (!facts.keyClaims().claim(client, sessionKeys)) {
      facts.giveSeatBack(client);
      return refuse(
          Refusal.Reason.BAD_SIGNATURE,
          "a session key is that of another device; make new keys for each session");
    }
    return append(session, client, advertisement)
        .whenComplete(
            (answer, failure) -> {
              if (!(answer instanceof Acceptance.Accepted)) {
                facts.giveSeatBack(client);
                facts.keyClaims().giveBack(sessionKeys);
              }
            })
        .thenApply(answer -> settleJoin(session, client, answer));
  }

  private CompletionStage<Acceptance> append(
      LiveSession session, ClientId client, SignedAdvertisement advertisement) {
    cut(Stage.ADVERTISE, Cut.Moment.BEFORE_COMMIT);
    return session
        .log()
        .append(new RecordKey(client, Stage.ADVERTISE), ByteBuffer.wrap(advertisement.toRecord()));
  }

  private SubmitOutcome settleJoin(LiveSession session, ClientId client, Acceptance answer) {
    if (answer instanceof Refused refused) {
      return refusal(refused);
    }
    cut(Stage.ADVERTISE, Cut.Moment.AFTER_COMMIT);
    session.facts().recordJoined(client, workers.clock().instant());
    return durable(session, client);
  }

  /** A member hands in what it shares with each other one, stage SHARE_KEYS. */
  public CompletionStage<SubmitOutcome> shareKeys(
      SessionId session, ClientId client, SignedKeyShares shares) {
    return submit(
        session,
        new RecordKey(client, Stage.SHARE_KEYS),
        shares::toRecord,
        going -> workers.checks().keyShares(going, client, shares));
  }

  /** A survivor signs whose updates are in the sum, stage CONSISTENCY. */
  public CompletionStage<SubmitOutcome> signSurvivors(
      SessionId session, ClientId client, SurvivorSignature signature) {
    return submit(
        session,
        new RecordKey(client, Stage.CONSISTENCY),
        signature::toRecord,
        going -> workers.checks().signature(going, client, signature));
  }

  /** A survivor reveals the shares that unmask the sum, stage UNMASK. */
  public CompletionStage<SubmitOutcome> revealShares(
      SessionId session, ClientId client, SignedRevealedShares shares) {
    return submit(
        session,
        new RecordKey(client, Stage.UNMASK),
        shares::toRecord,
        going -> workers.checks().revealed(going, client, shares));
  }

  /** The stage completes after the message is durable; the same bytes again get the same answer. */
  private CompletionStage<SubmitOutcome> submit(
      SessionId session,
      RecordKey key,
      Supplier<byte[]> record,
      Function<LiveSession, Optional<Refusal>> check) {
    LiveSession going = live.of(session);
    if (going == null) {
      return refuseUnknown(session);
    }
    return CompletableFuture.supplyAsync(
            () -> going.log().accepted(key).isPresent() ? NO_FLAW : check.apply(going),
            workers.executor())
        .thenCompose(
            flaw -> {
              if (flaw.isPresent()) {
                return CompletableFuture.completedFuture(flaw.get());
              }
              cut(key.stage(), Cut.Moment.BEFORE_COMMIT);
              return going
                  .log()
                  .append(key, ByteBuffer.wrap(record.get()))
                  .thenApply(answer -> settle(going, key, answer));
            });
  }

  private SubmitOutcome settle(LiveSession session, RecordKey key, Acceptance answer) {
    if (answer instanceof Refused refused) {
      return refusal(refused);
    }
    cut(key.stage(), Cut.Moment.AFTER_COMMIT);
    heard(session);
    session.facts().recordAnswer(key.client(), key.stage());
    return durable(session, key.client());
  }

  // ---- updates ----

  /** Whether a client may upload an update of so many bytes now. */
  public UploadAdmission admitUpload(
      SessionId session, ClientId client, byte[] ticket, long totalBytes, ContentHash sha256) {
    LiveSession going = live.of(session);
    if (going == null) {
      return denied(Refusal.Reason.SESSION_UNKNOWN, UNKNOWN_SESSION);
    }
    if (!tickets.isValid(session, client, ticket) || !going.hasJoined(client)) {
      return denied(Refusal.Reason.NOT_ON_ROSTER, NOT_ON_ROSTER);
    }
    long expected = WireLimits.updateBytes(going.lanes());
    if (totalBytes != expected) {
      return denied(
          Refusal.Reason.WRONG_LENGTH,
          "update has "
              + totalBytes
              + " bytes, must have "
              + expected
              + " for the "
              + going.plan().parameters()
              + " parameters of plan "
              + going.plan().id()
              + "; fetch plan and model again");
    }
    if (!going.facts().hasAnswered(client, Stage.INPUT)) {
      Optional<Refusal> closed = workers.checks().mayUpload(going, client);
      if (closed.isPresent()) {
        return new UploadAdmission.Denied(closed.get());
      }
    }
    return new UploadAdmission.Admitted(
        this, going, new RecordKey(client, Stage.INPUT), totalBytes, sha256);
  }

  /** How much of a client's upload is held; a refusal says that all of it is stored, or why not. */
  public CompletionStage<UploadState> uploadState(
      SessionId session, ClientId client, byte[] ticket) {
    LiveSession going = live.of(session);
    if (going == null || !tickets.isValid(session, client, ticket)) {
      return CompletableFuture.completedFuture(
          new UploadState.Unavailable(
              going == null
                  ? new Refusal(Refusal.Reason.SESSION_UNKNOWN, UNKNOWN_SESSION)
                  : new Refusal(Refusal.Reason.NOT_ON_ROSTER, NOT_ON_ROSTER)));
    }
    RecordKey key = new RecordKey(client, Stage.INPUT);
    if (going.log().accepted(key).isPresent()) {
      return CompletableFuture.completedFuture(new UploadState.Complete(ticket.clone()));
    }
    return going.log().progress(key).thenApply(Sessions::uploadState);
  }

  private static UploadState uploadState(Optional<UploadProgress> progress) {
    UploadProgress held =
        progress.orElseGet(() -> new UploadProgress(0, ContentHash.of(new byte[0])));
    return new UploadState.Partial(held.offset(), held.sha256SoFar());
  }

  // ---- the course of a session ----

  /**
   * Waits until the session has left a stage. No thread waits: the future completes with the
   * transition, or after {@code hold} with the present state. A caller that is gone cancels it.
   *
   * @param known what the device has been told already
   * @param hold how long to wait at most, 0 to 25 s
   * @return empty if too many calls are held already
   */
  public Optional<CompletableFuture<AwaitOutcome>> await(
      SessionId session, ClientId client, byte[] ticket, Stage known, Duration hold) {
    if (!tickets.isValid(session, client, ticket)) {
      return Optional.of(
          CompletableFuture.completedFuture(
              new Refusal(Refusal.Reason.NOT_ON_ROSTER, NOT_ON_ROSTER)));
    }
    LiveSession going = live.of(session);
    return going != null
        ? waits.hold(going, client, known, hold)
        : Optional.of(CompletableFuture.supplyAsync(() -> pastState(session), workers.executor()));
  }

  private AwaitOutcome pastState(SessionId session) {
    Optional<SessionProgress> end = store.find(session).flatMap(endings::of);
    return end.isPresent()
        ? end.get()
        : new Refusal(Refusal.Reason.SESSION_UNKNOWN, UNKNOWN_SESSION);
  }

  /**
   * A device says that it leaves the session. Nothing that it handed in is taken back.
   *
   * @param accused index on the roster of the member whose message was bad, else 0
   */
  public void abort(SessionId session, ClientId client, byte[] ticket, int accused) {
    LiveSession going = live.of(session);
    if (going != null && tickets.isValid(session, client, ticket)) {
      going.facts().recordLeft(client);
      going
          .published()
          .member(accused)
          .ifPresent(member -> going.facts().recordAccusation(new Accusation(client, member)));
      workers.wakeConductor().run();
    }
  }

  /** Calls of {@link #await} that are held at the moment. */
  public int awaitCallsHeld() {
    return waits.held();
  }

  // ---- answers ----

  SubmitOutcome durable(LiveSession session, ClientId client) {
    workers.wakeConductor().run();
    return new SubmitOutcome.Durable(tickets.issue(session.session().id(), client));
  }

  /** Before the fact is recorded: who sees the answer must not take it for an old one. */
  void heard(LiveSession session) {
    session.facts().recordHeard(workers.clock().instant());
  }

  void cut(Stage stage, Cut.Moment moment) {
    workers.listener().onCut(new Cut("record." + stage, moment));
  }

  private CompletionStage<SubmitOutcome> refuseUnknown(SessionId session) {
    return CompletableFuture.supplyAsync(
        () ->
            store.find(session).isPresent()
                ? new Refusal(
                    Refusal.Reason.STAGE_CLOSED, "the session is over; take part in another round")
                : new Refusal(Refusal.Reason.SESSION_UNKNOWN, UNKNOWN_SESSION),
        workers.executor());
  }

  private static UploadAdmission denied(Refusal.Reason reason, String detail) {
    return new UploadAdmission.Denied(new Refusal(reason, detail));
  }

  static CompletionStage<SubmitOutcome> refuse(Refusal.Reason reason, String detail) {
    return CompletableFuture.completedFuture(new Refusal(reason, detail));
  }

  static Refusal refusal(Refused refused) {
    Refusal.Reason reason =
        switch (refused.reason()) {
          case OTHER_BYTES -> Refusal.Reason.OTHER_BYTES;
          case STAGE_CLOSED, SESSION_CLOSED -> Refusal.Reason.STAGE_CLOSED;
          case WRONG_LENGTH -> Refusal.Reason.WRONG_LENGTH;
          case WRONG_DIGEST -> Refusal.Reason.WRONG_DIGEST;
          case WRONG_OFFSET -> Refusal.Reason.WRONG_OFFSET;
          case SUPERSEDED -> Refusal.Reason.SUPERSEDED;
          case BUSY -> throw new BusyException(refused.detail());
        };
    return new Refusal(reason, refused.detail());
  }
}
