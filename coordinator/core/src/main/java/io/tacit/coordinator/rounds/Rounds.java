package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.Acceptance;
import io.tacit.coordinator.aggregation.RecordKey;
import io.tacit.coordinator.aggregation.Refused;
import io.tacit.coordinator.aggregation.UploadProgress;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.session.SignedAdvertisement;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What devices ask of the coordinator. Every call checks, records a fact and returns; none moves a
 * round. Calls that return a stage never block the calling thread. Thread-safe.
 */
public final class Rounds {

  private final LiveRounds live;
  private final RoundStore store;
  private final Tickets tickets;
  private final PaceSteering pace;
  private final Workers workers;
  private final StageWaits waits;

  /**
   * What calls work with beside their facts.
   *
   * @param clock the time
   * @param executor for signatures and look-ups, which are too slow for an event loop
   * @param wakeConductor tells the conductor that there are new facts; must not block
   * @param identityKeys of devices that came before
   */
  record Workers(
      Clock clock, Executor executor, Runnable wakeConductor, IdentityKeyCache identityKeys) {}

  Rounds(
      LiveRounds live,
      RoundStore store,
      Tickets tickets,
      PaceSteering pace,
      StageWaits waits,
      Workers workers) {
    this.live = live;
    this.store = store;
    this.tickets = tickets;
    this.pace = pace;
    this.waits = waits;
    this.workers = workers;
  }

  /**
   * A device asks for work. The same device gets the same work again until it has joined.
   *
   * @param population the app's population
   * @param client the device; unproven, so only for selection
   * @param modelKinds what it can train
   */
  public PollOutcome poll(String population, ClientId client, Set<String> modelKinds) {
    ComeBack.Reason reason = ComeBack.Reason.NO_ROUND;
    LiveRound turning = null;
    for (LiveRound round : live.all()) {
      if (!round.plan().population().equals(population)
          || !(round.round().state() instanceof RoundState.Open)) {
        continue;
      }
      turning = round;
      if (!modelKinds.contains(round.plan().model().kind())) {
        reason = ComeBack.Reason.MODEL_KIND_UNKNOWN;
      } else if (round.hasJoined(client)) {
        reason = ComeBack.Reason.ALREADY_JOINED;
      } else if (round.assign(client, workers.clock().instant())) {
        return assignment(round);
      } else {
        reason = ComeBack.Reason.ROUND_FULL;
      }
    }
    return comeBack(turning, reason);
  }

  private PollOutcome assignment(LiveRound live) {
    Round round = live.round();
    return new PollOutcome.Assignment(
        round.id(), round.planVersion(), round.planHash(), round.baseModel(), timeLeft(live));
  }

  /** Until the last check-in is due, and the roster freezes at the latest. */
  private Duration timeLeft(LiveRound live) {
    Instant deadline = live.trainDeadline();
    if (deadline == null) {
      return live.plan().deadlines().train();
    }
    Duration left = Duration.between(workers.clock().instant(), deadline);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private ComeBack comeBack(@Nullable LiveRound turning, ComeBack.Reason reason) {
    if (turning == null) {
      return new ComeBack(pace.comeBackAfter(0, 1), reason);
    }
    // Only who found no room tells how large the crowd is.
    int turnedAway = reason == ComeBack.Reason.ROUND_FULL ? turning.turnAway() : 0;
    int assignmentsMax = turning.plan().cohort().assignmentsMax();
    return new ComeBack(pace.comeBackAfter(turnedAway, assignmentsMax), reason);
  }

  /**
   * A device comes with an update that it has finished for this plan, round and model.
   *
   * @return a session, or when to come back if the round has moved on without it
   */
  public CheckInOutcome checkIn(
      RoundId id, ContentHash planHash, ContentHash modelHash, ClientId client) {
    LiveRound round = live.of(id.plan());
    if (round == null
        || !round.round().id().equals(id)
        || !round.round().planHash().equals(planHash)
        || !round.round().baseModel().equals(modelHash)) {
      return comeBack(round, ComeBack.Reason.STALE);
    }
    if (round.round().state() instanceof RoundState.Open
        && round.joinedCount() >= round.plan().cohort().size()
        && !round.hasJoined(client)) {
      return comeBack(round, ComeBack.Reason.ROUND_FULL);
    }
    if (!(round.round().state() instanceof RoundState.Open) && !round.hasJoined(client)) {
      return comeBack(round, ComeBack.Reason.STALE);
    }
    return new CheckInOutcome.Offer(
        round.round().session(), 0, timeLeft(round), round.plan().deadlines().input());
  }

  /**
   * A device joins the roster of a session. The stage completes after its advertisement is durable.
   */
  public CompletionStage<SubmitOutcome> advertise(
      SessionId session, ClientId client, SignedAdvertisement advertisement) {
    LiveRound round = live.of(session);
    if (round == null) {
      return refuseUnknown(session);
    }
    return CompletableFuture.supplyAsync(
            () -> advertisement.verify(round.sessionContext(), client, workers.identityKeys()),
            workers.executor())
        .thenCompose(
            genuine ->
                genuine
                    ? join(round, client, ByteBuffer.wrap(advertisement.toRecord()))
                    : refuse(
                        Refusal.Reason.BAD_SIGNATURE,
                        "the advertisement is not signed by this client for this session;"
                            + " sign ctx0 of the offered session"));
  }

  private CompletionStage<SubmitOutcome> join(
      LiveRound round, ClientId client, ByteBuffer advertisement) {
    RecordKey key = new RecordKey(client, Stage.ADVERTISE);
    if (round.hasJoined(client)) {
      return round
          .log()
          .append(key, advertisement)
          .thenApply(answer -> settleJoin(round, client, answer));
    }
    if (!(round.round().state() instanceof RoundState.Open)) {
      return refuse(
          Refusal.Reason.STAGE_CLOSED, "the roster is frozen; take part in another round");
    }
    if (!round.takeSeat(client)) {
      return refuse(Refusal.Reason.ROSTER_FULL, "the roster is full; take part in another round");
    }
    return round
        .log()
        .append(key, advertisement)
        .whenComplete(
            (answer, failure) -> {
              if (!(answer instanceof Acceptance.Accepted)) {
                round.giveSeatBack(client);
              }
            })
        .thenApply(answer -> settleJoin(round, client, answer));
  }

  private SubmitOutcome settleJoin(LiveRound round, ClientId client, Acceptance answer) {
    if (answer instanceof Refused refused) {
      return refusal(refused);
    }
    round.recordJoined(client, workers.clock().instant());
    return durable(round, client);
  }

  /** Whether a client may upload an update of so many bytes now. */
  public UploadAdmission admitUpload(
      SessionId session, ClientId client, byte[] ticket, long totalBytes, ContentHash sha256) {
    LiveRound round = live.of(session);
    if (round == null) {
      return denied(Refusal.Reason.SESSION_UNKNOWN, UNKNOWN_SESSION);
    }
    if (!tickets.isValid(session, client, ticket) || !round.hasJoined(client)) {
      return denied(Refusal.Reason.NOT_ON_ROSTER, NOT_ON_ROSTER);
    }
    long expected = WireLimits.updateBytes(round.plan().parameters());
    if (totalBytes != expected) {
      return denied(
          Refusal.Reason.WRONG_LENGTH,
          "update has "
              + totalBytes
              + " bytes, must have "
              + expected
              + " for the "
              + round.plan().parameters()
              + " parameters of plan "
              + round.plan().id()
              + "; fetch plan and model again");
    }
    boolean repeated = round.hasContributed(client);
    if (!(round.round().state() instanceof RoundState.Collecting) && !repeated) {
      return denied(
          Refusal.Reason.STAGE_CLOSED,
          "the session is at stage "
              + round.round().state().stage()
              + " and takes no updates; await its next stage");
    }
    return new UploadAdmission.Admitted(
        this, round, new RecordKey(client, Stage.INPUT), totalBytes, sha256);
  }

  /** How much of a client's upload is held; a refusal says that all of it is stored, or why not. */
  public CompletionStage<UploadState> uploadState(
      SessionId session, ClientId client, byte[] ticket) {
    LiveRound round = live.of(session);
    if (round == null || !tickets.isValid(session, client, ticket)) {
      return CompletableFuture.completedFuture(
          new UploadState.Unavailable(
              round == null
                  ? new Refusal(Refusal.Reason.SESSION_UNKNOWN, UNKNOWN_SESSION)
                  : new Refusal(Refusal.Reason.NOT_ON_ROSTER, NOT_ON_ROSTER)));
    }
    RecordKey key = new RecordKey(client, Stage.INPUT);
    if (round.log().accepted(key).isPresent()) {
      return CompletableFuture.completedFuture(new UploadState.Complete(ticket.clone()));
    }
    return round.log().progress(key).thenApply(Rounds::uploadState);
  }

  private static UploadState uploadState(Optional<UploadProgress> progress) {
    UploadProgress held =
        progress.orElseGet(() -> new UploadProgress(0, ContentHash.of(new byte[0])));
    return new UploadState.Partial(held.offset(), held.sha256SoFar());
  }

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
    LiveRound round = live.of(session);
    return round != null
        ? waits.hold(round, known, hold)
        : Optional.of(CompletableFuture.supplyAsync(() -> pastState(session), workers.executor()));
  }

  private AwaitOutcome pastState(SessionId session) {
    Optional<Round> past = store.findBySession(session);
    return past.isPresent()
        ? new AwaitOutcome.Progress(past.get().state())
        : new Refusal(Refusal.Reason.SESSION_UNKNOWN, UNKNOWN_SESSION);
  }

  /** A device says that it leaves the session. Nothing that it handed in is taken back. */
  public void abort(SessionId session, ClientId client, byte[] ticket) {
    LiveRound round = live.of(session);
    if (round != null && tickets.isValid(session, client, ticket)) {
      round.recordLeft(client);
      workers.wakeConductor().run();
    }
  }

  /** Calls of {@link #await} that are held at the moment. */
  public int awaitCallsHeld() {
    return waits.held();
  }

  SubmitOutcome durable(LiveRound round, ClientId client) {
    workers.wakeConductor().run();
    return new SubmitOutcome.Durable(tickets.issue(round.round().session(), client));
  }

  private CompletionStage<SubmitOutcome> refuseUnknown(SessionId session) {
    return CompletableFuture.supplyAsync(
        () ->
            store.findBySession(session).isPresent()
                ? new Refusal(
                    Refusal.Reason.STAGE_CLOSED, "the session is over; take part in another round")
                : new Refusal(Refusal.Reason.SESSION_UNKNOWN, UNKNOWN_SESSION),
        workers.executor());
  }

  private static final String UNKNOWN_SESSION =
      "this coordinator has no such session going on; poll again";

  private static final String NOT_ON_ROSTER =
      "the ticket is not that of a client on the roster of this session; advertise first";

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

  /** The round that is going on for a plan. */
  public Optional<Round> present(PlanId plan) {
    LiveRound round = live.of(plan);
    return round == null ? Optional.empty() : Optional.of(round.round());
  }
}
