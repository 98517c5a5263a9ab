package io.tacit.simulation.inprocess;

import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.rounds.ParticipationOutcome;
import io.tacit.client.training.TrainingEngine;
import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.aggregation.InMemoryUpdateLog;
import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.models.StoredArtifact;
import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundSettings;
import io.tacit.coordinator.rounds.RoundState;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionState;
import io.tacit.coordinator.sessions.Tickets;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.experiment.RoundSummary;
import io.tacit.simulation.population.Companion;
import io.tacit.simulation.population.DeviceParts;
import io.tacit.simulation.population.ModelFiles;
import io.tacit.simulation.population.Population;
import io.tacit.simulation.population.VirtualDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rounds of one plan in this process, one after the other: a cohort is drawn, takes part at the
 * same time, and the round completes.
 *
 * <p>The same seed gives the same models, bit for bit, on any number of threads: sums of
 * fixed-point updates do not depend on their order. For one thread at a time.
 */
public final class InProcessRounds implements AutoCloseable {

  /** Folded so often that a round's updates are never held together. */
  private static final long CHECKPOINT_BYTES = 16L << 20;

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

  private final TrainingPlan plan;
  private final Coordinator coordinator;
  private final Population population;
  private final Attendance attendance;
  private final SplitMix64 cohorts;

  /** Rounds that each device was drawn for, by user; counted where it may not be any number. */
  private final int[] timesDrawn;

  private final ExecutorService threads = Executors.newCachedThreadPool(InProcessRounds::daemon);

  private InProcessRounds(
      TrainingPlan plan,
      Coordinator coordinator,
      Population population,
      Attendance attendance,
      SplitMix64 cohorts) {
    this.plan = plan;
    this.coordinator = coordinator;
    this.population = population;
    this.attendance = attendance;
    this.cohorts = cohorts;
    this.timesDrawn = new int[population.devices().size()];
  }

  /**
   * Starts a coordinator in memory and makes the devices.
   *
   * @param plan over items, cohort at most the users of the split; its deadlines do not count here
   * @param catalogue that the plan names
   * @param split whose users
   * @param engine that trains
   * @param seed of cohorts and devices
   * @param directory for files, empty
   */
  public static InProcessRounds start(
      TrainingPlan plan,
      Catalogue catalogue,
      HonestSplit split,
      TrainingEngine engine,
      long seed,
      Path directory)
      throws IOException {
    return start(plan, catalogue, split, engine, seed, directory, Companion.Choice.NOBODY);
  }

  /**
   * The same with a companion for each device.
   *
   * @param companions who goes along with whom
   */
  public static InProcessRounds start(
      TrainingPlan plan,
      Catalogue catalogue,
      HonestSplit split,
      TrainingEngine engine,
      long seed,
      Path directory,
      Companion.Choice companions)
      throws IOException {
    return start(
        plan,
        catalogue,
        (own, parts) ->
            Population.of(split, own, parts, Population.Chance.SEEDED, seed, companions),
        engine,
        seed,
        directory,
        Attendance.EVERYBODY);
  }

  /** Makes the devices of a run. */
  @FunctionalInterface
  public interface Devices {

    /**
     * At least as many as a round assigns.
     *
     * @param directory for their files
     * @param parts what they share
     */
    Population make(Path directory, DeviceParts parts) throws IOException;
  }

  /** Who of a cohort must bring an update. */
  public enum Attendance {
    /**
     * All of it: as many devices are drawn as a round takes, the round waits for them however busy
     * the machine is, and the same seed gives the same models.
     */
    EVERYBODY,
    /**
     * Whoever comes first: as many are drawn as the plan assigns, the plan's deadlines count, and
     * who is too late, or whose app is closed, is left out. Which of two devices is first is not
     * for the seed to say.
     */
    WHOEVER_COMES
  }

  /**
   * Starts a coordinator in memory and makes the devices, of any kind.
   *
   * @param plan to run
   * @param catalogue that the plan names; null if it names none
   * @param devices makes them
   * @param engine that trains
   * @param seed of cohorts
   * @param directory for files, empty
   * @param attendance who must bring an update
   * @throws IllegalArgumentException if there are fewer devices than a round draws
   */
  public static InProcessRounds start(
      TrainingPlan plan,
      @Nullable Catalogue catalogue,
      Devices devices,
      TrainingEngine engine,
      long seed,
      Path directory,
      Attendance attendance)
      throws IOException {
    Coordinator coordinator = coordinator(directory);
    try {
      InProcessRounds rounds =
          new InProcessRounds(
              plan,
              coordinator,
              devices.make(directory.resolve("devices"), parts(plan, coordinator, engine)),
              attendance,
              new SplitMix64(seed));
      rounds.requireDevices();
      if (catalogue != null) {
        coordinator.artifacts().put(catalogue.toBytes());
      }
      boolean patient = attendance == Attendance.EVERYBODY;
      coordinator.plans().apply(patient ? plan.withDeadlines(PATIENT) : plan);
      coordinator.conductor().start();
      return rounds;
    } catch (IOException | RuntimeException e) {
      coordinator.close();
      throw e;
    }
  }

  private static Coordinator coordinator(Path directory) {
    Clock clock = Clock.systemUTC();
    byte[] ticketKey = new byte[Tickets.LENGTH];
    SecureRandom secure = new SecureRandom();
    secure.nextBytes(ticketKey);
    return new Coordinator(
        new Coordinator.Storage(
            Database.inMemory(),
            new ArtifactStore(directory.resolve("artifacts")),
            new InMemoryUpdateLog(WireLimits.UPDATE_BYTES_MAX, clock),
            ticketKey),
        new RoundSettings(Duration.ofMillis(10), 100_000, Duration.ZERO, CHECKPOINT_BYTES),
        clock,
        secure,
        round -> {});
  }

  private static DeviceParts parts(
      TrainingPlan plan, Coordinator coordinator, TrainingEngine engine) {
    return DeviceParts.of(
        ParticipantSettings.of(plan.population(), ClientPolicy.development()),
        new DirectConnection(
            coordinator.rounds(),
            coordinator.sessions(),
            coordinator.currentModels(),
            coordinator.artifacts()),
        engine);
  }

  private void requireDevices() {
    int there = population.devices().size();
    if (drawn() > there) {
      throw new IllegalArgumentException(
          "cohort is "
              + drawn()
              + ", must be at most the "
              + there
              + " devices; lower --cohort or raise --devices");
    }
  }

  /** Devices drawn for a round. */
  private int drawn() {
    return attendance == Attendance.EVERYBODY
        ? plan.cohort().size()
        : plan.cohort().assignmentsMax();
  }

  /**
   * A round that completed.
   *
   * @param number of the round
   * @param participants devices whose update is in the new model
   * @param dropped devices that joined and brought no update
   * @param meanLoss what the participants reported
   * @param bytesUp of acknowledged updates
   * @param seconds from its opening to its end
   * @param shards the sessions that it was split into
   */
  public record CompletedRound(
      long number,
      int participants,
      int dropped,
      double meanLoss,
      long bytesUp,
      double seconds,
      List<RoundSummary.Shard> shards) {}

  /**
   * Runs the next round.
   *
   * @throws IllegalStateException if a device did not contribute that had to, or no device did
   */
  public CompletedRound runRound() throws IOException, InterruptedException {
    List<VirtualDevice> cohort = drawCohort();
    CountDownLatch unassigned = new CountDownLatch(cohort.size());
    List<Future<Optional<ParticipationOutcome>>> participations = new ArrayList<>();
    for (VirtualDevice device : cohort) {
      participations.add(threads.submit(() -> participate(device, unassigned)));
    }
    int contributed = 0;
    Object other = "nobody was there";
    for (Future<Optional<ParticipationOutcome>> participation : participations) {
      Optional<ParticipationOutcome> outcome = get(participation);
      if (outcome.orElse(null) instanceof ParticipationOutcome.Contributed) {
        contributed++;
      } else {
        other = outcome.isPresent() ? outcome.get() : "its app was closed";
      }
    }
    if (contributed == 0 || (contributed < drawn() && attendance == Attendance.EVERYBODY)) {
      throw new IllegalStateException("a device did not contribute: " + other);
    }
    RoundId id = new RoundId(plan.id(), latest().round());
    return completed(
        coordinator.roundStore().find(id).orElseThrow(), coordinator.sessionStore().of(id));
  }

  private static CompletedRound completed(Round round, List<Session> sessions) {
    RoundState.Completed end = (RoundState.Completed) round.state();
    Instant closedAt = Objects.requireNonNull(round.closedAt());
    return new CompletedRound(
        round.id().number(),
        end.contributors(),
        end.rosterSize() - end.contributors(),
        end.meanLoss(),
        round.bytesUp(),
        Duration.between(round.openedAt(), closedAt).toMillis() / 1e3,
        sessions.stream().map(InProcessRounds::shard).toList());
  }

  private static RoundSummary.Shard shard(Session session) {
    SessionState state = session.state();
    SessionState.Summed summed = state instanceof SessionState.Summed s ? s : null;
    return new RoundSummary.Shard(
        session.number(),
        session.suite().number(),
        state.word(),
        state.rosterSize(),
        session.suite().isSecure() && state.rosterSize() > 0
            ? SessionTranscript.threshold(state.rosterSize())
            : 0,
        summed == null ? 0 : summed.contributors(),
        summed == null ? 0 : summed.shared() - summed.contributors());
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

  /** At random; where devices may take part so often only, of those that did least. */
  private List<VirtualDevice> drawCohort() {
    if (plan.privacy() instanceof PrivacySettings.None) {
      return inRandomOrder(drawn());
    }
    List<VirtualDevice> devices = inRandomOrder(timesDrawn.length);
    devices.sort(Comparator.comparingInt(device -> timesDrawn[device.user()]));
    List<VirtualDevice> cohort = devices.subList(0, drawn());
    cohort.forEach(device -> timesDrawn[device.user()]++);
    return cohort;
  }

  /** So many devices, drawn without replacement. */
  private List<VirtualDevice> inRandomOrder(int size) {
    List<VirtualDevice> devices = new ArrayList<>(population.devices());
    for (int i = 0; i < size; i++) {
      int chosen = i + cohorts.nextInt(devices.size() - i);
      VirtualDevice device = devices.get(chosen);
      devices.set(chosen, devices.get(i));
      devices.set(i, device);
    }
    return devices.subList(0, size);
  }

  /** What a completed round of secure aggregation published; empty in mode PLAIN. */
  public Optional<RoundRecord> record(long number) throws IOException {
    RoundState state =
        coordinator.roundStore().find(new RoundId(plan.id(), number)).orElseThrow().state();
    if (!(state instanceof RoundState.Completed completed) || completed.record() == null) {
      return Optional.empty();
    }
    try (StoredArtifact artifact = coordinator.artifacts().open(completed.record()).orElseThrow()) {
      ByteBuffer bytes = ByteBuffer.allocate((int) artifact.length());
      artifact.read(bytes, 0);
      return Optional.of(RoundRecord.fromBytes(bytes.array()));
    }
  }

  /** The newest model. */
  public ModelParameters model() {
    return coordinator.models().parameters(latest());
  }

  /**
   * What a device installs to recommend with the newest model.
   *
   * @param catalogue that the plan names
   */
  public ModelFiles files(Catalogue catalogue) {
    byte[] model = model().toBytes();
    return new ModelFiles(plan.toBytes(), catalogue.toBytes(), model, ContentHash.of(model));
  }

  private ModelVersion latest() {
    return coordinator.models().latest(plan.id()).orElseThrow();
  }

  /** The devices. */
  public Population population() {
    return population;
  }

  private static <T> T get(Future<T> participation) throws IOException, InterruptedException {
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
    coordinator.close();
  }
}
