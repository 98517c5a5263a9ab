package io.tacit.client.release;

import com.google.protobuf.ByteString;
import io.tacit.client.TestPlans;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.recommend.Recommender;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.trust.PlanTrust;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.CurrentModel;
import io.tacit.protocol.v1.CurrentModelsResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device that takes part in no round, over a real connection. */
@Timeout(60)
abstract class ModelDownloadFixture {

  static final TrainingPlan PLAN = TestPlans.twoTower();
  static final byte[] CATALOGUE = TestPlans.catalogue().toBytes();
  static final ClientId DEVICE = ClientId.fromBytes(new byte[ClientId.LENGTH]);

  static final ModelDownloadSettings SETTINGS = ModelDownloadSettings.of(TestPlans.POPULATION);

  @TempDir Path directory;

  final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  final CoordinatorConnection connection = coordinator.connect();
  DeviceStorage storage;
  ModelStore store;

  @BeforeEach
  void open() throws IOException {
    storage = DeviceStorage.open(directory.resolve("device"));
    store = ModelStore.open(storage);
    coordinator.publish(CATALOGUE);
  }

  @AfterEach
  void close() {
    connection.close();
    coordinator.close();
  }

  /** Biases make e the best, then d, c, b, a, or the other way round; no two steps are alike. */
  static ModelParameters byBias(float step) {
    float[] values = new float[PLAN.parameters()];
    for (int item = 0; item < 6; item++) {
      values[12 + item] = step * item;
    }
    return ModelParameters.copyOf(values);
  }

  static CurrentModel announcement(TrainingPlan plan, int modelVersion, ContentHash modelHash) {
    return CurrentModel.newBuilder()
        .setPlanId(plan.id().value())
        .setPlanVersion(plan.version())
        .setPlanHash(ByteString.copyFrom(plan.contentHash().toBytes()))
        .setModelVersion(modelVersion)
        .setModelHash(ByteString.copyFrom(modelHash.toBytes()))
        .build();
  }

  void announce(CurrentModel... models) {
    coordinator.onCurrentModels =
        request -> CurrentModelsResponse.newBuilder().addAllModels(List.of(models)).build();
  }

  /** Makes a model the current one, with all its files to be had. */
  ContentHash release(TrainingPlan plan, int modelVersion, ModelParameters model) {
    coordinator.publish(plan.toBytes());
    ContentHash hash = coordinator.publish(model.toBytes());
    announce(announcement(plan, modelVersion, hash));
    return hash;
  }

  ModelDownloadOutcome update() throws IOException {
    return update(SETTINGS);
  }

  ModelDownloadOutcome update(ModelDownloadSettings settings) throws IOException {
    return new ModelDownload(
            settings,
            connection,
            store,
            new PlanTrust(ClientPolicy.development(), new RoundLatch(storage)),
            DEVICE)
        .update();
  }

  String best() throws IOException {
    try (FileBehaviourStore behaviour =
        FileBehaviourStore.open(
            directory.resolve("behaviour"), Retention.defaults(), Clock.systemUTC())) {
      List<Recommendation> best =
          new Recommender(store, behaviour, new StoredUserVectors(storage)).recommend(1);
      return best.isEmpty() ? "nothing" : best.get(0).title();
    }
  }
}
