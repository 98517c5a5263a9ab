package io.tacit.client.rounds;

import io.tacit.client.connection.Assignment;
import io.tacit.client.connection.CheckIn;
import io.tacit.client.connection.CheckInOutcome;
import io.tacit.client.connection.ComeBack;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.PollOutcome;
import io.tacit.client.connection.SessionOffer;
import io.tacit.client.privacy.ClippedUpdate;
import io.tacit.client.privacy.UpdateClipper;
import io.tacit.client.training.LocalTrainer;
import io.tacit.client.training.LocalTrainerOutcome;
import io.tacit.protocol.encoding.EncodedUpdate;
import io.tacit.protocol.plan.MetricReport;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.time.Duration;
import java.util.Locale;

/**
 * Takes a device through a round: poll, fetch, train, clip, encode, check in, and the session.
 *
 * <p>Guarantee: nothing is sent that the app's policy does not allow, at most one update leaves the
 * device per (plan, round), over restarts too, and no more of them than plan and app let it reveal;
 * each is counted before its first byte leaves. Of each model at most one says how well it did.
 * While no coordinator answers, the finished update is kept, and offered again, until the round's
 * own deadline. Assumes: the device's storage is not set back. Thread-safe; one participation at a
 * time makes sense.
 */
public final class RoundParticipant {

  /** Sessions that one update is brought to at the most, before any has taken it. */
  private static final int SESSIONS_MAX = 8;

  /** What a device waits for another session; told to come back later, it does with new work. */
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);

  private final ParticipantSettings settings;
  private final Device device;
  private final CoordinatorConnection connection;
  private final ArtifactCache artifacts;
  private final LocalTrainer trainer;
  private final Pacing pacing;

  /**
   * @param settings population and policy of the app
   * @param device who takes part
   * @param connection to the coordinator; stays open
   * @param artifacts plans, catalogues and models fetched before; may be shared
   * @param trainer makes the update
   * @param pacing of repetitions
   */
  public RoundParticipant(
      ParticipantSettings settings,
      Device device,
      CoordinatorConnection connection,
      ArtifactCache artifacts,
      LocalTrainer trainer,
      Pacing pacing) {
    this.settings = settings;
    this.device = device;
    this.connection = connection;
    this.artifacts = artifacts;
    this.trainer = trainer;
    this.pacing = pacing;
  }

  /**
   * Takes part once. Blocks for minutes where a round takes them; interrupt the thread to stop it.
   *
   * @throws IOException if the device's own storage fails
   */
  public ParticipationOutcome participate() throws IOException {
    return participate(RoundObserver.NONE);
  }

  /**
   * Takes part once, watched.
   *
   * @param observer hears of each step, on this thread
   * @throws IOException if the device's own storage fails, or the observer's
   */
  public ParticipationOutcome participate(RoundObserver observer) throws IOException {
    try {
      PollOutcome outcome =
          pacing.call(
              pacing.within(settings.pollWithin()),
              () ->
                  connection.poll(
                      settings.population(), device.identity().clientId(), settings.modelKinds()));
      return outcome instanceof Assignment assignment
          ? prepare(assignment, observer)
          : comeBack((ComeBack) outcome);
    } catch (ConnectionException e) {
      return noConnection(e);
    } catch (ClosedByInterruptException | FileLockInterruptionException e) {
      // The interrupt came while a file was at work; what was to be written is there whole or not.
      return new ParticipationOutcome.Interrupted();
    }
  }

  private ParticipationOutcome prepare(Assignment assignment, RoundObserver observer)
      throws ConnectionException, IOException {
    observer.reached(assignment.round(), RoundStep.ASSIGNED);
    Pacing.Deadline deadline = pacing.within(assignment.trainWithin());
    WorkPreparation preparation = new WorkPreparation(connection, artifacts, pacing, deadline);
    WorkPreparation.Outcome outcome = preparation.prepare(assignment, settings, device);
    if (outcome instanceof WorkPreparation.Outcome.Declined declined) {
      return declined(assignment, declined.objection());
    }
    return train(((WorkPreparation.Outcome.Accepted) outcome).work(), deadline, observer);
  }

  private ParticipationOutcome train(Work work, Pacing.Deadline deadline, RoundObserver observer)
      throws ConnectionException, IOException {
    LocalTrainerOutcome outcome =
        trainer.train(
            work.plan(), work.catalogue(), work.model(), settings.policy().allowsMetrics());
    if (outcome instanceof LocalTrainerOutcome.StayedOut out) {
      return new ParticipationOutcome.NotEligible(
          work.assignment().round(), out.reason(), out.detail());
    }
    FinishedWork finished = finish(work, (LocalTrainerOutcome.Finished) outcome, observer);
    observer.reached(work.assignment().round(), RoundStep.TRAINED);
    return checkIn(finished, deadline);
  }

  private FinishedWork finish(
      Work work, LocalTrainerOutcome.Finished outcome, RoundObserver observer) throws IOException {
    TrainingPlan plan = work.plan();
    ClippedUpdate clipped =
        outcome instanceof LocalTrainerOutcome.Trained trained
            ? new UpdateClipper(plan.client().clipNorm()).clip(trained.update())
            : ClippedUpdate.nothing(plan.parameters());
    MetricReport report = outcome.report();
    if (report != null && !device.latch().mayReport(plan.id(), work.assignment().modelHash())) {
      // The model came before, in a round that failed perhaps: whoever adds up would see it twice.
      report = null;
    }
    EncodedUpdate update = clipped.encode(plan, report, device.bits().get());
    return new FinishedWork(work, update, report != null, observer);
  }

  /** Brings the update to a session, and to another where one ends before it has taken it. */
  private ParticipationOutcome checkIn(FinishedWork finished, Pacing.Deadline deadline)
      throws ConnectionException, IOException {
    Assignment assignment = finished.work().assignment();
    CheckIn checkIn =
        new CheckIn(assignment.round(), assignment.planHash(), assignment.modelHash());
    ParticipationOutcome last =
        new ParticipationOutcome.OutOfTime(assignment.round(), RoundStep.TRAINED);
    for (int sessions = 1; !deadline.isOver(); sessions++) {
      CheckInOutcome outcome =
          pacing.call(deadline, () -> connection.checkIn(device.identity().clientId(), checkIn));
      Duration wait = Duration.ZERO;
      if (outcome instanceof ComeBack comeBack) {
        if (sessions == 1) {
          return comeBack(comeBack);
        }
        wait = comeBack.after();
        if (comeBack.reason() == ComeBack.Reason.STALE || wait.compareTo(WAIT_MAX) > 0) {
          return last;
        }
      } else {
        SessionEnd end = join(finished, (SessionOffer) outcome, deadline);
        last = end.outcome();
        if (!end.isUpdateWhole()) {
          return last;
        }
      }
      if (sessions == SESSIONS_MAX || !pacing.pause(sessions, deadline, wait)) {
        return last;
      }
    }
    return last;
  }

  private SessionEnd join(FinishedWork finished, SessionOffer offer, Pacing.Deadline deadline)
      throws ConnectionException, IOException {
    TrainingPlan plan = finished.work().plan();
    if (offer.suite() != plan.suite().number()) {
      return SessionEnd.of(
          declined(
              finished.work().assignment(),
              new PolicyCheck.Objection(
                  DeclineReason.POLICY_SUITE,
                  "session has suite "
                      + offer.suite()
                      + ", the plan's mode "
                      + plan.aggregation().mode().name().toLowerCase(Locale.ROOT)
                      + " has suite "
                      + plan.suite().number())));
    }
    SessionCalls calls =
        new SessionCalls(settings, device, connection, pacing, finished, offer, deadline);
    return plan.suite().isSecure()
        ? new SecureSession(
                device,
                settings.policy().cohortMinimum(),
                finished,
                offer,
                calls,
                new RoundRecords(connection, pacing))
            .run()
        : SessionEnd.of(new PlainSession(device, finished, offer, calls).run());
  }

  private static ParticipationOutcome comeBack(ComeBack comeBack) {
    return new ParticipationOutcome.ComeBackLater(comeBack.after(), comeBack.reason());
  }

  private static ParticipationOutcome declined(
      Assignment assignment, PolicyCheck.Objection objection) {
    return new ParticipationOutcome.Declined(
        assignment.round(), objection.reason(), objection.detail());
  }

  private static ParticipationOutcome noConnection(ConnectionException e) {
    if (e.reason() == ConnectionException.Reason.INTERRUPTED) {
      return new ParticipationOutcome.Interrupted();
    }
    return ParticipationOutcome.NoConnection.because(e);
  }
}
