package io.tacit.client.schedule;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A schedule by a timer, for a JVM that stays up. Looks at the device's state every {@value
 * #CHECK_SECONDS} seconds, while it waits for a state that allows a run and while one is under way.
 * Measures time by the process, not by the wall clock, which people set. Holds one daemon thread
 * from start to stop.
 */
public final class TimerSchedule implements Schedule {

  /** Seconds between two looks at the device's state. */
  public static final int CHECK_SECONDS = 30;

  /** Runs tasks later, one at a time. */
  interface Timer {

    void after(Duration wait, Runnable task);

    /** Drops what has not run. */
    void close();
  }

  /** Makes the timer of one start. */
  @FunctionalInterface
  interface TimerFactory {

    Timer create();
  }

  private static final Duration CHECK = Duration.ofSeconds(CHECK_SECONDS);

  private final DeviceStateSource device;
  private final TimerFactory timers;
  private @Nullable Running running;

  private TimerSchedule(DeviceStateSource device, TimerFactory timers) {
    this.device = device;
    this.timers = timers;
  }

  /** A schedule for a device whose state this source knows. */
  public static TimerSchedule of(DeviceStateSource device) {
    return new TimerSchedule(device, TimerSchedule::threadTimer);
  }

  /** A schedule for a machine on which any state will do; the conditions must be none. */
  public static TimerSchedule always() {
    return of(() -> DeviceState.of(true, true, true));
  }

  static TimerSchedule of(DeviceStateSource device, TimerFactory timers) {
    return new TimerSchedule(device, timers);
  }

  private static Timer threadTimer() {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tacit-schedule");
              thread.setDaemon(true);
              return thread;
            });
    return new Timer() {
      @Override
      // The tasks of a schedule do not fail, and end with their executor.
      @SuppressWarnings("FutureReturnValueIgnored")
      public void after(Duration wait, Runnable task) {
        executor.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
      }

      @Override
      public void close() {
        executor.shutdownNow();
      }
    };
  }

  @Override
  public synchronized void start(ScheduledRun run) {
    if (running != null) {
      throw new IllegalStateException("this schedule has begun already; stop it first");
    }
    running = new Running(run, timers.create());
    running.waitFor(Duration.ZERO);
  }

  @Override
  public synchronized void stop() {
    if (running != null) {
      running.end();
      running = null;
    }
  }

  /** From one start to its stop. All steps happen under the lock of the schedule. */
  private final class Running {

    private final ScheduledRun run;
    private final Timer timer;
    private boolean underWay;
    private int begun;
    private boolean ended;

    Running(ScheduledRun run, Timer timer) {
      this.run = run;
      this.timer = timer;
    }

    void waitFor(Duration wait) {
      timer.after(wait, this::begin);
    }

    private void begin() {
      synchronized (TimerSchedule.this) {
        if (ended) {
          return;
        }
        if (!isAllowed()) {
          waitFor(CHECK);
          return;
        }
        underWay = true;
        begun++;
        CompletionStage<Duration> end = run.run();
        end.whenComplete((wait, failure) -> over(wait == null ? CHECK : wait));
        watch(begun);
      }
    }

    private void watch(int number) {
      timer.after(CHECK, () -> check(number));
    }

    private void check(int number) {
      synchronized (TimerSchedule.this) {
        if (ended || !underWay || number != begun) {
          return;
        }
        if (!isAllowed()) {
          run.interrupt();
        }
        watch(number);
      }
    }

    private void over(Duration wait) {
      synchronized (TimerSchedule.this) {
        underWay = false;
        if (!ended) {
          waitFor(wait);
        }
      }
    }

    private boolean isAllowed() {
      return run.conditions().areMetBy(device.now());
    }

    void end() {
      ended = true;
      timer.close();
      if (underWay) {
        run.interrupt();
      }
    }
  }
}
