package io.tacit.coordinator.rounds;

import io.tacit.protocol.Stage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The calls that wait for a session to leave a stage: bounded in number, and no thread waits. */
final class StageWaits {

  private final int callsMax;
  private final AtomicInteger held = new AtomicInteger();

  /**
   * @param callsMax how many calls may be held at a time
   */
  StageWaits(int callsMax) {
    this.callsMax = callsMax;
  }

  /**
   * Waits until the round has left the stage, or for so long; empty if too many calls are held.
   * Whoever cancels the future, or completes it, ends the wait.
   */
  Optional<CompletableFuture<AwaitOutcome>> hold(LiveRound round, Stage known, Duration hold) {
    if (held.incrementAndGet() > callsMax) {
      held.decrementAndGet();
      return Optional.empty();
    }
    CompletableFuture<RoundState> next = round.afterLeaving(known);
    CompletableFuture<AwaitOutcome> answer =
        next.thenApply(state -> new AwaitOutcome.Progress(round.round().state()));
    CompletionStage<AwaitOutcome> end = answer;
    end.whenComplete(
        (outcome, failure) -> {
          held.decrementAndGet();
          round.stopWaiting(next);
        });
    // Looked at after registering, so that no transition falls between.
    RoundState present = round.round().state();
    if (present.stage() != known) {
      next.complete(present);
    }
    return Optional.of(
        answer.completeOnTimeout(
            new AwaitOutcome.Progress(present), hold.toMillis(), TimeUnit.MILLISECONDS));
  }

  int held() {
    return held.get();
  }
}
