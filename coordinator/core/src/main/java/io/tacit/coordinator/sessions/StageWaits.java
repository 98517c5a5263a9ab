package io.tacit.coordinator.sessions;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.Stage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The calls that wait for a session to leave a stage: bounded in number, and no thread waits. */
final class StageWaits {

  private final int callsMax;
  private final Executor executor;
  private final AtomicInteger held = new AtomicInteger();

  /**
   * @param callsMax how many calls may be held at a time
   * @param executor makes the answers of secure sessions, which are too large for the conductor
   */
  StageWaits(int callsMax, Executor executor) {
    this.callsMax = callsMax;
    this.executor = executor;
  }

  /**
   * Waits until the session has left the stage, or for so long; empty if too many calls are held.
   * Whoever cancels the future, or completes it, ends the wait.
   */
  Optional<CompletableFuture<AwaitOutcome>> hold(
      LiveSession session, ClientId client, Stage known, Duration hold) {
    if (held.incrementAndGet() > callsMax) {
      held.decrementAndGet();
      return Optional.empty();
    }
    CompletableFuture<Stage> next = session.afterLeaving(known);
    CompletableFuture<AwaitOutcome> answer =
        session.suite().isSecure()
            ? next.thenApplyAsync(stage -> session.progressFor(client), executor)
            : next.thenApply(stage -> session.progressFor(client));
    CompletionStage<AwaitOutcome> end = answer;
    end.whenComplete(
        (outcome, failure) -> {
          held.decrementAndGet();
          session.stopWaiting(next);
        });
    // Looked at after registering, so that no transition falls between.
    Stage present = session.stage();
    if (present != known) {
      next.complete(present);
      return Optional.of(answer);
    }
    return Optional.of(
        answer.completeOnTimeout(
            // Nothing is published to a device that knows it; how a session ended is always told.
            present.isTerminal()
                ? session.progressFor(client)
                : SessionProgress.at(present, session.session().state().rosterSize(), null),
            hold.toMillis(),
            TimeUnit.MILLISECONDS));
  }

  int held() {
    return held.get();
  }
}
