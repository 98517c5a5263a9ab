package io.tacit.client;

import io.tacit.protocol.plan.TrainingPlan;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Loads the classes that read a plan while the first client of a process is built and opens its
 * files: one takes as long as the other, and most devices have more than one core.
 */
final class ColdStart extends Thread {

  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  private ColdStart() {
    super("tacit-cold-start");
    setDaemon(true);
  }

  /** Begins, the first time; returns at once. */
  static void begin() {
    if (BEGUN.compareAndSet(false, true)) {
      new ColdStart().start();
    }
  }

  @Override
  public void run() {
    TrainingPlan.prepareToRead();
  }
}
