package io.tacit.simulation.population;

import java.util.concurrent.CountDownLatch;

/**
 * Where a device that has work waits for the others of its cohort. For one device and one round, on
 * the thread that takes part.
 */
final class AssignmentGate implements Runnable {

  private final CountDownLatch unassigned;
  private boolean passed;

  /**
   * @param unassigned counts the devices of the cohort that have no work yet
   */
  AssignmentGate(CountDownLatch unassigned) {
    this.unassigned = unassigned;
  }

  /** Whether the device has had work. */
  boolean isPassed() {
    return passed;
  }

  /** The others need not wait for this device any more. */
  void pass() {
    if (!passed) {
      passed = true;
      unassigned.countDown();
    }
  }

  /** The device has work: waits until all have. */
  @Override
  public void run() {
    pass();
    try {
      unassigned.await();
    } catch (InterruptedException e) {
      // The device finds the flag at its next step.
      Thread.currentThread().interrupt();
    }
  }
}
