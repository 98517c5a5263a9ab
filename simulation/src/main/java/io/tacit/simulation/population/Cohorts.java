package io.tacit.simulation.population;

import io.tacit.client.rounds.ParticipationOutcome;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
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
  private static final DeadlineSettings PATIENT =
      new DeadlineSettings(
          Duration.ofHours(24),
          PATIENT_STAGE,
          Duration.ofHours(1),
          PATIENT_STAGE,
          PATIENT_STAGE,
          PATIENT_STAGE);

  /** More than a training and a write to a busy disk take; who is stopped does no more. */
  private static final long LET_GO_SECONDS = 30;

  private final Population population;
  private final TrainingPlan plan;
  private final Attendance attendance;
  private final SplitMix64 draws;

  /** Rounds that each device was drawn for, by user; counted where it may not be any number. */
  private final int[] timesDrawn;

  private final ExecutorService threads = Executors.newCachedThreadPool(Cohorts::daemon);

  /** Who of a cohort must bring an update. */
  public enum Attendance {
    /**
     * All of it: as many devices are drawn as a round takes, the round waits for them however busy
     * the machine is, and the same seed gives the same models.
     */
    EVERYBODY {
      @Override
      public TrainingPlan planOf(TrainingPlan plan) {
        return plan.withDeadlines(PATIENT);
      }

      @Override
      int drawn(TrainingPlan plan) {
        return plan.cohort().size();
      }
    },
    /**
     * Whoever comes first: as many are drawn as the plan assigns, the plan's deadlines count, and
     * who is too late, or whose app is closed, is left out. Which of two devices is first is not
     * for the seed to say.
     */
    WHOEVER_COMES {
      @Override
      public TrainingPlan planOf(TrainingPlan plan) {
        return plan;
      }

      @Override
      int drawn(TrainingPlan plan) {
        return plan.cohort().assignmentsMax();
      }
    };

    /** The plan to apply: with deadlines that suit. */
    public abstract TrainingPlan planOf(TrainingPlan plan);

    abstract int drawn(TrainingPlan plan);
  }

  /**
   * Cohorts for the rounds of a plan.
   *
   * @param attendance who must bring an update
   * @param seed of the choice
   * @throws IllegalArgumentException if there are fewer devices than a round draws
   */
  public Cohorts(Population population, TrainingPlan plan, Attendance attendance, long seed) {
    int there = population.devices().size();
    if (attendance.drawn(plan) > there) {
      throw new IllegalArgumentException(
          "cohort is "
              + attendance.drawn(plan)
              + ", must be at most the "
              + there
              + " devices; lower --cohort or raise --devices");
    }
    this.population = population;
    this.plan = plan;
    this.attendance = attendance;
    this.draws = new SplitMix64(seed);
    this.timesDrawn = new int[there];
  }

  /**
   * Draws the next cohort and lets it take part.
   *
   * @return what became of its devices that contributed
   * @throws IOException if a device's storage fails
   * @throws IllegalStateException if a device did not contribute that had to, or no device did, or
   *     one failed in another way
   * @throws Error the error that ended a device's thread. In all these cases the other devices are
   *     stopped, and there are no further rounds
   */
  public List<ParticipationOutcome.Contributed> takePart()
      throws IOException, InterruptedException {
    List<VirtualDevice> cohort = draw();
    boolean isDone = false;
    try {
      List<ParticipationOutcome.Contributed> contributed = takePart(cohort);
      isDone = true;
      return contributed;
    } finally {
      if (!isDone) {
        threads.shutdownNow();
      }
    }
  }

  /**
   * Looks at devices in the order in which they end: the others of a cohort wait for one that
   * failed until the round's deadline, hours away.
   */
  private List<ParticipationOutcome.Contributed> takePart(List<VirtualDevice> cohort)
      throws IOException, InterruptedException {
    CountDownLatch unassigned = new CountDownLatch(cohort.size());
    CompletionService<Optional<ParticipationOutcome>> ended =
        new ExecutorCompletionService<>(threads);
    List<Future<Optional<ParticipationOutcome>>> participations = new ArrayList<>();
    for (VirtualDevice device : cohort) {
      participations.add(ended.submit(() -> participate(device, unassigned)));
    }
    Object other = "nobody was there";
    for (int i = 0; i < cohort.size(); i++) {
      Optional<ParticipationOutcome> outcome = get(ended.take());
      if (outcome.orElse(null) instanceof ParticipationOutcome.Contributed) {
        continue;
      }
      other = outcome.isPresent() ? outcome.get() : "its app was closed";
      if (attendance == Attendance.EVERYBODY) {
        throw didNotContribute(other);
      }
    }
    List<ParticipationOutcome.Contributed> contributed = inOrderOfCohort(participations);
    if (contributed.isEmpty()) {
      throw didNotContribute(other);
    }
    return contributed;
  }

  private static List<ParticipationOutcome.Contributed> inOrderOfCohort(
      List<Future<Optional<ParticipationOutcome>>> ended) throws IOException, InterruptedException {
    List<ParticipationOutcome.Contributed> contributed = new ArrayList<>();
    for (Future<Optional<ParticipationOutcome>> participation : ended) {
      if (get(participation).orElse(null) instanceof ParticipationOutcome.Contributed done) {
        contributed.add(done);
      }
    }
    return contributed;
  }

  private static IllegalStateException didNotContribute(Object instead) {
    return new IllegalStateException("a device did not contribute: " + instead);
  }

  /** At random; where devices may take part so often only, of those that did least. */
  private List<VirtualDevice> draw() {
    int size = attendance.drawn(plan);
    if (plan.privacy() instanceof PrivacySettings.None) {
      return inRandomOrder(size);
    }
    List<VirtualDevice> devices = inRandomOrder(timesDrawn.length);
    devices.sort(Comparator.comparingInt(device -> timesDrawn[device.user()]));
    List<VirtualDevice> cohort = devices.subList(0, size);
    cohort.forEach(device -> timesDrawn[device.user()]++);
    return cohort;
  }

  /** So many devices, drawn without replacement. */
  private List<VirtualDevice> inRandomOrder(int size) {
    List<VirtualDevice> devices = new ArrayList<>(population.devices());
    for (int i = 0; i < size; i++) {
      int chosen = i + draws.nextInt(devices.size() - i);
      VirtualDevice device = devices.get(chosen);
      devices.set(chosen, devices.get(i));
      devices.set(i, device);
    }
    return devices.subList(0, size);
  }

  /**
   * Takes part once the round is open. No device trains before all have work: else one that comes
   * late would find this round closed, and take part in the next.
   *
   * @return empty if its app was closed; told to come back, it was not needed any more
   */
  private static Optional<ParticipationOutcome> participate(
      VirtualDevice device, CountDownLatch unassigned) throws IOException, InterruptedException {
    AssignmentGate gate = new AssignmentGate(unassigned);
    try {
      while (true) {
        Optional<ParticipationOutcome> outcome = device.participate(gate);
        if (gate.isPassed()
            || !(outcome.orElse(null) instanceof ParticipationOutcome.ComeBackLater later)) {
          return outcome;
        }
        // The next round opens within a moment of the end of the last.
        TimeUnit.MILLISECONDS.sleep(later.after().toMillis());
      }
    } finally {
      // Others must not wait for a device that failed.
      gate.pass();
    }
  }

  private static <T> T get(Future<T> participation) throws IOException, InterruptedException {
    try {
      return participation.get();
    } catch (ExecutionException e) {
      // The coordinator's own threads wrap what they meet.
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof Error error) {
          throw error;
        }
      }
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

  /** Stops devices that still take part, and returns when they have let go of their files. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(LET_GO_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
