package io.tacit.coordinator.sessions;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** The threads that unmask: as many as there are cores, with one caller at a time. */
final class MaskPool implements AutoCloseable {

  private final int threads;
  private final ExecutorService executor;

  MaskPool(int threads) {
    this.threads = threads;
    this.executor =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "unmasking");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** A pool for this machine. */
  static MaskPool ofAllCores() {
    return new MaskPool(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Does pieces 0 to {@code count - 1}, each on some thread; returns when all are done.
   *
   * @param worker makes what one thread does them by
   */
  void forEach(int count, Supplier<IntConsumer> worker) {
    AtomicInteger next = new AtomicInteger();
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < Math.min(threads, count); i++) {
      tasks.add(
          () -> {
            IntConsumer work = worker.get();
            for (int piece = next.getAndIncrement();
                piece < count;
                piece = next.getAndIncrement()) {
              work.accept(piece);
            }
            return true;
          });
    }
    try {
      for (Future<Boolean> done : executor.invokeAll(tasks)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a sum was unmasked; it is done again", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
