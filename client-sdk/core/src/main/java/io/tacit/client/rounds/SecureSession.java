package io.tacit.client.rounds;

import io.tacit.client.connection.AwaitOutcome;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.Membership;
import io.tacit.client.connection.Refusal;
import io.tacit.client.connection.SessionOffer;
import io.tacit.client.connection.SessionState;
import io.tacit.client.connection.StageMessage;
import io.tacit.client.connection.SubmitOutcome;
import io.tacit.client.connection.Upload;
import io.tacit.client.connection.UploadOutcome;
import io.tacit.client.secagg.AbortReason;
import io.tacit.client.secagg.MaskingSession;
import io.tacit.client.secagg.SessionTerms;
import io.tacit.client.secagg.Step;
import io.tacit.protocol.Stage;
import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * One session of secure aggregation, from the offer to its end: fetches what the coordinator
 * publishes, lets a {@link MaskingSession} judge it, and sends what that answers. Used once.
 *
 * <p>INVARIANT: the round is spent, durably, before the first byte of the update leaves. Until then
 * nothing of it has, and another session of the round may have it; from then on none may, whatever
 * the coordinator says of this one.
 */
final class SecureSession {

  private final Work work;
  private final EncodedUpdate update;
  private final SessionCalls calls;
  private final RoundRecords records;
  private final MaskingSession masking;
  private boolean isSpent;
  private long bytesUp;

  SecureSession(
      Device device,
      int cohortMinimum,
      FinishedWork finished,
      SessionOffer offer,
      SessionCalls calls,
      RoundRecords records) {
    this.work = finished.work();
    this.update = finished.update();
    this.calls = calls;
    this.records = records;
    this.masking =
        MaskingSession.open(
            terms(offer, cohortMinimum),
            device.identity().keys(),
            device.certificate(),
            device.trust(),
            device.random());
  }

  private SessionTerms terms(SessionOffer offer, int cohortMinimum) {
    TrainingPlan plan = work.plan();
    return new SessionTerms(
        offer.session(),
        plan.suite(),
        calls.round(),
        work.assignment().planHash(),
        work.assignment().modelHash(),
        Math.max(cohortMinimum, plan.sessionMinimum()),
        // With noise no roster may be of another size than it was planned for: of 40 devices fewer
        // are counted on than of 39.
        plan.noise().isPresent() ? plan.sessionSize() : plan.aggregation().shards().size(),
        plan.aggregation().shards().survivors());
  }

  /** Leaves the nested steps of this class with the session's end. */
  private static final class EndException extends Exception {

    private static final long serialVersionUID = 1;
    private final transient ParticipationOutcome outcome;

    EndException(ParticipationOutcome outcome) {
      super("the session ended");
      this.outcome = outcome;
    }
  }

  /** Joins the session and runs it to its end. */
  SessionEnd run() throws ConnectionException, IOException {
    try {
      DeviceState.Sent sent = untilSent();
      return SessionEnd.of(untilResult(sent.membership()));
    } catch (EndException e) {
      return new SessionEnd(e.outcome, !isSpent && mayRepeat(e.outcome));
    } catch (ConnectionException e) {
      if (isSpent || !e.isRetryable()) {
        throw e;
      }
      return new SessionEnd(ParticipationOutcome.NoConnection.because(e), true);
    } finally {
      masking.erase();
    }
  }

  /** Whether another session may go better than one that ended like this. */
  private static boolean mayRepeat(ParticipationOutcome outcome) {
    if (!(outcome instanceof ParticipationOutcome.Refused refused)) {
      return !(outcome instanceof ParticipationOutcome.Declined);
    }
    return switch (refused.reason()) {
      case SESSION_UNKNOWN, STAGE_CLOSED, ROSTER_FULL, NOT_ON_ROSTER -> true;
      case OTHER,
          BAD_SIGNATURE,
          OTHER_BYTES,
          WRONG_LENGTH,
          WRONG_DIGEST,
          WRONG_OFFSET,
          SUPERSEDED ->
          false;
    };
  }

  private DeviceState.Sent untilSent() throws ConnectionException, IOException, EndException {
    Pacing.Deadline deadline = calls.rosterDeadline();
    DeviceState.Advertised advertised = join(deadline);
    Membership self = advertised.membership();
    byte[] roster = published(self, Stage.ADVERTISE, deadline);
    StageMessage shares = StageMessage.of(goOn(self, masking.acceptRoster(roster)));
    Duration within = calls.deadlines().shareKeys();
    if (calls.submit(self, shares, calls.deadlineOf(within)) instanceof Refusal refusal) {
      throw new EndException(calls.refused(refusal));
    }
    byte[] inbox = published(self, Stage.SHARE_KEYS, calls.deadlineOf(within));
    byte[] masked = goOn(self, masking.acceptInbox(inbox, update));
    return send(spend(advertised, masked.length), Upload.owning(masked));
  }

  private DeviceState.Advertised join(Pacing.Deadline deadline)
      throws ConnectionException, EndException {
    SubmitOutcome outcome = calls.join(masking.advertisement(), deadline);
    if (outcome instanceof Refusal refusal) {
      throw new EndException(calls.refused(refusal));
    }
    return calls.advertised((SubmitOutcome.Joined) outcome);
  }

  private DeviceState.Spent spend(DeviceState.Advertised advertised, int bytes)
      throws IOException, EndException {
    Optional<DeviceState.Spent> spent = calls.spend(advertised, bytes, masking.view().rosterSize());
    if (!spent.isPresent()) {
      throw new EndException(calls.notSpent(advertised.membership()));
    }
    isSpent = true;
    return spent.get();
  }

  private DeviceState.Sent send(DeviceState.Spent spent, Upload upload)
      throws ConnectionException, EndException {
    UpdateSender sender = calls.sender(upload);
    UploadOutcome outcome = sender.send(spent, calls.inputDeadline());
    bytesUp = sender.bytesUp();
    if (outcome instanceof Refusal refusal) {
      throw new EndException(calls.refused(refusal));
    }
    calls.sent();
    return spent.sent();
  }

  /**
   * Signs and reveals, if there is time for it: others do it for a device that is late. The steps
   * stand one after the other, so a coordinator that goes back a stage gets nothing twice.
   */
  private ParticipationOutcome untilResult(Membership self)
      throws ConnectionException, EndException {
    SessionState state = next(self, Stage.INPUT, calls.inputDeadline());
    if (state.stage() == Stage.CONSISTENCY) {
      StageMessage signature = StageMessage.of(goOn(self, masking.acceptSurvivors(bytesOf(state))));
      Duration within = calls.deadlines().consistency();
      submitIfOpen(self, signature, calls.deadlineOf(within));
      state = next(self, Stage.CONSISTENCY, calls.deadlineOf(within));
      if (state.stage() == Stage.UNMASK) {
        StageMessage revealed =
            StageMessage.of(goOn(self, masking.acceptSignatures(bytesOf(state))));
        submitIfOpen(self, revealed, calls.deadlineOf(calls.deadlines().unmask()));
      }
    }
    masking.erase();
    Pacing.Deadline deadline = calls.resultOfAllDeadline();
    while (!state.stage().isTerminal()) {
      state = next(self, state.stage(), deadline);
    }
    if (state.stage() != Stage.COMPLETED) {
      return calls.ended(state);
    }
    return new ParticipationOutcome.Contributed(
        calls.round(),
        Objects.requireNonNull(state.newModelHash()),
        state.contributors(),
        bytesUp,
        work.bytesDown(),
        records.verdict(work.plan(), state, masking.view()));
  }

  /** What is published when a session goes from a stage to the next. */
  private byte[] published(Membership self, Stage known, Pacing.Deadline deadline)
      throws ConnectionException, EndException {
    SessionState state = next(self, known, deadline);
    if (state.stage().number() != known.number() + 1) {
      throw new EndException(calls.ended(state));
    }
    return bytesOf(state);
  }

  /** None are a publication that nobody accepts. */
  private static byte[] bytesOf(SessionState state) {
    return state.publication() == null ? new byte[0] : state.publication().bytes();
  }

  private SessionState next(Membership self, Stage known, Pacing.Deadline deadline)
      throws ConnectionException, EndException {
    Optional<AwaitOutcome> answer = calls.await(self, known, deadline);
    if (!answer.isPresent()) {
      calls.leave(self, AbortReason.LOCAL_DEADLINE, 0);
      throw new EndException(calls.outOfTime(isSpent ? RoundStep.SENT : RoundStep.ADVERTISED));
    }
    if (answer.get() instanceof Refusal refusal) {
      throw new EndException(calls.refused(refusal));
    }
    return (SessionState) answer.get();
  }

  /** The message of a step that goes on. */
  private <T> T goOn(Membership self, Step<T> step) throws EndException {
    if (step instanceof Step.Leave<T> leave) {
      calls.leave(self, leave.reason(), leave.accused());
      throw new EndException(
          new ParticipationOutcome.LeftSession(
              calls.round(), leave.reason(), leave.accused(), leave.detail()));
    }
    return ((Step.Send<T>) step).message();
  }

  /** Hands in what the session may go on without, and with this device's update all the same. */
  private void submitIfOpen(Membership self, StageMessage message, Pacing.Deadline deadline)
      throws ConnectionException, EndException {
    if (calls.submit(self, message, deadline) instanceof Refusal refusal
        && refusal.reason() != Refusal.Reason.STAGE_CLOSED) {
      throw new EndException(calls.refused(refusal));
    }
  }
}
