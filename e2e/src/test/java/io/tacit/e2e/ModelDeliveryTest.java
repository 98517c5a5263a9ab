package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.recommend.Recommender;
import io.tacit.client.release.ModelDownload;
import io.tacit.client.release.ModelDownloadOutcome;
import io.tacit.client.release.ModelDownloadSettings;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.trust.PlanTrust;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.models.ScenarioPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that has no part in any round gets the model that the others trained. */
class ModelDeliveryTest {

  @TempDir Path directory;

  @Test
  void a_device_without_events_recommends_with_the_model_of_a_round_that_others_ran()
      throws Exception {
    ScenarioPlan scenario =
        ScenarioPlan.twoTower(
            DataSetSource.parse("synthetic:news")
                .load(Path.of("unused"), SyntheticSettings.of(40, 3)),
            new ScenarioPlan.Choice(1, 3, 1, 3));
    try (RunningCoordinator coordinator = new RunningCoordinator(directory);
        CoordinatorConnection connection = coordinator.connect()) {
      Path catalogue = directory.resolve("catalogue");
      Files.write(catalogue, scenario.catalogue().toBytes());
      coordinator.api().putCatalogue(catalogue);
      coordinator.apply(scenario.plan());
      DeviceStorage storage = DeviceStorage.open(directory.resolve("device"));
      ModelStore store = ModelStore.open(storage);
      ModelDownload download =
          new ModelDownload(
              ModelDownloadSettings.of(scenario.plan().population()),
              connection,
              store,
              new PlanTrust(ClientPolicy.development(), new RoundLatch(storage)),
              DeviceIdentity.openOrCreate(storage, new SecureRandom()).clientId());

      ContentHash trained = runRound(connection, scenario);

      assertThat(update(download)).isEqualTo(new ModelDownloadOutcome.Installed(trained));
      assertThat(update(download)).isEqualTo(new ModelDownloadOutcome.UpToDate());
      assertThat(store.installed().orElseThrow().modelVersion()).isEqualTo(1);
      assertThatItRecommends(store);
    }
  }

  private static ContentHash runRound(CoordinatorConnection connection, ScenarioPlan scenario)
      throws Exception {
    List<ScriptedDevice> devices = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      ScriptedDevice device = new ScriptedDevice(connection, scenario.plan(), i / 10_000f);
      device.join();
      devices.add(device);
    }
    for (ScriptedDevice device : devices) {
      device.awaitAfter(Stage.ADVERTISE);
      device.upload();
    }
    return Objects.requireNonNull(devices.get(0).awaitAfter(Stage.INPUT).newModelHash());
  }

  private static ModelDownloadOutcome update(ModelDownload download) {
    try {
      return download.update();
    } catch (IOException e) {
      throw new AssertionError("the device's storage failed", e);
    }
  }

  private void assertThatItRecommends(ModelStore store) throws Exception {
    try (FileBehaviourStore behaviour =
        FileBehaviourStore.open(
            directory.resolve("behaviour"), Retention.defaults(), Clock.systemUTC())) {
      Recommender recommender =
          new Recommender(
              store,
              behaviour,
              new StoredUserVectors(DeviceStorage.open(directory.resolve("vectors"))));
      assertThat(recommender.recommend(5)).hasSize(5);
    }
  }
}
