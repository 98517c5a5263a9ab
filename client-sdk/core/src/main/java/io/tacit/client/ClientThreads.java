package io.tacit.client;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The two threads of a client, and the app's executor: one thread for the device's files, so that
 * calls take effect in the order in which they were made and never wait for a round; one for
 * rounds. Both end when they have had nothing to do for a while, and neither keeps a JVM alive.
 * Thread-safe.
 */
final class ClientThreads {

  /** Calls on the device's files that wait at a time. */
  static final int CALLS_MAX = 10_000;

  private static final String CLOSED = "this client is closed; build a new one";
  private static final String BUSY =
      "too many calls wait already, may be at most "
          + CALLS_MAX
          + "; wait for the results of earlier ones";

  private static final int ROUND_CALLS_MAX = 16;
  private static final int IDLE_SECONDS = 30;

  private final ThreadPoolExecutor files = thread("tacit-files", CALLS_MAX);
  private final ThreadPoolExecutor rounds = thread("tacit-rounds", ROUND_CALLS_MAX);
  private final Executor app;

  ClientThreads(Executor app) {
    this.app = app;
  }

  private static ThreadPoolExecutor thread(String name, int queue) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(queue),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Runs on the thread of the device's files; the app hears of the result on its executor. */
  <T> CompletableFuture<T> onFiles(Callable<T> call) {
    return forApp(run(files, call));
  }

  /** Runs on the thread of the device's files, and completes there. */
  <T> CompletableFuture<T> insideFiles(Callable<T> call) {
    return run(files, call);
  }

  /** Runs on the thread of the device's files; what goes wrong is the call's own affair. */
  void laterOnFiles(Runnable call) {
    files.execute(call);
  }

  /** Runs on the thread of rounds, and completes there. */
  <T> CompletableFuture<T> insideRounds(Callable<T> call) {
    return run(rounds, call);
  }

  private static <T> CompletableFuture<T> run(ThreadPoolExecutor executor, Callable<T> call) {
    Task<T> task = new Task<>(call);
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      task.refuse(executor.isShutdown() ? CLOSED : BUSY);
    }
    return task.result;
  }

  /** A call and its result. */
  private static final class Task<T> implements Runnable {

    private final Callable<T> call;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    Task(Callable<T> call) {
      this.call = call;
    }

    @Override
    public void run() {
      try {
        result.complete(call.call());
      } catch (Throwable failure) {
        // The thread must go on, and whoever called gets to know.
        result.completeExceptionally(failure);
      }
    }

    void refuse(String why) {
      result.completeExceptionally(new IllegalStateException(why));
    }
  }

  /** The same result, handed over on the app's executor. */
  <T> CompletableFuture<T> forApp(CompletableFuture<T> inside) {
    CompletableFuture<T> outside = new CompletableFuture<>();
    CompletionStage<T> end = inside;
    end.whenComplete(
        (value, failure) -> {
          try {
            app.execute(() -> complete(outside, value, failure));
          } catch (RejectedExecutionException e) {
            complete(outside, value, failure);
          }
        });
    return outside;
  }

  // The value of a future is null where its type is Void.
  @SuppressWarnings("NullAway")
  private static <T> void complete(
      CompletableFuture<T> future, @Nullable T value, @Nullable Throwable failure) {
    if (failure != null) {
      future.completeExceptionally(failure);
    } else {
      future.complete(value);
    }
  }

  /** Runs on the app's executor, as long as that takes tasks. */
  void tellApp(Runnable task) {
    try {
      app.execute(task);
    } catch (RejectedExecutionException e) {
      // An app that has shut its executor down wants to hear no more.
    }
  }

  /**
   * Takes no new rounds, interrupts the one under way, and waits for it.
   *
   * @return false if the thread that waited was interrupted
   */
  boolean endRounds(long millis) {
    for (Runnable waiting : rounds.shutdownNow()) {
      ((Task<?>) waiting).refuse(CLOSED);
    }
    return awaitEnd(rounds, millis);
  }

  /**
   * Takes no new calls on the device's files, and waits for those that were made.
   *
   * @return false if the thread that waited was interrupted
   */
  boolean endFiles(long millis) {
    files.shutdown();
    return awaitEnd(files, millis);
  }

  private static boolean awaitEnd(ThreadPoolExecutor executor, long millis) {
    try {
      // What has not ended by then ends by itself: its thread is a daemon, and closed files refuse
      // it.
      executor.awaitTermination(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
