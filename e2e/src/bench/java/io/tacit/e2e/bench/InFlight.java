package io.tacit.e2e.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Work with a fixed number of pieces under way: as one ends, the next begins. */
final class InFlight {

  private final int count;
  private final IntFunction<? extends CompletionStage<?>> work;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private InFlight(int count, IntFunction<? extends CompletionStage<?>> work) {
    this.count = count;
    this.work = work;
  }

  /**
   * Runs all the pieces.
   *
   * @param count how many, at least 1
   * @param inFlight how many at a time
   * @param work starts the piece of an index
   * @return pieces per second, from the start of the first to the end of the last
   */
  static double perSecond(int count, int inFlight, IntFunction<? extends CompletionStage<?>> work)
      throws InterruptedException {
    InFlight run = new InFlight(count, work);
    long start = System.nanoTime();
    for (int i = 0; i < Math.min(count, inFlight); i++) {
      run.next();
    }
    try {
      run.end.get();
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
    return count / ((System.nanoTime() - start) / 1e9);
  }

  /** A loop for pieces that end at once, so that these do not deepen the stack. */
  private void next() {
    for (int index = begun.getAndIncrement(); index < count; index = begun.getAndIncrement()) {
      CompletionStage<?> piece = work.apply(index);
      CompletableFuture<?> state = piece.toCompletableFuture();
      if (!state.isDone() || state.isCompletedExceptionally()) {
        piece.whenComplete((value, failure) -> ended(failure));
        return;
      }
      countDone();
    }
  }

  private void ended(@Nullable Throwable failure) {
    if (failure != null) {
      end.completeExceptionally(failure);
      return;
    }
    countDone();
    next();
  }

  private void countDone() {
    if (done.incrementAndGet() == count) {
      end.complete(null);
    }
  }
}
