package io.tacit.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.model.UserVector;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.rounds.ParticipationOutcome;
import io.tacit.client.training.TrainingEngine;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.experiment.Experiment;
import io.tacit.simulation.experiment.RoundSummary;
import io.tacit.simulation.population.Companion;
import io.tacit.simulation.population.DeviceParts;
import io.tacit.simulation.population.Fleet;
import io.tacit.simulation.population.ModelFiles;
import io.tacit.simulation.population.Population;
import io.tacit.simulation.population.VirtualDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rounds of an experiment, run by a coordinator process and a fleet of devices over gRPC. */
final class GrpcRounds implements AutoCloseable {

  private static final int SPARE_WORKERS = 16;
  private static final long ASK_EVERY_MILLIS = 50;
  private static final int RECOMMENDATIONS = 5;
  private static final int ROUNDS_PER_QUESTION = 100;
  private static final int ABANDONED_MAX = 3;
  private static final Duration REPORTS_WITHIN = Duration.ofSeconds(2);

  private final Experiment experiment;
  private final CoordinatorApi api;
  private final CoordinatorConnection connection;
  private final Population population;
  private final Fleet fleet;
  private final Clock clock = Clock.systemUTC();
  private final Map<Long, Traffic> down = new ConcurrentHashMap<>();

  /** What the devices of a round fetched. */
  private record Traffic(int devices, long bytes) {

    Traffic plus(Traffic other) {
      return new Traffic(devices + other.devices, bytes + other.bytes);
    }
  }

  private GrpcRounds(
      Experiment experiment,
      CoordinatorApi api,
      CoordinatorConnection connection,
      Population population) {
    this.experiment = experiment;
    this.api = api;
    this.connection = connection;
    this.population = population;
    this.fleet =
        new Fleet(
            population.devices(),
            experiment.scenario().plan().cohort().assignmentsMax() + SPARE_WORKERS,
            experiment.settings().seed(),
            this::count);
  }

  /** Makes the devices and applies the plan; rounds begin with {@link #run}. */
  static GrpcRounds start(
      Experiment experiment,
      TrainingEngine engine,
      CoordinatorApi api,
      CoordinatorProcess coordinator,
      Path directory,
      Companion.Choice companions)
      throws IOException, InterruptedException, RefusedException {
    TrainingPlan plan = experiment.scenario().plan();
    CoordinatorConnection connection = DeviceSide.connect(coordinator);
    Population population =
        Population.of(
            experiment.split(),
            directory,
            DeviceParts.of(
                ParticipantSettings.of(plan.population(), ClientPolicy.development()),
                connection,
                engine),
            Population.Chance.SECURE,
            experiment.settings().seed(),
            companions);
    Path catalogue = directory.resolve("catalogue.tsv");
    Files.write(catalogue, experiment.scenario().catalogue().toBytes());
    api.putCatalogue(catalogue);
    api.applyPlan(experiment.scenario().planFile(), "application/yaml");
    return new GrpcRounds(experiment, api, connection, population);
  }

  private void count(ParticipationOutcome outcome) {
    if (outcome instanceof ParticipationOutcome.Contributed contributed) {
      down.merge(
          contributed.round().number(), new Traffic(1, contributed.bytesDown()), Traffic::plus);
    }
  }

  /** Lets the devices live until all rounds are over, and tells of each that completed. */
  void run(Consumer<RoundSummary> listener)
      throws IOException, InterruptedException, RefusedException {
    String plan = experiment.scenario().plan().id().value();
    fleet.start();
    long seen = 0;
    int completed = 0;
    int abandonedInARow = 0;
    while (completed < experiment.settings().rounds()) {
      for (JsonNode round : api.rounds(plan, seen, ROUNDS_PER_QUESTION)) {
        if (!round.hasNonNull("closedAt") || !haveReported(round)) {
          break;
        }
        seen = round.path("round").asLong();
        if (round.path("state").asText().equals("COMPLETED")) {
          completed++;
          abandonedInARow = 0;
          listener.accept(summary(round));
        } else if (++abandonedInARow == ABANDONED_MAX) {
          throw new IOException(
              ABANDONED_MAX
                  + " rounds in a row were abandoned, the last because "
                  + round.path("reason").asText());
        }
      }
      failIfDevicesDid();
      TimeUnit.MILLISECONDS.sleep(ASK_EVERY_MILLIS);
    }
    fleet.close();
  }

  /**
   * Whether all devices of an ended round have heard of its end, as they do a moment after us:
   * their bytes are part of its line. One that lost its connection is not waited for.
   */
  private boolean haveReported(JsonNode round) {
    Traffic traffic = down.get(round.path("round").asLong());
    int participants = round.path("contributors").asInt();
    Instant closedAt = Instant.parse(round.path("closedAt").asText());
    return participants == 0
        || (traffic != null && traffic.devices() >= participants)
        || clock.instant().isAfter(closedAt.plus(REPORTS_WITHIN));
  }

  private RoundSummary summary(JsonNode round) throws IOException {
    long number = round.path("round").asLong();
    ContentHash hash = ContentHash.fromHex(round.path("newModelHash").asText());
    ModelParameters model =
        DeviceSide.fetchModel(connection, hash, experiment.scenario().plan().parameters());
    Experiment.Judgement judgement = experiment.judge(number, model, this::privateVector);
    int participants = round.path("contributors").asInt();
    return new RoundSummary(
        number,
        participants,
        round.path("rosterSize").asInt() - participants,
        round.path("meanLoss").asDouble(Double.NaN),
        judgement.hitRate(),
        judgement.validationHitRate(),
        round.path("bytesUp").asLong(),
        down.getOrDefault(number, new Traffic(0, 0)).bytes(),
        Duration.between(
                    Instant.parse(round.path("openedAt").asText()),
                    Instant.parse(round.path("closedAt").asText()))
                .toMillis()
            / 1e3,
        shards(round));
  }

  private static List<RoundSummary.Shard> shards(JsonNode round) {
    List<RoundSummary.Shard> shards = new ArrayList<>();
    for (JsonNode session : round.path("sessions")) {
      shards.add(
          new RoundSummary.Shard(
              session.path("shard").asInt(),
              session.path("suite").asInt(),
              session.path("state").asText(),
              session.path("size").asInt(),
              session.path("threshold").asInt(),
              session.path("contributors").asInt(),
              session.path("shared").asInt() - session.path("contributors").asInt()));
    }
    return shards;
  }

  private @Nullable UserVector privateVector(int user) {
    try {
      return population
          .devices()
          .get(user)
          .userVector(experiment.scenario().plan().id())
          .orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Installs the best model on some devices and asks them what they recommend. */
  List<Report.SampleDevice> samples(int count) throws IOException {
    byte[] model = experiment.bestModel().toBytes();
    ModelFiles files =
        new ModelFiles(
            experiment.scenario().plan().toBytes(),
            experiment.scenario().catalogue().toBytes(),
            model,
            ContentHash.of(model));
    List<Report.SampleDevice> samples = new ArrayList<>();
    for (VirtualDevice device : population.devices().subList(0, count)) {
      List<String> visited = new ArrayList<>();
      for (int item : experiment.split().training(device.user())) {
        visited.add(experiment.scenario().catalogue().item(item).title());
      }
      List<String> recommended =
          device.recommend(files, RECOMMENDATIONS).stream().map(Recommendation::title).toList();
      samples.add(new Report.SampleDevice(device.user(), visited, recommended));
    }
    return samples;
  }

  private void failIfDevicesDid() throws IOException {
    Throwable failure = fleet.failure();
    if (failure != null) {
      throw new IOException("a device failed: " + failure, failure);
    }
  }

  @Override
  public void close() {
    fleet.close();
    connection.close();
  }
}
