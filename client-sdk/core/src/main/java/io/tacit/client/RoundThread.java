package io.tacit.client;

import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.GrpcCoordinatorConnection;
import io.tacit.client.features.BehaviourExamples;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.recommend.ModelUse;
import io.tacit.client.release.ModelDownload;
import io.tacit.client.release.ModelDownloadOutcome;
import io.tacit.client.release.ModelDownloadSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does one participation after the other, on the thread of rounds: the newest model, a round, and
 * the model that came of it. Methods are safe for use by threads.
 */
final class RoundThread {

  /** How long a schedule waits after a failure that nobody foresaw. */
  static final Duration AFTER_FAILURE = Duration.ofHours(6);

  private static final Duration AFTER_STORAGE = Duration.ofHours(1);
  private static final Duration WHILE_PAUSED = Duration.ofMinutes(15);

  /** Hears what happens, on the thread of rounds. */
  interface Listener {

    /** Whether nothing may be sent now. */
    boolean isPaused();

    void reached(ParticipationStep step);

    void participated(Participation participation);

    void modelInstalled(ModelUse use);

    /** What is offered is what is there. */
    void modelUpToDate();

    void modelRefused(ModelDownloadOutcome.Refused refused);
  }

  private final ClientSettings settings;
  private final ClientThreads threads;
  private final Callable<ClientFiles> files;
  private final Listener listener;

  private @Nullable CompletableFuture<Participation> underWay;
  private @Nullable Thread interruptible;

  /** Both for the thread of rounds alone, until it has ended. */
  private @Nullable GrpcCoordinatorConnection connection;

  private final @Nullable Enroller enroller;

  private @Nullable Participant participant;

  /**
   * @param files called on the thread of the device's files
   */
  RoundThread(
      ClientSettings settings,
      ClientThreads threads,
      Callable<ClientFiles> files,
      Listener listener) {
    this.settings = settings;
    this.threads = threads;
    this.files = files;
    this.listener = listener;
    this.enroller =
        settings.enrolment() == null ? null : new Enroller(settings.enrolment(), settings.clock());
  }

  /** The participation under way, or a new one. */
  synchronized CompletableFuture<Participation> participate() {
    if (underWay == null || underWay.isDone()) {
      underWay = threads.insideRounds(this::participateAndTell);
    }
    return underWay;
  }

  /** Runs something while no participation is under way. */
  <T> CompletableFuture<T> between(Supplier<CompletableFuture<T>> action) {
    return threads.insideRounds(() -> await(action.get()));
  }

  /** Asks the participation under way, if there is one, to end at a safe point. */
  synchronized void interrupt() {
    if (interruptible != null) {
      interruptible.interrupt();
    }
  }

  private Participation participateAndTell() throws Exception {
    setInterruptible(Thread.currentThread());
    Participation participation;
    try {
      participation = participateHere();
    } finally {
      setInterruptible(null);
      // Whoever asked has been heard; the next task must not end because of it.
      Thread.interrupted();
    }
    listener.participated(participation);
    return participation;
  }

  private synchronized void setInterruptible(@Nullable Thread thread) {
    interruptible = thread;
  }

  private Participation participateHere() throws Exception {
    CoordinatorAddress address = settings.coordinator();
    if (address == null) {
      return Participation.of(
          Participation.Result.NOTHING_TO_DO,
          "This client was built without a coordinator.",
          AFTER_FAILURE);
    }
    try {
      ClientFiles open = await(threads.insideFiles(files));
      if (listener.isPaused()) {
        return Participation.of(
            Participation.Result.PAUSED, "Taking part is paused.", WHILE_PAUSED);
      }
      return participate(open, address);
    } catch (IOException e) {
      return Thread.currentThread().isInterrupted()
          ? Participant.stopped()
          : Participation.stuck(
              Participation.Result.STORAGE_FAILED,
              "This device's storage does not work: " + e.getMessage() + ".",
              AFTER_STORAGE);
    } catch (InterruptedException e) {
      return Participant.stopped();
    }
  }

  private Participation participate(ClientFiles open, CoordinatorAddress address)
      throws IOException {
    GrpcCoordinatorConnection present = connection;
    if (present == null) {
      present = GrpcCoordinatorConnection.open(address.connection());
      connection = present;
    }
    Participation participation;
    try {
      participation =
          participate(open, enroller == null ? present : enroller.admit(open.storage(), present));
    } catch (ConnectionException e) {
      participation =
          participantOf(open)
              .away(
                  e.reason(), String.valueOf(e.getMessage()), e.retryAfter().orElse(Duration.ZERO));
    }
    if (participation.result() == Participation.Result.NO_CONNECTION) {
      // The next one begins anew: a channel that has failed would fail its first calls at once.
      present.close();
      connection = null;
    }
    return participation;
  }

  private Participation participate(ClientFiles open, GrpcCoordinatorConnection present)
      throws IOException {
    Participant here = participantOf(open);
    ModelDownload download =
        new ModelDownload(wanted(), present, open.models(), open.trust(settings), here.device());
    if (refresh(download, open.models()) instanceof ModelDownloadOutcome.NoConnection away) {
      // Without a word from it now, a round would not hear one within its minute either.
      return here.away(away.reason(), away.detail(), away.retryAfter());
    }
    Participation participation = here.participate(present, present.certificate().orElse(null));
    if (participation.hasContributed()) {
      refresh(download, open.models());
    }
    return participation;
  }

  /** Keeps what it knows between rounds, unless the files were opened anew. */
  private Participant participantOf(ClientFiles open) {
    Participant known = participant;
    if (known == null || !known.isOf(open)) {
      BehaviourExamples examples = new BehaviourExamples(open.behaviour());
      known =
          new Participant(
              settings,
              open,
              // An interrupt must not meet the store's open files: it would close them.
              (plan, catalogue) ->
                  uninterrupted(threads.insideFiles(() -> examples.examples(plan, catalogue))),
              listener::reached);
      participant = known;
    }
    return known;
  }

  private ModelDownloadSettings wanted() {
    ModelDownloadSettings any = ModelDownloadSettings.of(settings.population());
    return settings.plan() == null ? any : any.withPlan(settings.plan());
  }

  private ModelDownloadOutcome refresh(ModelDownload download, ModelStore models)
      throws IOException {
    ModelDownloadOutcome outcome = download.update();
    if (outcome instanceof ModelDownloadOutcome.Installed) {
      models.use().ifPresent(listener::modelInstalled);
    } else if (outcome instanceof ModelDownloadOutcome.UpToDate) {
      listener.modelUpToDate();
    } else if (outcome instanceof ModelDownloadOutcome.Refused refused
        && refused.reason() != ModelDownloadOutcome.Reason.OLDER_VERSION
        && refused.reason() != ModelDownloadOutcome.Reason.MISSING) {
      listener.modelRefused(refused);
    }
    return outcome;
  }

  private static <T> T await(CompletableFuture<T> future)
      throws IOException, InterruptedException, ExecutionException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw e;
    }
  }

  private static <T> T uninterrupted(CompletableFuture<T> future) throws IOException {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw e;
    }
  }

  /**
   * Ends at a safe point and closes the connection.
   *
   * @return false if the thread that waited was interrupted
   */
  boolean close(long millis) {
    boolean waited = threads.endRounds(millis);
    CoordinatorConnection open = connection;
    if (open != null) {
      open.close();
    }
    return waited;
  }
}
