package io.tacit.client.rounds;

import io.tacit.client.connection.Assignment;
import io.tacit.client.connection.AwaitOutcome;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.Refusal;
import io.tacit.client.connection.SessionOffer;
import io.tacit.client.connection.SessionState;
import io.tacit.client.connection.SubmitOutcome;
import io.tacit.client.connection.Upload;
import io.tacit.client.connection.UploadOutcome;
import io.tacit.client.secagg.AbortReason;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.session.SignedAdvertisement;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * One session of mode PLAIN, in which the coordinator sees the update, from the offer to its end:
 * join, await the roster, send, await the result. Each step calls the next, so they happen in this
 * order or not at all. Used once.
 */
final class PlainSession {

  private final Device device;
  private final Work work;
  private final SessionOffer offer;
  private final SessionCalls calls;
  private final UpdateSender sender;

  PlainSession(Device device, FinishedWork finished, SessionOffer offer, SessionCalls calls) {
    this.device = device;
    this.work = finished.work();
    this.offer = offer;
    this.calls = calls;
    this.sender = calls.sender(Upload.owning(finished.update().toBytes()));
  }

  /** Joins the session and runs it to its end. */
  ParticipationOutcome run() throws ConnectionException, IOException {
    Pacing.Deadline deadline = calls.rosterDeadline();
    SubmitOutcome outcome = calls.join(sign(), deadline);
    if (outcome instanceof Refusal refusal) {
      return calls.refused(refusal);
    }
    return awaitRoster(calls.advertised((SubmitOutcome.Joined) outcome), deadline);
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
    Optional<AwaitOutcome> answer = calls.await(advertised.membership(), Stage.ADVERTISE, deadline);
    if (!answer.isPresent()) {
      calls.leave(advertised.membership(), AbortReason.LOCAL_DEADLINE, 0);
      return calls.outOfTime(RoundStep.ADVERTISED);
    }
    if (answer.get() instanceof Refusal refusal) {
      return calls.refused(refusal);
    }
    SessionState state = (SessionState) answer.get();
    if (state.stage() != Stage.INPUT) {
      return calls.ended(state);
    }
    int minimum = work.plan().cohort().minimum();
    if (state.rosterSize() < minimum) {
      calls.leave(advertised.membership(), AbortReason.POLICY_COHORT_TOO_SMALL, 0);
      return new ParticipationOutcome.Declined(
          calls.round(),
          DeclineReason.POLICY_COHORT_TOO_SMALL,
          "the roster has " + state.rosterSize() + " devices, the plan promises " + minimum);
    }
    Optional<DeviceState.Spent> spent = calls.spend(advertised, sender.size(), state.rosterSize());
    if (!spent.isPresent()) {
      return calls.notSpent(advertised.membership());
    }
    return send(spent.get());
  }

  private ParticipationOutcome send(DeviceState.Spent spent) throws ConnectionException {
    UploadOutcome outcome = sender.send(spent, calls.inputDeadline());
    if (outcome instanceof Refusal refusal) {
      return calls.refused(refusal);
    }
    calls.sent();
    return awaitResult(spent.sent());
  }

  private ParticipationOutcome awaitResult(DeviceState.Sent sent) throws ConnectionException {
    Optional<AwaitOutcome> answer =
        calls.await(
            sent.membership(), Stage.INPUT, calls.resultDeadline(calls.deadlines().input()));
    if (!answer.isPresent()) {
      return calls.outOfTime(RoundStep.SENT);
    }
    if (answer.get() instanceof Refusal refusal) {
      return calls.refused(refusal);
    }
    SessionState state = (SessionState) answer.get();
    if (state.stage() != Stage.COMPLETED) {
      return calls.ended(state);
    }
    ContentHash newModel = Objects.requireNonNull(state.newModelHash());
    return new ParticipationOutcome.Contributed(
        calls.round(), newModel, state.contributors(), sender.bytesUp(), work.bytesDown());
  }
}
