package io.tacit.client;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.ledger.Ledger;
import io.tacit.client.recommend.Explanation;
import io.tacit.client.recommend.InstallOutcome;
import io.tacit.client.recommend.ModelUse;
import io.tacit.client.recommend.Predictions;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.recommend.RecommendationRequest;
import io.tacit.client.recommend.Recommendations;
import io.tacit.client.release.ModelDownloadOutcome;
import io.tacit.client.schedule.Conditions;
import io.tacit.client.schedule.Schedule;
import io.tacit.client.schedule.ScheduledRun;
import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is behind a {@link TacitClient}: its files, opened when they are first needed and again
 * after a failure, and which thread does what. Thread-safe.
 */
final class ClientCore {

  private final ClientSettings settings;

  private final ClientThreads threads;
  private final StatusBoard board = new StatusBoard(status -> tell(l -> l.statusChanged(status)));
  private final Set<ClientListener> listeners = new CopyOnWriteArraySet<>();
  private final RoundThread rounds;

  /** For the thread of the device's files alone. */
  private final EventRecorder recorder = new EventRecorder();

  /** For the thread of the device's files alone. */
  private @Nullable ClientFiles files;

  /** Of the first opening, later ones begin their own; for the thread of the device's files. */
  private @Nullable StateReading reading;

  private volatile boolean pauseAsked;
  private boolean closed;
  private @Nullable Schedule schedule;

  /**
   * @param reading of the client's directory, under way
   */
  ClientCore(ClientSettings settings, StateReading reading) {
    this.settings = settings;
    this.reading = reading;
    this.threads = new ClientThreads(settings.executor(), this::closeFiles);
    this.rounds = new RoundThread(settings, threads, this::openFiles, new Events());
    threads.laterOnFiles(this::flushWhatWaits);
  }

  // ---- the thread of the device's files ----

  private ClientFiles openFiles() throws IOException {
    ClientFiles open = files;
    if (open == null) {
      open = openAnew();
      files = open;
      pauseAsked |= open.isPaused();
      board.opened(pauseAsked, open.models().use().orElse(null));
      open.bundleProblem().ifPresent(board::bundleRefused);
    }
    flush(open);
    board.found(open.findings());
    return open;
  }

  private ClientFiles openAnew() throws IOException {
    StateReading begun = reading;
    reading = null;
    try {
      return ClientFiles.open(settings, begun != null ? begun : StateReading.begin(settings));
    } catch (IOException | IllegalArgumentException e) {
      board.storageFailed(e, recorder.waiting());
      throw e;
    }
  }

  private void flush(ClientFiles open) {
    if (recorder.waiting() == 0) {
      return;
    }
    try {
      recorder.flush(open.behaviour());
      board.storageWorks();
    } catch (IOException e) {
      board.storageFailed(e, recorder.waiting());
    }
  }

  CompletableFuture<Void> record(BehaviourEvent event) {
    CompletableFuture<Void> recorded = new CompletableFuture<>();
    threads
        .insideFiles(
            () -> {
              recorder.keep(event, recorded);
              return flushWhatWaits();
            })
        .exceptionally(
            failure -> {
              recorded.completeExceptionally(failure);
              return false;
            });
    return threads.forApp(recorded);
  }

  /** Whether nothing waits any more; if something does, the board says why. */
  private boolean flushWhatWaits() {
    try {
      openFiles();
    } catch (IOException | IllegalArgumentException e) {
      board.storageFailed(e, recorder.waiting());
    }
    return recorder.waiting() == 0;
  }

  CompletableFuture<Recommendations> recommend(RecommendationRequest request) {
    return threads.onFiles(() -> openFiles().recommender().recommend(request));
  }

  CompletableFuture<Predictions> predict(List<BehaviourEvent> candidates) {
    return threads.onFiles(() -> openFiles().predictor().predict(candidates));
  }

  CompletableFuture<Optional<Explanation>> why(Recommendation recommendation) {
    return threads.onFiles(() -> openFiles().recommender().why(recommendation));
  }

  CompletableFuture<Optional<String>> items(byte[] items, ContentHash hash) {
    return threads.onFiles(
        () ->
            openFiles().models().installItems(items, hash) instanceof InstallOutcome.Refused refused
                ? Optional.of(refused.detail())
                : Optional.empty());
  }

  CompletableFuture<Ledger> ledger() {
    return threads.onFiles(() -> openFiles().ledger().read());
  }

  CompletableFuture<Optional<String>> certificateSerial() {
    return threads.onFiles(() -> Enroller.serial(openFiles().storage()));
  }

  CompletableFuture<Void> pause(boolean paused) {
    pauseAsked = paused;
    if (paused) {
      rounds.interrupt();
    }
    return threads.onFiles(
        () -> {
          openFiles().pause(paused);
          board.paused(paused);
          return null;
        });
  }

  CompletableFuture<ForgetReport> forgetMe() {
    rounds.interrupt();
    return threads.forApp(rounds.between(() -> threads.insideFiles(this::forget)));
  }

  private ForgetReport forget() throws IOException {
    recorder.giveUp("the client was told to forget");
    return openFiles().forget();
  }

  // ---- rounds ----

  CompletableFuture<Participation> participate() {
    return threads.forApp(rounds.participate());
  }

  synchronized void start(Schedule newSchedule) {
    if (schedule != null) {
      throw new IllegalStateException("this client has a schedule already; stop() it first");
    }
    newSchedule.start(new ScheduledParticipation());
    schedule = newSchedule;
  }

  synchronized void stop() {
    if (schedule != null) {
      schedule.stop();
      schedule = null;
    }
  }

  private final class ScheduledParticipation implements ScheduledRun {

    @Override
    public Conditions conditions() {
      return settings.conditions();
    }

    @Override
    public CompletableFuture<Duration> run() {
      return rounds
          .participate()
          .handle(
              (participation, failure) ->
                  failure == null ? participation.nextAfter() : RoundThread.AFTER_FAILURE);
    }

    @Override
    public void interrupt() {
      rounds.interrupt();
    }
  }

  /** What the thread of rounds tells. */
  private final class Events implements RoundThread.Listener {

    @Override
    public boolean isPaused() {
      return pauseAsked;
    }

    @Override
    public void reached(ParticipationStep step) {
      board.reached(step);
      tell(listener -> listener.participating(step));
    }

    @Override
    public void participated(Participation participation) {
      board.participated(participation);
      tell(listener -> listener.participated(participation));
    }

    @Override
    public void modelInstalled(ModelUse use) {
      board.modelInstalled(use);
      tell(ClientListener::modelChanged);
    }

    @Override
    public void modelUpToDate() {
      board.modelUpToDate();
    }

    @Override
    public void modelRefused(ModelDownloadOutcome.Refused refused) {
      board.modelRefused(refused);
    }
  }

  // ---- listeners and the end ----

  ClientStatus status() {
    return board.status();
  }

  void addListener(ClientListener listener) {
    listeners.add(listener);
  }

  void removeListener(ClientListener listener) {
    listeners.remove(listener);
  }

  private void tell(Consumer<ClientListener> news) {
    if (!listeners.isEmpty()) {
      threads.tellApp(() -> listeners.forEach(news));
    }
  }

  synchronized void close(long millis) {
    if (closed) {
      return;
    }
    closed = true;
    stop();
    boolean interrupted = !rounds.close(millis);
    interrupted |= !threads.endFiles(millis);
    board.closed();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeFiles() {
    try (ClientFiles open = files) {
      if (open != null) {
        flush(open);
      }
    } catch (IOException e) {
      // Nothing is lost by it: what was recorded is written already.
      board.storageFailed(e, recorder.waiting());
    } finally {
      files = null;
      recorder.giveUp("the client was closed while the storage did not work");
    }
  }
}
