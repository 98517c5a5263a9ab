package io.tacit.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.client.connection.ArtifactFetcher;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.GrpcConnectionSettings;
import io.tacit.client.connection.GrpcCoordinatorConnection;
import io.tacit.client.connection.PinnedTrust;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.training.PortableEngine;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.simulation.chaos.Judge;
import io.tacit.simulation.chaos.Witness;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.Scenario;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.population.DeviceParts;
import io.tacit.simulation.population.Fleet;
import io.tacit.simulation.population.Population;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Devices that go on taking part, a witness beside them, and a coordinator whose process dies and
 * starts again over the same directory and ports.
 */
final class ChaosRun implements AutoCloseable {

  private static final int DEVICES = 60;
  private static final int COHORT = 24;
  private static final double OVER_SELECTION = 1.5;
  private static final int ROUNDS_MAX = 1_000_000;
  private static final int CHANNELS = 2;

  /** After the last kill, so many rounds must still complete: it went on. */
  private static final int ROUNDS_AFTERWARDS = 2;

  private static final int ROUNDS_PER_QUESTION = 100;
  private static final long KILL_AFTER_MILLIS_MIN = 200;
  private static final int KILL_AFTER_MILLIS_SPREAD = 8_000;
  private static final long ASK_EVERY_MILLIS = 100;
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration GOES_ON_WITHIN = Duration.ofMinutes(3);
  private static final Duration FETCH_WITHIN = Duration.ofSeconds(30);

  /** Short enough that a session whose devices were cut off does not hold up the next. */
  private static final DeadlineSettings DEADLINES =
      new DeadlineSettings(
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10));

  private final CoordinatorSettings settings;
  private final AccessToken token;
  private final Path log;
  private final TrainingPlan plan;
  private final Witness witness;
  private final CoordinatorConnection connection;
  private final Fleet fleet;
  private CoordinatorProcess coordinator;

  private ChaosRun(
      CoordinatorSettings settings,
      AccessToken token,
      Path log,
      TrainingPlan plan,
      Witness witness,
      CoordinatorConnection connection,
      Fleet fleet,
      CoordinatorProcess coordinator) {
    this.settings = settings;
    this.token = token;
    this.log = log;
    this.plan = plan;
    this.witness = witness;
    this.connection = connection;
    this.fleet = fleet;
    this.coordinator = coordinator;
  }

  /** Starts the coordinator and makes the devices; nothing is killed yet. */
  static ChaosRun start(
      CoordinatorSettings settings, AccessToken token, Path log, Path directory, long seed)
      throws IOException, InterruptedException, RefusedException, DataSetException {
    InteractionDataSet data =
        new DataSetSource.Synthetic(Scenario.NEWS)
            .load(Path.of("unused"), SyntheticSettings.of(DEVICES, seed));
    HonestSplit split = HonestSplit.of(data, seed);
    ScenarioPlan scenario =
        ScenarioPlan.twoTower(
            data,
            new ScenarioPlan.Choice(
                ROUNDS_MAX, COHORT, OVER_SELECTION, seed, AggregationSettings.Mode.SECURE));
    TrainingPlan plan = scenario.plan().withDeadlines(DEADLINES);
    CoordinatorProcess coordinator = CoordinatorProcess.start(settings, log, READY_WITHIN);
    CoordinatorApi api = coordinator.api(token);
    Path catalogue = directory.resolve("catalogue.tsv");
    Files.write(catalogue, scenario.catalogue().toBytes());
    api.putCatalogue(catalogue);
    api.applyPlan(new ScenarioPlan(plan, scenario.catalogue()).planFile(), "application/yaml");
    CoordinatorConnection connection = connect(coordinator);
    Witness witness = new Witness(plan);
    Population population =
        Population.of(
            split,
            directory,
            DeviceParts.of(
                ParticipantSettings.of(plan.population(), ClientPolicy.development()),
                connection,
                new PortableEngine()),
            Population.Chance.SECURE,
            seed,
            witness);
    Fleet fleet =
        new Fleet(population.devices(), plan.cohort().assignmentsMax() + 8, seed, outcome -> {});
    return new ChaosRun(
        settings.withPorts(coordinator.httpPort(), coordinator.grpcPort()),
        token,
        log,
        plan,
        witness,
        connection,
        fleet,
        coordinator);
  }

  private static CoordinatorConnection connect(CoordinatorProcess coordinator) throws IOException {
    try (InputStream authority = Files.newInputStream(coordinator.authority())) {
      return GrpcCoordinatorConnection.open(
          GrpcConnectionSettings.tls("localhost", coordinator.grpcPort())
              .withTrust(PinnedTrust.managers(authority))
              .withChannels(CHANNELS));
    }
  }

  /**
   * Lets the devices live, and kills the coordinator so often, at moments that the seed chooses.
   */
  void killAgainAndAgain(int kills, long seed, Consumer<String> listener)
      throws IOException, InterruptedException, RefusedException {
    SplitMix64 moments = new SplitMix64(seed);
    fleet.start();
    for (int kill = 1; kill <= kills; kill++) {
      long after = KILL_AFTER_MILLIS_MIN + moments.nextInt(KILL_AFTER_MILLIS_SPREAD);
      // The moment of a kill is the one thing here that no condition may choose.
      TimeUnit.MILLISECONDS.sleep(after);
      String underWay = underWay();
      coordinator.kill();
      coordinator = CoordinatorProcess.start(settings, log, READY_WITHIN);
      failIfDevicesDid();
      listener.accept(
          String.format(
              Locale.ROOT, "kill %d of %d after %.1f s, %s", kill, kills, after / 1e3, underWay));
    }
    awaitRounds(completedRounds() + ROUNDS_AFTERWARDS);
    fleet.close();
  }

  /** What the newest round is at, for people. */
  private String underWay() throws IOException, InterruptedException, RefusedException {
    String text = "before the first round";
    long seen = 0;
    for (JsonNode page = rounds(seen); page.size() > 0; page = rounds(seen)) {
      JsonNode newest = page.get(page.size() - 1);
      seen = newest.path("round").asLong();
      StringBuilder states = new StringBuilder("round " + seen + ":");
      for (JsonNode session : newest.path("sessions")) {
        states.append(' ').append(session.path("state").asText());
      }
      text = states.toString();
    }
    return text;
  }

  private JsonNode rounds(long after) throws IOException, InterruptedException, RefusedException {
    return coordinator.api(token).rounds(plan.id().value(), after, ROUNDS_PER_QUESTION);
  }

  private int completedRounds() throws IOException, InterruptedException, RefusedException {
    int completed = 0;
    long seen = 0;
    for (JsonNode page = rounds(seen); page.size() > 0; page = rounds(seen)) {
      for (JsonNode round : page) {
        seen = round.path("round").asLong();
        completed += isCompleted(round) ? 1 : 0;
      }
    }
    return completed;
  }

  private static boolean isCompleted(JsonNode round) {
    return round.path("state").asText().equals("COMPLETED");
  }

  private void awaitRounds(int wanted) throws IOException, InterruptedException, RefusedException {
    long deadline = System.nanoTime() + GOES_ON_WITHIN.toNanos();
    while (completedRounds() < wanted) {
      failIfDevicesDid();
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "after the last kill no "
                + ROUNDS_AFTERWARDS
                + " rounds completed within "
                + GOES_ON_WITHIN.toSeconds()
                + " s; the coordinator's log is "
                + log);
      }
      TimeUnit.MILLISECONDS.sleep(ASK_EVERY_MILLIS);
    }
  }

  private void failIfDevicesDid() throws IOException {
    Throwable failure = fleet.failure();
    if (failure != null) {
      throw new IOException("a device failed: " + failure, failure);
    }
  }

  /** Looks at everything that the coordinator published. */
  Judge.Verdict judge() throws IOException, InterruptedException, RefusedException {
    Judge judge = new Judge(plan, witness);
    long seen = 0;
    for (JsonNode page = rounds(seen); page.size() > 0; page = rounds(seen)) {
      for (JsonNode round : page) {
        seen = round.path("round").asLong();
        judge(judge, round);
      }
    }
    return judge.verdict();
  }

  private void judge(Judge judge, JsonNode round) throws IOException {
    int sessions = round.path("sessions").size();
    if (isCompleted(round)) {
      RoundRecord record =
          RoundRecord.fromBytes(fetch(ContentHash.fromHex(round.path("recordHash").asText())));
      judge.completed(record, sessions - record.sessions().size());
    } else if (round.hasNonNull("closedAt")) {
      judge.abandoned(sessions);
    }
  }

  private byte[] fetch(ContentHash hash) throws IOException {
    try {
      return new ArtifactFetcher(connection, hash, WireLimits.ROUND_RECORD_BYTES_MAX)
          .fetch(FETCH_WITHIN)
          .orElseThrow(() -> new IOException("the coordinator has no record " + hash));
    } catch (ConnectionException e) {
      throw new IOException("record " + hash + " could not be fetched: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    fleet.close();
    connection.close();
    coordinator.close();
  }
}
