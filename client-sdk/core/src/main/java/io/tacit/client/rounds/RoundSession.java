package io.tacit.client.rounds;

import io.tacit.client.connection.Assignment;
import io.tacit.client.connection.AwaitOutcome;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.Membership;
import io.tacit.client.connection.Refusal;
import io.tacit.client.connection.SessionOffer;
import io.tacit.client.connection.SessionState;
import io.tacit.client.connection.SubmitOutcome;
import io.tacit.client.connection.UploadOutcome;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.SignedAdvertisement;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * One session, from the offer to its end: join, await the roster, send, await the result. Each step
 * calls the next, so they happen in this order or not at all. Used once.
 */
final class RoundSession {

  /**
   * A device waits this many times a stage's own limit: it is the coordinator that ends a stage.
   */
  private static final int STAGE_FACTOR = 2;

  private static final Duration HOLD_MAX = Duration.ofMillis(WireLimits.AWAIT_HOLD_MILLIS_MAX);

  private final ParticipantSettings settings;
  private final Device device;
  private final CoordinatorConnection connection;
  private final Pacing pacing;
  private final Work work;
  private final RoundObserver observer;
  private final SessionOffer offer;
  private final UpdateSender sender;

  RoundSession(
      ParticipantSettings settings,
      Device device,
      CoordinatorConnection connection,
      Pacing pacing,
      FinishedWork finished,
      SessionOffer offer) {
    this.settings = settings;
    this.device = device;
    this.connection = connection;
    this.pacing = pacing;
    this.work = finished.work();
    this.observer = finished.observer();
    this.offer = offer;
    this.sender = new UpdateSender(connection, pacing, finished.upload());
  }

  /** Joins the session and runs it to its end. */
  ParticipationOutcome run() throws ConnectionException, IOException {
    Pacing.Deadline deadline = stage(offer.advertiseWithin(), deadlines().train());
    ClientId client = device.identity().clientId();
    SignedAdvertisement advertisement = sign();
    // The same bytes in every repetition: the coordinator knows them again.
    SubmitOutcome outcome =
        pacing.call(deadline, () -> connection.advertise(offer.session(), client, advertisement));
    if (outcome instanceof Refusal refusal) {
      return refused(refusal);
    }
    observer.reached(round(), RoundStep.ADVERTISED);
    return awaitRoster(
        new DeviceState.Advertised(
            new Membership(offer.session(), client, ((SubmitOutcome.Joined) outcome).ticket())),
        deadline);
  }

  private SignedAdvertisement sign() {
    Assignment assignment = work.assignment();
    return SignedAdvertisement.sign(
        Transcript.sessionContext(
            offer.suite(),
            offer.session(),
            assignment.planHash(),
            assignment.modelHash(),
            assignment.round().number()),
        device.identity().keys(),
        device.random());
  }

  private ParticipationOutcome awaitRoster(
      DeviceState.Advertised advertised, Pacing.Deadline deadline)
      throws ConnectionException, IOException {
    Optional<AwaitOutcome> answer = await(advertised.membership(), Stage.ADVERTISE, deadline);
    if (!answer.isPresent()) {
      leave(advertised, AbortCode.LOCAL_DEADLINE);
      return new ParticipationOutcome.OutOfTime(round(), RoundStep.ADVERTISED);
    }
    if (answer.get() instanceof Refusal refusal) {
      return refused(refusal);
    }
    SessionState state = (SessionState) answer.get();
    if (state.stage() != Stage.INPUT) {
      return ended(state);
    }
    int minimum = work.plan().cohort().minimum();
    if (state.rosterSize() < minimum) {
      leave(advertised, AbortCode.POLICY_COHORT_TOO_SMALL);
      return new ParticipationOutcome.Declined(
          round(),
          DeclineReason.POLICY_COHORT_TOO_SMALL,
          "the roster has " + state.rosterSize() + " devices, the plan promises " + minimum);
    }
    return spend(advertised, state.rosterSize());
  }

  private ParticipationOutcome spend(DeviceState.Advertised advertised, int rosterSize)
      throws ConnectionException, IOException {
    Optional<DeviceState.Spent> spent = advertised.spend(device.latch(), round());
    if (!spent.isPresent()) {
      leave(advertised, AbortCode.UPDATE_SPENT);
      return new ParticipationOutcome.Declined(
          round(),
          DeclineReason.UPDATE_SPENT,
          "this device has sent its update of round " + round() + " before");
    }
    observer.leaving(leaving(rosterSize));
    observer.reached(round(), RoundStep.SPENT);
    return send(spent.get());
  }

  private LeavingUpdate leaving(int rosterSize) {
    TrainingPlan plan = work.plan();
    return new LeavingUpdate(
        round(),
        plan.version(),
        plan.aggregation().mode(),
        sender.size(),
        plan.client().clipNorm(),
        rosterSize);
  }

  private ParticipationOutcome send(DeviceState.Spent spent) throws ConnectionException {
    UploadOutcome outcome = sender.send(spent, stage(offer.inputWithin(), deadlines().input()));
    if (outcome instanceof Refusal refusal) {
      return refused(refusal);
    }
    observer.reached(round(), RoundStep.SENT);
    return awaitResult(spent.sent());
  }

  private ParticipationOutcome awaitResult(DeviceState.Sent sent) throws ConnectionException {
    Pacing.Deadline deadline =
        pacing.within(deadlines().input().multipliedBy(STAGE_FACTOR).plus(settings.resultWithin()));
    Optional<AwaitOutcome> answer = await(sent.membership(), Stage.INPUT, deadline);
    if (!answer.isPresent()) {
      return new ParticipationOutcome.OutOfTime(round(), RoundStep.SENT);
    }
    if (answer.get() instanceof Refusal refusal) {
      return refused(refusal);
    }
    SessionState state = (SessionState) answer.get();
    if (state.stage() != Stage.COMPLETED) {
      return ended(state);
    }
    ContentHash newModel = Objects.requireNonNull(state.newModelHash());
    return new ParticipationOutcome.Contributed(
        round(), newModel, state.contributors(), sender.bytesUp(), work.bytesDown());
  }

  /** Waits until the session has left a stage; empty if time is over first. */
  private Optional<AwaitOutcome> await(Membership membership, Stage known, Pacing.Deadline deadline)
      throws ConnectionException {
    while (!deadline.isOver()) {
      Duration hold = shorter(HOLD_MAX, deadline.remaining());
      Pacing.Deadline held = pacing.within(hold.dividedBy(2));
      AwaitOutcome outcome = pacing.call(deadline, () -> connection.await(membership, known, hold));
      if (!(outcome instanceof SessionState state) || state.stage() != known) {
        return Optional.of(outcome);
      }
      // No news, and at once: a coordinator that does not hold calls must not be hammered.
      if (!held.isOver() && !pacing.pause(1, deadline, Duration.ZERO)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Tells the coordinator, once: it finds out by its own deadline otherwise. */
  private void leave(DeviceState.Advertised advertised, AbortCode code) {
    try {
      connection.abort(advertised.membership(), code.name());
    } catch (ConnectionException e) {
      // Courtesy only; the outcome of this device is the same.
    }
  }

  private ParticipationOutcome ended(SessionState state) {
    return new ParticipationOutcome.RoundAborted(
        round(),
        state.stage() == Stage.ABORTED
            ? state.abortReason()
            : "the session went on to " + state.stage() + " without this device");
  }

  private ParticipationOutcome refused(Refusal refusal) {
    return new ParticipationOutcome.Refused(round(), refusal.reason(), refusal.detail());
  }

  private Pacing.Deadline stage(Duration offered, Duration planned) {
    return pacing.within(shorter(offered, planned).multipliedBy(STAGE_FACTOR));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private DeadlineSettings deadlines() {
    return work.plan().deadlines();
  }

  private RoundId round() {
    return work.assignment().round();
  }
}
