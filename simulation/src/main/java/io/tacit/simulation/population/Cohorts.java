package io.tacit.simulation.population;

import io.tacit.client.rounds.ParticipationOutcome;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.DeadlineSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Lets one cohort of devices after the other take part, at the same time, each in the round that is
 * open then. The same seed gives the same cohorts, whatever carries the rounds: in this process or
 * a service. For one thread at a time.
 */
public final class Cohorts implements AutoCloseable {

  private static final Duration PATIENT_STAGE = Duration.ofMinutes(5);

  /** All of a cohort take part: a round must wait for them, however busy the machine is. */
  public static final DeadlineSettings PATIENT =
      new DeadlineSettings(
          Duration.ofHours(24),
          PATIENT_STAGE,
          Duration.ofHours(1),
          PATIENT_STAGE,
          PATIENT_STAGE,
          PATIENT_STAGE);

  private final Population population;
  private final int size;
  private final SplitMix64 draws;
  private final ExecutorService threads = Executors.newCachedThreadPool(Cohorts::daemon);

  /**
   * @param size devices of a cohort, at most those there are
   * @param seed of the choice
   */
  public Cohorts(Population population, int size, long seed) {
    this.population = population;
    this.size = size;
    this.draws = new SplitMix64(seed);
  }

  /**
   * Draws the next cohort and lets it take part.
   *
   * @return what became of its devices, all of whom contributed
   * @throws IOException if a device's storage fails
   * @throws IllegalStateException if a device did not contribute
   */
  public List<ParticipationOutcome.Contributed> takePart()
      throws IOException, InterruptedException {
    List<Future<ParticipationOutcome>> participations = new ArrayList<>();
    for (VirtualDevice device : draw()) {
      participations.add(threads.submit(() -> participate(device)));
    }
    List<ParticipationOutcome.Contributed> contributed = new ArrayList<>();
    for (Future<ParticipationOutcome> participation : participations) {
      ParticipationOutcome outcome = get(participation);
      if (!(outcome instanceof ParticipationOutcome.Contributed done)) {
        throw new IllegalStateException("a device did not contribute: " + outcome);
      }
      contributed.add(done);
    }
    return contributed;
  }

  private List<VirtualDevice> draw() {
    List<VirtualDevice> devices = new ArrayList<>(population.devices());
    for (int i = 0; i < size; i++) {
      int chosen = i + draws.nextInt(devices.size() - i);
      VirtualDevice device = devices.get(chosen);
      devices.set(chosen, devices.get(i));
      devices.set(i, device);
    }
    return devices.subList(0, size);
  }

  private static ParticipationOutcome participate(VirtualDevice device)
      throws IOException, InterruptedException {
    while (true) {
      ParticipationOutcome outcome = device.participate().orElseThrow();
      if (!(outcome instanceof ParticipationOutcome.ComeBackLater later)) {
        return outcome;
      }
      // The next round opens within a moment of the end of the last.
      TimeUnit.MILLISECONDS.sleep(later.after().toMillis());
    }
  }

  private static ParticipationOutcome get(Future<ParticipationOutcome> participation)
      throws IOException, InterruptedException {
    try {
      return participation.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "device");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
