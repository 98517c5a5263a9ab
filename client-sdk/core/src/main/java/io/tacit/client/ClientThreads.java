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
  private static final int ROUND_CALLS_MAX = 16;
  private static final int IDLE_SECONDS = 30;

  private final OneThread files;
  private final OneThread rounds = new OneThread("tacit-rounds", ROUND_CALLS_MAX, () -> {});
  private final Executor app;

  /**
   * @param app hears of results
   * @param afterFiles runs once, after the last call on the device's files, however full the queue
   *     was when they were ended
   */
  ClientThreads(Executor app, Runnable afterFiles) {
    this.app = app;
    this.files = new OneThread("tacit-files", CALLS_MAX, afterFiles);
  }

  /** One daemon thread, which ends while there is nothing to do. */
  private static final class OneThread extends ThreadPoolExecutor {

    private final int callsMax;
    private final Runnable last;

    OneThread(String name, int callsMax, Runnable last) {
      super(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(callsMax),
          task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
          });
      this.callsMax = callsMax;
      this.last = last;
      allowCoreThreadTimeOut(true);
    }

    <T> CompletableFuture<T> call(Callable<T> call) {
      Task<T> task = new Task<>(call);
      try {
        execute(task);
      } catch (RejectedExecutionException e) {
        task.refuse(
            isShutdown()
                ? CLOSED
                : callsMax
                    + " calls wait already, more may not; wait for the results of earlier ones");
      }
      return task.result;
    }

    @Override
    protected void terminated() {
      last.run();
    }
  }

  /** Runs on the thread of the device's files; the app hears of the result on its executor. */
  <T> CompletableFuture<T> onFiles(Callable<T> call) {
    return forApp(files.call(call));
  }

  /** Runs on the thread of the device's files, and completes there. */
  <T> CompletableFuture<T> insideFiles(Callable<T> call) {
    return files.call(call);
  }

  /** Runs on the thread of the device's files; what goes wrong is the call's own affair. */
  void laterOnFiles(Runnable call) {
    files.execute(call);
  }

  /** Runs on the thread of rounds, and completes there. */
  <T> CompletableFuture<T> insideRounds(Callable<T> call) {
    return rounds.call(call);
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
