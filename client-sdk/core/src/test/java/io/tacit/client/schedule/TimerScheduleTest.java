package io.tacit.client.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TimerScheduleTest {

  private static final DeviceState CHARGING = DeviceState.of(false, true, false);
  private static final DeviceState ON_BATTERY = DeviceState.of(false, false, false);

  private final ManualTimer timer = new ManualTimer();
  private final Runs runs = new Runs();
  private DeviceState device = CHARGING;
  private final TimerSchedule schedule = TimerSchedule.of(() -> device, () -> timer);

  /** Time passes when a test says so. */
  private static final class ManualTimer implements TimerSchedule.Timer {

    private record Entry(long at, long order, Runnable task) {}

    private final PriorityQueue<Entry> tasks =
        new PriorityQueue<>(
            (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
    private long now;
    private long added;

    @Override
    public void after(Duration wait, Runnable task) {
      tasks.add(new Entry(now + wait.toSeconds(), added++, task));
    }

    @Override
    public void close() {
      tasks.clear();
    }

    void pass(long seconds) {
      long until = now + seconds;
      while (!tasks.isEmpty() && tasks.peek().at <= until) {
        Entry next = tasks.remove();
        now = next.at;
        next.task.run();
      }
      now = until;
    }
  }

  private static final class Runs implements ScheduledRun {

    final List<CompletableFuture<Duration>> begun = new ArrayList<>();
    int interrupts;

    @Override
    public Conditions conditions() {
      return Conditions.none().whileCharging();
    }

    @Override
    public CompletableFuture<Duration> run() {
      CompletableFuture<Duration> run = new CompletableFuture<>();
      begun.add(run);
      return run;
    }

    @Override
    public void interrupt() {
      interrupts++;
    }
  }

  @Test
  void runs_at_once_and_again_after_the_wait_that_a_run_asks_for() {
    schedule.start(runs);
    timer.pass(0);
    assertThat(runs.begun).hasSize(1);

    runs.begun.get(0).complete(Duration.ofMinutes(10));
    timer.pass(599);
    assertThat(runs.begun).hasSize(1);
    timer.pass(1);
    assertThat(runs.begun).hasSize(2);
  }

  @Test
  void never_runs_twice_at_the_same_time() {
    schedule.start(runs);
    timer.pass(100_000);

    assertThat(runs.begun).hasSize(1);
    assertThat(runs.interrupts).isZero();
  }

  @Test
  void waits_for_the_conditions_and_looks_every_half_minute() {
    device = ON_BATTERY;
    schedule.start(runs);
    timer.pass(59);
    device = CHARGING;
    assertThat(runs.begun).isEmpty();
    timer.pass(1);
    assertThat(runs.begun).hasSize(1);
  }

  @Test
  void interrupts_a_run_when_the_conditions_end() {
    schedule.start(runs);
    timer.pass(60);
    device = ON_BATTERY;
    timer.pass(30);
    assertThat(runs.interrupts).isEqualTo(1);

    runs.begun.get(0).complete(Duration.ZERO);
    timer.pass(3_600);
    assertThat(runs.begun).hasSize(1);
    assertThat(runs.interrupts).isEqualTo(1);
  }

  @Test
  void looks_once_every_half_minute_however_many_runs_there_were() {
    schedule.start(runs);
    for (int run = 0; run < 10; run++) {
      timer.pass(1);
      runs.begun.get(run).complete(Duration.ofSeconds(1));
    }
    timer.pass(1);
    device = ON_BATTERY;
    timer.pass(30);

    assertThat(runs.interrupts).isEqualTo(1);
  }

  @Test
  void goes_on_after_a_run_that_failed() {
    schedule.start(runs);
    timer.pass(0);
    runs.begun.get(0).completeExceptionally(new IllegalStateException("test"));
    timer.pass(TimerSchedule.CHECK_SECONDS);

    assertThat(runs.begun).hasSize(2);
  }

  @Test
  void after_its_stop_it_interrupts_what_runs_and_runs_no_more() {
    schedule.start(runs);
    timer.pass(0);
    schedule.stop();
    assertThat(runs.interrupts).isEqualTo(1);
    runs.begun.get(0).complete(Duration.ZERO);
    timer.pass(100_000);

    assertThat(runs.begun).hasSize(1);
    schedule.stop();
  }

  @Test
  void starts_once() {
    schedule.start(runs);

    assertThatThrownBy(() -> schedule.start(runs))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this schedule has begun already; stop it first");
  }

  @Test
  void conditions_say_themselves_in_words() {
    assertThat(Conditions.unnoticed()).hasToString("idle and charging and on an unmetered network");
    assertThat(Conditions.none()).hasToString("any state");
    assertThat(Conditions.unnoticed().areMetBy(CHARGING)).isFalse();
    assertThat(Conditions.unnoticed().areMetBy(DeviceState.of(true, true, true))).isTrue();
    assertThat(Conditions.none().areMetBy(ON_BATTERY)).isTrue();
  }
}
