package io.tacit.simulation.population;

import io.tacit.client.rounds.ParticipationOutcome;
import io.tacit.protocol.model.SplitMix64;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets devices live beside each other against a coordinator: each polls, takes part or waits as
 * long as it is told, and polls again. A device that is free is chosen at random, so that every
 * round gets another cohort.
 *
 * <p>Workers are the devices that are awake at the same time: take at least as many as a round
 * assigns, because a device waits in its session for the others.
 */
public final class Fleet implements AutoCloseable {

  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final List<VirtualDevice> ready;
  private final PriorityQueue<Sleeper> sleeping =
      new PriorityQueue<>(Comparator.comparingLong(Sleeper::wakeNanos));
  private final SplitMix64 random;
  private final Consumer<ParticipationOutcome> listener;
  private final List<Thread> workers = new ArrayList<>();
  private boolean closed;
  private @Nullable Throwable failure;

  private record Sleeper(VirtualDevice device, long wakeNanos) {}

  /**
   * @param devices all of them; a device belongs to one fleet
   * @param workerCount devices awake at the same time
   * @param seed of the choice of devices
   * @param listener hears of each participation's end, on its worker
   */
  public Fleet(
      List<VirtualDevice> devices,
      int workerCount,
      long seed,
      Consumer<ParticipationOutcome> listener) {
    this.ready = new ArrayList<>(devices);
    this.random = new SplitMix64(seed);
    this.listener = listener;
    for (int i = 0; i < Math.min(workerCount, devices.size()); i++) {
      Thread worker = new Thread(this::work, "device-worker-" + i);
      worker.setDaemon(true);
      workers.add(worker);
    }
  }

  /** Wakes the devices. */
  public void start() {
    workers.forEach(Thread::start);
  }

  /** Why all devices stopped, if one failed: its storage, a bug, or a JVM without memory. */
  public synchronized @Nullable Throwable failure() {
    return failure;
  }

  private void work() {
    try {
      for (VirtualDevice device = next(); device != null; device = next()) {
        Optional<ParticipationOutcome> outcome = device.participate();
        outcome.ifPresent(listener);
        if (outcome.isPresent() && outcome.get() instanceof ParticipationOutcome.Interrupted) {
          return;
        }
        giveBack(device, outcome.map(Fleet::pause).orElse(AFTER_TROUBLE));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private static Duration pause(ParticipationOutcome outcome) {
    if (outcome instanceof ParticipationOutcome.ComeBackLater later) {
      return later.after();
    } else if (outcome instanceof ParticipationOutcome.NoConnection away) {
      return away.after();
    } else if (outcome instanceof ParticipationOutcome.Contributed) {
      return Duration.ZERO;
    }
    return AFTER_TROUBLE;
  }

  private synchronized @Nullable VirtualDevice next() throws InterruptedException {
    while (!closed) {
      long now = System.nanoTime();
      while (!sleeping.isEmpty() && sleeping.peek().wakeNanos() - now <= 0) {
        ready.add(sleeping.remove().device());
      }
      if (!ready.isEmpty()) {
        return takeAny();
      }
      if (sleeping.isEmpty()) {
        wait();
      } else {
        TimeUnit.NANOSECONDS.timedWait(this, sleeping.peek().wakeNanos() - now);
      }
    }
    return null;
  }

  private VirtualDevice takeAny() {
    int index = random.nextInt(ready.size());
    VirtualDevice chosen = ready.get(index);
    VirtualDevice last = ready.remove(ready.size() - 1);
    if (index < ready.size()) {
      ready.set(index, last);
    }
    return chosen;
  }

  private synchronized void giveBack(VirtualDevice device, Duration pause) {
    if (pause.isZero()) {
      ready.add(device);
    } else {
      sleeping.add(new Sleeper(device, System.nanoTime() + pause.toNanos()));
    }
    notifyAll();
  }

  private synchronized void fail(Throwable e) {
    failure = e;
    closed = true;
    notifyAll();
  }

  /** Stops the devices wherever they are, as if their batteries ran out. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    workers.forEach(Thread::interrupt);
    long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
    try {
      for (Thread worker : workers) {
        TimeUnit.NANOSECONDS.timedJoin(worker, Math.max(1, deadline - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
