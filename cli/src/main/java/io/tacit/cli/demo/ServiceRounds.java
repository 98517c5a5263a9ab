package io.tacit.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.model.UserVector;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.rounds.ParticipationOutcome;
import io.tacit.client.training.TrainingEngine;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.population.Cohorts;
import io.tacit.simulation.population.DeviceParts;
import io.tacit.simulation.population.Population;
import io.tacit.simulation.quality.RoundSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Rounds of one plan through a coordinator process: the cohorts that a seed draws take part over
 * gRPC, one after the other, with trainings and roundings of the same seed. Masked sums do not
 * depend on masks, order or shards, so the models are those of the same rounds in one process.
 */
final class ServiceRounds implements RoundSource {

  private static final String MEMORY = "1g";
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);
  private static final long ASK_EVERY_MILLIS = 50;

  private final TrainingPlan plan;
  private final CoordinatorProcess coordinator;
  private final CoordinatorApi api;
  private final CoordinatorConnection connection;
  private final Population population;
  private final Cohorts cohorts;

  private ServiceRounds(
      TrainingPlan plan,
      CoordinatorProcess coordinator,
      CoordinatorApi api,
      CoordinatorConnection connection,
      Population population,
      Cohorts cohorts) {
    this.plan = plan;
    this.coordinator = coordinator;
    this.api = api;
    this.connection = connection;
    this.population = population;
    this.cohorts = cohorts;
  }

  /** Starts a coordinator, applies the plan and makes the devices. */
  static ServiceRounds start(
      ScenarioPlan scenario, HonestSplit split, TrainingEngine engine, long seed, Path directory)
      throws IOException, InterruptedException {
    ScenarioPlan patient =
        new ScenarioPlan(
            Cohorts.Attendance.EVERYBODY.planOf(scenario.plan()), scenario.catalogue());
    AccessToken token = AccessToken.generate(new SecureRandom());
    CoordinatorProcess coordinator =
        DeviceSide.start(Files.createDirectories(directory.resolve("coordinator")), token, MEMORY);
    try {
      CoordinatorApi api = coordinator.api(token);
      Path catalogue = Files.write(directory.resolve("catalogue"), patient.catalogue().toBytes());
      api.putCatalogue(catalogue);
      api.applyPlan(patient.planFile(), "application/yaml");
      CoordinatorConnection connection = DeviceSide.connect(coordinator);
      Population population =
          Population.of(
              split,
              directory.resolve("devices"),
              DeviceParts.of(
                  ParticipantSettings.of(patient.plan().population(), ClientPolicy.development()),
                  connection,
                  engine),
              Population.Chance.SEEDED,
              seed);
      return new ServiceRounds(
          patient.plan(),
          coordinator,
          api,
          connection,
          population,
          new Cohorts(population, patient.plan(), Cohorts.Attendance.EVERYBODY, seed));
    } catch (RefusedException e) {
      coordinator.close();
      throw new IOException("the coordinator refused the plan: " + e.getMessage(), e);
    } catch (IOException | InterruptedException | RuntimeException e) {
      coordinator.close();
      throw e;
    }
  }

  @Override
  public Completed next() throws IOException, InterruptedException {
    List<ParticipationOutcome.Contributed> cohort = cohorts.takePart();
    long number = cohort.get(0).round().number();
    for (ParticipationOutcome.Contributed device : cohort) {
      if (device.round().number() != number) {
        throw new IOException(
            "the cohort of round "
                + number
                + " was split: a device took part in round "
                + device.round().number()
                + "; the machine may be too busy, run it again");
      }
    }
    JsonNode round = ended(number);
    if (!round.path("state").asText().equals("COMPLETED")
        || round.path("contributors").asInt() != cohort.size()) {
      throw new IOException(
          "round "
              + number
              + " ended "
              + round.path("state").asText()
              + " with "
              + round.path("contributors").asInt()
              + " of "
              + cohort.size()
              + " devices; the machine may be too busy, run it again");
    }
    ContentHash hash = ContentHash.fromHex(round.path("newModelHash").asText());
    return new Completed(
        number,
        round.path("meanLoss").asDouble(),
        DeviceSide.fetchModel(connection, hash, plan.parameters()));
  }

  /** Devices hear of the end a moment before or after the list of rounds shows it. */
  private JsonNode ended(long number) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + ENDS_WITHIN.toNanos();
    while (System.nanoTime() - deadline < 0) {
      try {
        for (JsonNode round : api.rounds(plan.id().value(), number - 1, 1)) {
          if (round.path("round").asLong() == number && round.hasNonNull("closedAt")) {
            return round;
          }
        }
      } catch (RefusedException e) {
        throw new IOException("the coordinator told nothing of its rounds: " + e.getMessage(), e);
      }
      TimeUnit.MILLISECONDS.sleep(ASK_EVERY_MILLIS);
    }
    throw new IOException(
        "round " + number + " has not ended within " + ENDS_WITHIN.toSeconds() + " seconds");
  }

  @Override
  public Optional<UserVector> userVector(int user) throws IOException {
    return population.devices().get(user).userVector(plan.id());
  }

  @Override
  public void close() {
    cohorts.close();
    connection.close();
    coordinator.close();
  }
}
