package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.release.ModelDownload;
import io.tacit.client.release.ModelDownloadOutcome.Installed;
import io.tacit.client.release.ModelDownloadSettings;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.training.ParameterDelta;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.trust.PlanTrust;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.population.Companion;
import io.tacit.simulation.population.DeviceParts;
import io.tacit.simulation.population.Fleet;
import io.tacit.simulation.population.Population;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Devices train a good model, and from some round on a bad one on purpose. What held-back devices
 * report of the versions lets the good one through and stops the bad one, by the bound of the
 * signed plan; an owner who releases it all the same takes it back, and devices follow.
 */
class GuardedReleaseTest {

  private static final int USERS = 400;
  private static final int COHORT = 200;

  private static final int EARLY_VERSION = 1;
  private static final int GOOD_VERSION = 12;
  private static final int BAD_VERSION = 20;

  /** A version is measured by the round that starts from it. */
  private static final int ROUNDS = BAD_VERSION + 1;

  /** What the owner signs: two in five measure only, and four versions are taken together. */
  private static final EvaluationSettings MEASURED =
      new EvaluationSettings(
          0.2,
          new MetricSettings(
              0.4,
              List.of(),
              10,
              0,
              PrivacySettings.Budget.UNLIMITED,
              new MetricSettings.ReleaseBound(0.07, 60, 4)));

  private static final long SEED = 3;
  private static final Duration WITHIN = Duration.ofMinutes(4);

  @TempDir Path directory;

  private final AtomicBoolean spoiled = new AtomicBoolean();
  private HonestSplit split;
  private ScenarioPlan scenario;
  private TacitCommand tacit;

  @BeforeEach
  void prepare() throws Exception {
    tacit = new TacitCommand(directory);
    InteractionDataSet data =
        DataSetSource.parse("synthetic:news")
            .load(Path.of("unused"), SyntheticSettings.of(USERS, SEED));
    split = HonestSplit.of(data, SEED);
    scenario = ScenarioPlan.twoTower(data, new ScenarioPlan.Choice(ROUNDS, COHORT, 1, SEED));
  }

  @Test
  void a_bad_model_is_not_proposed_and_a_release_of_it_is_rolled_back() throws Exception {
    Path key = tacit.createKey("owner");
    TrainingPlan plan =
        scenario
            .plan()
            .withEvaluation(MEASURED)
            .withNotAfter(Instant.now().plus(Duration.ofDays(30)));
    String id = plan.id().value();
    try (RunningCoordinator coordinator =
        new RunningCoordinator(
            directory, Map.of("tacit.task-keys", TacitCommand.publicHalf(key).toString()))) {
      apply(coordinator, PlanArtifact.sign(plan, pair(key), Instant.now()));
      try (CoordinatorConnection connection = coordinator.connect()) {
        train(coordinator, connection, plan);
        release(coordinator, key, id, "release", id, Integer.toString(EARLY_VERSION));
        assertThat(tacit.at(coordinator, "model", "metrics", id).output())
            .containsPattern("(?m)^ +12 +held-back .* exact, round 13$")
            .containsPattern("(?m)^ +12 +training .* exact, round 13$")
            .doesNotContainPattern("(?m)^ +" + ROUNDS + " ");

        TacitCommand.Run good =
            tacit.at(coordinator, "model", "propose", id, Integer.toString(GOOD_VERSION));
        assertThat(good.exitCode()).as(good.output()).isZero();
        assertThat(good.output()).contains("Version 12 of plan " + id + " is proposed: +0.");

        ContentHash released =
            release(coordinator, key, id, "release", id, Integer.toString(GOOD_VERSION));
        ModelDownload device = device(connection, plan, key);
        RunningCoordinator.await("the good model", WITHIN, () -> installs(device, released));

        TacitCommand.Run bad =
            tacit.at(coordinator, "model", "propose", id, Integer.toString(BAD_VERSION));
        assertThat(bad.exitCode()).as(bad.output()).isEqualTo(3);
        assertThat(bad.output())
            .contains("Refused: version 20 of plan " + id + " is not proposed: its mean is -0.");
        assertThat(tacit.at(coordinator, "model", "candidates", id).output())
            // Eighty devices are few: how sure the guard is depends on who was in the rounds.
            .containsPattern("(?m)^ +20 +[1-9][0-9]+ .* -0\\.[0-9]+ .* (worse|uncertain)$")
            .containsPattern("(?m)^ +21 +0 .* too-few-devices$");

        // The owner's signature decides, not the guard.
        ContentHash spoiledModel =
            release(coordinator, key, id, "release", id, Integer.toString(BAD_VERSION));
        RunningCoordinator.await("the bad model", WITHIN, () -> installs(device, spoiledModel));
        release(coordinator, key, id, "rollback", id);
        RunningCoordinator.await("the rollback", WITHIN, () -> installs(device, released));

        assertThat(tacit.at(coordinator, "audit", "list").output())
            .contains("proposed: mean 0.")
            .contains("not proposed, ")
            .contains("release 4 of plan " + id + ": model version 12");
      }
    }
  }

  /** All rounds; from one on, devices go up the hill that they should go down. */
  private void train(
      RunningCoordinator coordinator, CoordinatorConnection connection, TrainingPlan plan)
      throws Exception {
    Population population =
        Population.of(
            split,
            directory.resolve("devices"),
            DeviceParts.of(
                ParticipantSettings.of(plan.population(), ClientPolicy.development()),
                connection,
                new PortableEngine()),
            Population.Chance.SEEDED,
            SEED,
            (user, client) -> new Spoiler());
    try (Fleet fleet = new Fleet(population.devices(), COHORT, SEED, outcome -> {})) {
      fleet.start();
      RunningCoordinator.await(
          "the good rounds", WITHIN, () -> versions(coordinator, plan) >= GOOD_VERSION);
      spoiled.set(true);
      RunningCoordinator.await(
          "the bad rounds", WITHIN, () -> versions(coordinator, plan) >= ROUNDS);
      assertThat(fleet.failure()).isNull();
    }
  }

  private final class Spoiler implements Companion {

    @Override
    public TrainingEngine engine(TrainingEngine engine) {
      return task -> {
        TrainingResult result = engine.train(task);
        if (!spoiled.get()) {
          return result;
        }
        float[] uphill = result.delta().toArray();
        for (int i = 0; i < uphill.length; i++) {
          uphill[i] = -uphill[i];
        }
        return new TrainingResult(
            ParameterDelta.dense(uphill),
            result.examples(),
            result.meanLoss(),
            result.userVector());
      };
    }
  }

  private static int versions(RunningCoordinator coordinator, TrainingPlan plan) {
    try {
      return coordinator.api().model(plan.id().value(), "latest").path("version").asInt();
    } catch (Exception e) {
      throw new AssertionError("the coordinator does not show its newest model", e);
    }
  }

  /**
   * Runs a command that releases something.
   *
   * @return hash of the model that devices get by it
   */
  private ContentHash release(
      RunningCoordinator coordinator, Path key, String plan, String... command) throws Exception {
    String[] arguments = new String[command.length + 3];
    arguments[0] = "model";
    System.arraycopy(command, 0, arguments, 1, command.length);
    arguments[command.length + 1] = "--key";
    arguments[command.length + 2] = key.toString();
    TacitCommand.Run run = tacit.at(coordinator, arguments);
    assertThat(run.exitCode()).as(run.output()).isZero();
    return ContentHash.fromHex(
        coordinator.api().releases(plan, 1).path(0).path("modelHash").asText());
  }

  private void apply(RunningCoordinator coordinator, PlanArtifact plan) throws Exception {
    Path catalogue = directory.resolve("catalogue");
    Files.write(catalogue, scenario.catalogue().toBytes());
    coordinator.api().putCatalogue(catalogue);
    coordinator.api().applyPlan(plan.toBytes(), "application/octet-stream");
  }

  private static TaskKeyPair pair(Path key) throws IOException {
    return TaskKeyPair.fromPem(Files.readString(key));
  }

  /** One that recommends, and takes what the owner signs alone. */
  private ModelDownload device(CoordinatorConnection connection, TrainingPlan plan, Path key)
      throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory.resolve("device"));
    ClientPolicy policy =
        ClientPolicy.development().withTaskKeys(Files.readString(TacitCommand.publicHalf(key)));
    return new ModelDownload(
        ModelDownloadSettings.of(plan.population()),
        connection,
        ModelStore.open(storage),
        new PlanTrust(policy, new RoundLatch(storage)),
        DeviceIdentity.openOrCreate(storage, new SecureRandom()).clientId());
  }

  /** The coordinator may take a second until it names what was released. */
  private static boolean installs(ModelDownload device, ContentHash model) {
    try {
      return device.update().equals(new Installed(model));
    } catch (IOException e) {
      throw new AssertionError("the device's storage failed", e);
    }
  }
}
