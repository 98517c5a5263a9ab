package io.tacit.client.rounds;

import io.tacit.client.connection.Assignment;
import io.tacit.client.connection.AwaitOutcome;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.Membership;
import io.tacit.client.connection.Refusal;
import io.tacit.client.connection.SessionOffer;
import io.tacit.client.connection.SessionState;
import io.tacit.client.connection.StageMessage;
import io.tacit.client.connection.SubmitOutcome;
import io.tacit.client.connection.Upload;
import io.tacit.client.secagg.AbortReason;
import io.tacit.client.storage.Charge;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.session.SignedAdvertisement;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The calls of one session, in the device's own time, whatever the session does with the update.
 * Used once.
 */
final class SessionCalls {

  /**
   * A device waits this many times a stage's own limit: it is the coordinator that ends a stage.
   */
  private static final int STAGE_FACTOR = 2;

  /**
   * A round has its result when its last session has: a device waits for those that still fill, but
   * not for longer than this.
   */
  private static final Duration OTHER_SESSIONS_MAX = Duration.ofMinutes(30);

  private static final Duration HOLD_MAX = Duration.ofMillis(WireLimits.AWAIT_HOLD_MILLIS_MAX);

  private final ParticipantSettings settings;
  private final Device device;
  private final CoordinatorConnection connection;
  private final Pacing pacing;
  private final FinishedWork finished;
  private final Work work;
  private final RoundObserver observer;
  private final SessionOffer offer;
  private final Pacing.Deadline lastCheckIn;

  /**
   * @param lastCheckIn until when sessions of the round may fill
   */
  SessionCalls(
      ParticipantSettings settings,
      Device device,
      CoordinatorConnection connection,
      Pacing pacing,
      FinishedWork finished,
      SessionOffer offer,
      Pacing.Deadline lastCheckIn) {
    this.settings = settings;
    this.device = device;
    this.connection = connection;
    this.pacing = pacing;
    this.finished = finished;
    this.work = finished.work();
    this.observer = finished.observer();
    this.offer = offer;
    this.lastCheckIn = lastCheckIn;
  }

  /** Until the roster has frozen, at the latest. */
  Pacing.Deadline rosterDeadline() {
    return stage(offer.advertiseWithin(), deadlines().train());
  }

  /** Until the inputs have frozen, at the latest. */
  Pacing.Deadline inputDeadline() {
    return stage(offer.inputWithin(), deadlines().input());
  }

  /** Until a stage of secure aggregation is over, at the latest. */
  Pacing.Deadline deadlineOf(Duration planned) {
    return stage(planned, planned);
  }

  /** Until a round of this one session has its result, at the latest. */
  Pacing.Deadline resultDeadline(Duration stages) {
    return pacing.within(stages.multipliedBy(STAGE_FACTOR).plus(settings.resultWithin()));
  }

  /** The same where other sessions of the round may still fill. */
  Pacing.Deadline resultOfAllDeadline() {
    DeadlineSettings limits = deadlines();
    if (work.plan().sessionCount() == 1) {
      return resultDeadline(limits.unmask());
    }
    Duration stages =
        limits.shareKeys().plus(limits.input()).plus(limits.consistency()).plus(limits.unmask());
    Duration others =
        shorter(
            OTHER_SESSIONS_MAX, lastCheckIn.remaining().plus(stages.multipliedBy(STAGE_FACTOR)));
    return pacing.within(others.plus(settings.resultWithin()));
  }

  /** Joins the roster; the same bytes in every repetition: the coordinator knows them again. */
  SubmitOutcome join(SignedAdvertisement advertisement, Pacing.Deadline deadline)
      throws ConnectionException {
    return pacing.call(
        deadline,
        () -> connection.advertise(offer.session(), device.identity().clientId(), advertisement));
  }

  /** On the roster, with this answer's ticket. */
  DeviceState.Advertised advertised(SubmitOutcome.Joined joined) {
    observer.reached(round(), RoundStep.ADVERTISED);
    return new DeviceState.Advertised(
        new Membership(offer.session(), device.identity().clientId(), joined.ticket()));
  }

  /** Hands in a stage's signed message. */
  SubmitOutcome submit(Membership membership, StageMessage message, Pacing.Deadline deadline)
      throws ConnectionException {
    return pacing.call(deadline, () -> connection.submit(membership, message));
  }

  /** Waits until the session has left a stage; empty if time is over first. */
  Optional<AwaitOutcome> await(Membership membership, Stage known, Pacing.Deadline deadline)
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

  /**
   * Spends the round with what it costs, and writes down what leaves, both durably; empty if it was
   * spent before, or costs too much by now. If the device can not remember it, it leaves, so that
   * the others need not wait for it.
   *
   * @param bytes of the update
   */
  Optional<DeviceState.Spent> spend(DeviceState.Advertised advertised, int bytes, int rosterSize)
      throws IOException {
    boolean isRemembered = false;
    try {
      Optional<DeviceState.Spent> spent =
          advertised.spend(
              device.latch(),
              round(),
              Charge.of(work.plan()),
              bytes,
              finished.reported(),
              () -> !objectionToSpending().isPresent());
      if (spent.isPresent()) {
        observer.leaving(leaving(bytes, rosterSize));
        observer.reached(round(), RoundStep.SPENT);
      }
      isRemembered = true;
      return spent;
    } finally {
      if (!isRemembered) {
        leave(advertised.membership(), AbortReason.LOCAL_FAILURE, 0);
      }
    }
  }

  private LeavingUpdate leaving(int bytes, int rosterSize) {
    TrainingPlan plan = work.plan();
    return new LeavingUpdate(
        round(),
        plan.version(),
        plan.aggregation().mode(),
        bytes,
        plan.client().clipNorm(),
        rosterSize,
        Charge.of(plan),
        plan.noise().map(NoisePlan::sensitivity).orElse(plan.client().clipNorm()),
        finished.reports());
  }

  private Optional<PolicyCheck.Objection> objectionToSpending() throws IOException {
    return PolicyCheck.objectionToSpending(work.plan(), settings.policy(), device.latch());
  }

  /** Leaves a session that gets no update, as the round could not be spent. */
  ParticipationOutcome notSpent(Membership membership) throws IOException {
    Optional<PolicyCheck.Objection> objection = objectionToSpending();
    if (objection.isPresent() && device.latch().isOpen(round())) {
      leave(membership, AbortReason.LEDGER_EXHAUSTED, 0);
      return new ParticipationOutcome.Declined(
          round(), objection.get().reason(), objection.get().detail());
    }
    leave(membership, AbortReason.UPDATE_SPENT, 0);
    return new ParticipationOutcome.Declined(
        round(),
        DeclineReason.UPDATE_SPENT,
        device.latch().isOpen(round())
            ? "this device has reported on the model of round " + round() + " in another round"
            : "this device has sent its update of round " + round() + " before");
  }

  /** What sends an update. */
  UpdateSender sender(Upload upload) {
    return new UpdateSender(connection, pacing, upload);
  }

  /** The coordinator has the whole update. */
  void sent() {
    observer.reached(round(), RoundStep.SENT);
  }

  /** Tells the coordinator, once: it finds out by its own deadline otherwise. */
  void leave(Membership membership, AbortReason reason, int accused) {
    try {
      connection.abort(membership, reason.name(), accused);
    } catch (ConnectionException e) {
      // Courtesy only; the outcome of this device is the same.
    }
  }

  ParticipationOutcome ended(SessionState state) {
    return new ParticipationOutcome.RoundAborted(
        round(),
        state.stage() == Stage.ABORTED
            ? state.abortReason()
            : "the session went on to " + state.stage() + " without this device");
  }

  ParticipationOutcome refused(Refusal refusal) {
    return new ParticipationOutcome.Refused(round(), refusal.reason(), refusal.detail());
  }

  ParticipationOutcome outOfTime(RoundStep at) {
    return new ParticipationOutcome.OutOfTime(round(), at);
  }

  private Pacing.Deadline stage(Duration offered, Duration planned) {
    return pacing.within(shorter(offered, planned).multipliedBy(STAGE_FACTOR));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  DeadlineSettings deadlines() {
    return work.plan().deadlines();
  }

  Assignment assignment() {
    return work.assignment();
  }

  RoundId round() {
    return work.assignment().round();
  }
}
