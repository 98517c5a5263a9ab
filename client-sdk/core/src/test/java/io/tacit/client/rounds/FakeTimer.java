package io.tacit.client.rounds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only while somebody sleeps. */
final class FakeTimer implements DeviceTimer {

  private final List<Duration> sleeps = new ArrayList<>();
  private long now = 1_000;

  /** Runs at the beginning of each sleep, with its number from 1. */
  Sleeper onSleep = number -> {};

  interface Sleeper {
    void sleeping(int number) throws InterruptedException;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    sleeps.add(duration);
    onSleep.sleeping(sleeps.size());
    advance(duration);
  }

  void advance(Duration duration) {
    now += duration.toNanos();
  }

  List<Duration> sleeps() {
    return sleeps;
  }
}
