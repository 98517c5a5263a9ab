package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.connection.CertificateOutcome;
import io.tacit.client.connection.CertifiedKey;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.GrpcCoordinatorConnection;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.release.ModelDownload;
import io.tacit.client.release.ModelDownloadOutcome;
import io.tacit.client.release.ModelDownloadOutcome.Installed;
import io.tacit.client.release.ModelDownloadOutcome.Refused;
import io.tacit.client.release.ModelDownloadSettings;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.trust.PlanTrust;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.ReleaseShare;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.models.ScenarioPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An owner releases what rounds made, and takes it back, by the commands of the guide; a device
 * whose app pins the owner's key follows, over restarts, and nothing else.
 */
class ReleaseTest {

  private static final Duration WITHIN = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void a_device_gets_what_the_owner_releases_and_a_rollback_too() throws Exception {
    TacitCommand tacit = new TacitCommand(directory);
    Path key = tacit.createKey("owner");
    ScenarioPlan scenario =
        ScenarioPlan.twoTower(
            DataSetSource.parse("synthetic:news")
                .load(Path.of("unused"), SyntheticSettings.of(40, 3)),
            new ScenarioPlan.Choice(2, 3, 1, 3));
    TrainingPlan plan = scenario.plan().withNotAfter(Instant.now().plus(Duration.ofDays(30)));
    String id = plan.id().value();
    try (RunningCoordinator coordinator =
        new RunningCoordinator(
            directory, Map.of("tacit.task-keys", TacitCommand.publicHalf(key).toString()))) {
      apply(coordinator, scenario, PlanArtifact.sign(plan, pair(key), Instant.now()));
      try (CoordinatorConnection connection = coordinator.connect()) {
        ContentHash first = runRound(connection, plan);
        ContentHash second = runRound(connection, plan);
        Device device = new Device("device", connection, plan, key);

        assertThat(((Refused) device.update()).reason())
            .isEqualTo(ModelDownloadOutcome.Reason.NOT_RELEASED);

        TacitCommand.Run released =
            tacit.at(coordinator, "model", "release", id, "--key", key.toString());
        assertThat(released)
            .isEqualTo(
                new TacitCommand.Run(
                    0,
                    "Release 1 of plan "
                        + id
                        + " is in force: model version 2, hash "
                        + second
                        + ".\n"));
        device.await(new Installed(second)::equals);

        TacitCommand.Run late =
            tacit.at(
                coordinator, "model", "release", id, "--key", key.toString(), "--replaces", "0");
        // The same release, signed again, is the same bytes: nothing is new.
        assertThat(late.exitCode()).as(late.output()).isZero();
        TacitCommand.Run other =
            tacit.at(
                coordinator,
                "model",
                "rollback",
                id,
                "--to",
                "1",
                "--key",
                key.toString(),
                "--replaces",
                "0");
        assertThat(other)
            .isEqualTo(
                new TacitCommand.Run(
                    3,
                    "Refused: release 1 of plan "
                        + id
                        + " would replace none, but release 1 is in force; see what devices have"
                        + " now, then release in place of that\n"));

        TacitCommand.Run rollback =
            tacit.at(coordinator, "model", "rollback", id, "--to", "1", "--key", key.toString());
        assertThat(rollback.output())
            .isEqualTo(
                "Release 2 of plan "
                    + id
                    + " is in force: model version 1, hash "
                    + first
                    + ", in place of release 1.\n");
        device.await(new Installed(first)::equals);
        assertThat(device.update()).isEqualTo(new ModelDownloadOutcome.UpToDate());
        assertThat(new Device("device", connection, plan, key).update())
            .isEqualTo(new ModelDownloadOutcome.UpToDate());
        assertThat(tacit.at(coordinator, "audit", "list").output())
            .contains("POST /api/v1/releases", "release 2 of plan " + id + ": model version 1");
      }
    }
  }

  @Test
  void half_of_the_devices_get_a_version_first_until_all_get_it_or_it_is_taken_back()
      throws Exception {
    TacitCommand tacit = new TacitCommand(directory);
    Path key = tacit.createKey("owner");
    ScenarioPlan scenario =
        ScenarioPlan.twoTower(
            DataSetSource.parse("synthetic:news")
                .load(Path.of("unused"), SyntheticSettings.of(40, 3)),
            new ScenarioPlan.Choice(2, 3, 1, 3));
    TrainingPlan plan = scenario.plan().withNotAfter(Instant.now().plus(Duration.ofDays(30)));
    String id = plan.id().value();
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      apply(coordinator, scenario, PlanArtifact.sign(plan, pair(key), Instant.now()));
      ContentHash first;
      ContentHash second;
      try (CoordinatorConnection connection = coordinator.connect()) {
        first = runRound(connection, plan);
        second = runRound(connection, plan);
      }
      coordinator.startAgainWith(
          Map.of("tacit.devices", "enrolled", "tacit.enrolment.populations", plan.population()));
      IdentityKeyPair inHalf = keys(plan, true);
      IdentityKeyPair others = keys(plan, false);
      try (CoordinatorConnection earlier = enrol(coordinator, inHalf, plan);
          CoordinatorConnection later = enrol(coordinator, others, plan)) {
        Device early = new Device("early", earlier, plan, key, inHalf);
        Device late = new Device("late", later, plan, key, others);
        String owner = key.toString();

        assertThat(tacit.at(coordinator, "model", "release", id, "--share", "0.5", "--key", owner))
            .isEqualTo(
                new TacitCommand.Run(
                    3,
                    "Refused: release 1 of plan "
                        + id
                        + " is for 0.5 of the devices, and there is none that the others could"
                        + " have; release a version for all first\n"));
        tacit.at(coordinator, "model", "release", id, "1", "--key", owner);
        early.await(new Installed(first)::equals);
        late.await(new Installed(first)::equals);

        tacit.at(coordinator, "model", "release", id, "--share", "0.5", "--key", owner);
        early.await(new Installed(second)::equals);
        assertThat(late.update()).isEqualTo(new ModelDownloadOutcome.UpToDate());
        assertThat(tacit.at(coordinator, "model", "list", id).output())
            .containsPattern("(?m)^ +1 .* 1$")
            .containsPattern("(?m)^ +2 .* 0.5$");

        assertThat(tacit.at(coordinator, "model", "rollback", id, "--key", owner).output())
            .startsWith("Release 3 of plan " + id + " is in force: model version 1, ");
        early.await(new Installed(first)::equals);
        assertThat(late.update()).isEqualTo(new ModelDownloadOutcome.UpToDate());

        tacit.at(coordinator, "model", "release", id, "2", "--share", "0.5", "--key", owner);
        early.await(new Installed(second)::equals);
        tacit.at(coordinator, "model", "release", id, "2", "--key", owner);
        late.await(new Installed(second)::equals);
        assertThat(early.update()).isEqualTo(new ModelDownloadOutcome.UpToDate());
        assertThat(tacit.at(coordinator, "model", "show", id, "2").output())
            .containsPattern("(?m)^ +5 .* 1 .* in force$")
            .containsPattern("(?m)^ +4 .* 0.5 .* replaced$");
        assertThat(tacit.at(coordinator, "audit", "list").output())
            .contains(" for 0.5 of the devices, signed with task key ");
      }
    }
  }

  /** Of a device that is in the half that has a version first, or is not. */
  private static IdentityKeyPair keys(TrainingPlan plan, boolean inHalf) {
    ReleaseShare half = new ReleaseShare(ReleaseShare.PARTS / 2);
    IdentityKeyPair keys = IdentityKeyPair.generate(new SecureRandom());
    while (half.includes(plan.id(), keys.publicKey().clientId()) != inHalf) {
      keys = IdentityKeyPair.generate(new SecureRandom());
    }
    return keys;
  }

  /** A connection as a device that is enrolled now. */
  private static CoordinatorConnection enrol(
      RunningCoordinator coordinator, IdentityKeyPair keys, TrainingPlan plan) throws Exception {
    String token = coordinator.api().mintToken(plan.population(), 600).path("token").asText();
    GrpcCoordinatorConnection connection = coordinator.connect();
    CertificateOutcome outcome = connection.enrol(token, keys.certificateRequest());
    assertThat(outcome).isInstanceOf(CertificateOutcome.Issued.class);
    byte[] certificate = ((CertificateOutcome.Issued) outcome).certificate();
    return connection.as(
        new CertifiedKey(
            keys, IdentityCertificate.read(certificate, keys.publicKey()).orElseThrow()));
  }

  private static TaskKeyPair pair(Path key) throws IOException {
    return TaskKeyPair.fromPem(Files.readString(key));
  }

  private void apply(RunningCoordinator coordinator, ScenarioPlan scenario, PlanArtifact plan)
      throws Exception {
    Path catalogue = directory.resolve("catalogue");
    Files.write(catalogue, scenario.catalogue().toBytes());
    coordinator.api().putCatalogue(catalogue);
    coordinator.api().applyPlan(plan.toBytes(), "application/octet-stream");
  }

  private static ContentHash runRound(CoordinatorConnection connection, TrainingPlan plan)
      throws Exception {
    List<ScriptedDevice> devices = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      ScriptedDevice device = new ScriptedDevice(connection, plan, i / 10_000f);
      device.join();
      devices.add(device);
    }
    for (ScriptedDevice device : devices) {
      device.awaitAfter(Stage.ADVERTISE);
      device.upload();
    }
    return Objects.requireNonNull(devices.get(0).awaitAfter(Stage.INPUT).newModelHash());
  }

  /** One that recommends and takes part in nothing; another one of these is it after a restart. */
  private final class Device {

    private final ModelDownload download;

    Device(String name, CoordinatorConnection connection, TrainingPlan plan, Path key)
        throws IOException {
      this(name, connection, plan, key, IdentityKeyPair.generate(new SecureRandom()));
    }

    Device(
        String name,
        CoordinatorConnection connection,
        TrainingPlan plan,
        Path key,
        IdentityKeyPair keys)
        throws IOException {
      DeviceStorage storage = DeviceStorage.open(directory.resolve(name));
      ClientPolicy policy =
          ClientPolicy.development().withTaskKeys(Files.readString(TacitCommand.publicHalf(key)));
      this.download =
          new ModelDownload(
              ModelDownloadSettings.of(plan.population()),
              connection,
              ModelStore.open(storage),
              new PlanTrust(policy, new RoundLatch(storage)),
              keys.publicKey().clientId());
    }

    ModelDownloadOutcome update() {
      try {
        return download.update();
      } catch (IOException e) {
        throw new AssertionError("the device's storage failed", e);
      }
    }

    /** The coordinator may take a second until it names what was released. */
    void await(Predicate<ModelDownloadOutcome> outcome) throws Exception {
      RunningCoordinator.await("a release", WITHIN, () -> outcome.test(update()));
    }
  }
}
