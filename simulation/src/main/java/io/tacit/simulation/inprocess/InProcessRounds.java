package io.tacit.simulation.inprocess;

import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.training.TrainingEngine;
import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.aggregation.InMemoryUpdateLog;
import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.metrics.Measured;
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
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.experiment.RoundSummary;
import io.tacit.simulation.population.Cohorts;
import io.tacit.simulation.population.Cohorts.Attendance;
import io.tacit.simulation.population.Companion;
import io.tacit.simulation.population.DeviceParts;
import io.tacit.simulation.population.ModelFiles;
import io.tacit.simulation.population.Population;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

  private final TrainingPlan plan;
  private final Coordinator coordinator;
  private final Population population;
  private final Cohorts cohorts;

  private InProcessRounds(
      TrainingPlan plan, Coordinator coordinator, Population population, Cohorts cohorts) {
    this.plan = plan;
    this.coordinator = coordinator;
    this.population = population;
    this.cohorts = cohorts;
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
      Population population =
          devices.make(directory.resolve("devices"), parts(plan, coordinator, engine));
      Cohorts cohorts = new Cohorts(population, plan, attendance, seed);
      if (catalogue != null) {
        coordinator.artifacts().put(catalogue.toBytes());
      }
      coordinator.plans().apply(attendance.planOf(plan));
      coordinator.conductor().start();
      return new InProcessRounds(plan, coordinator, population, cohorts);
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
    cohorts.takePart();
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

  /** What devices measured of the models so far, the newest first; see {@link Measured}. */
  public List<Measured> measured() {
    return coordinator.metrics().list(plan.id(), 0, Integer.MAX_VALUE);
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

  @Override
  public void close() {
    cohorts.close();
    coordinator.close();
  }
}
