package io.tacit.client.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.tacit.client.TestPlans;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.recommend.ModelUse;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.recommend.Recommender;
import io.tacit.client.release.ModelDownloadOutcome.Installed;
import io.tacit.client.release.ModelDownloadOutcome.NoConnection;
import io.tacit.client.release.ModelDownloadOutcome.NothingOffered;
import io.tacit.client.release.ModelDownloadOutcome.Reason;
import io.tacit.client.release.ModelDownloadOutcome.Refused;
import io.tacit.client.release.ModelDownloadOutcome.UpToDate;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.trust.PlanTrust;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.CurrentModel;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.CurrentModelsResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device that takes part in no round, over a real connection. */
@Timeout(60)
class ModelDownloadTest {

  private static final TrainingPlan PLAN = TestPlans.twoTower();
  private static final byte[] CATALOGUE = TestPlans.catalogue().toBytes();
  private static final ClientId DEVICE = ClientId.fromBytes(new byte[ClientId.LENGTH]);
  private static final TaskKeyPair OWNER = TaskKeyPair.generate(new SecureRandom());
  private static final ModelDownloadSettings SETTINGS =
      ModelDownloadSettings.of(TestPlans.POPULATION);

  @TempDir Path directory;

  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private final CoordinatorConnection connection = coordinator.connect();
  private DeviceStorage storage;
  private ModelStore store;

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
  private static ModelParameters byBias(float step) {
    float[] values = new float[PLAN.parameters()];
    for (int item = 0; item < 6; item++) {
      values[12 + item] = step * item;
    }
    return ModelParameters.copyOf(values);
  }

  private static CurrentModel announcement(
      TrainingPlan plan, int modelVersion, ContentHash modelHash) {
    return CurrentModel.newBuilder()
        .setPlanId(plan.id().value())
        .setPlanVersion(plan.version())
        .setPlanHash(ByteString.copyFrom(plan.contentHash().toBytes()))
        .setModelVersion(modelVersion)
        .setModelHash(ByteString.copyFrom(modelHash.toBytes()))
        .build();
  }

  private void announce(CurrentModel... models) {
    coordinator.onCurrentModels =
        request -> CurrentModelsResponse.newBuilder().addAllModels(List.of(models)).build();
  }

  /** Makes a model the current one, with all its files to be had. */
  private ContentHash release(TrainingPlan plan, int modelVersion, ModelParameters model) {
    coordinator.publish(plan.toBytes());
    ContentHash hash = coordinator.publish(model.toBytes());
    announce(announcement(plan, modelVersion, hash));
    return hash;
  }

  private ModelDownloadOutcome update() throws IOException {
    return update(SETTINGS);
  }

  private ModelDownloadOutcome update(ModelDownloadSettings settings) throws IOException {
    return new ModelDownload(
            settings,
            connection,
            store,
            new PlanTrust(ClientPolicy.development(), new RoundLatch(storage)),
            DEVICE)
        .update();
  }

  private String best() throws IOException {
    try (FileBehaviourStore behaviour =
        FileBehaviourStore.open(
            directory.resolve("behaviour"), Retention.defaults(), Clock.systemUTC())) {
      List<Recommendation> best =
          new Recommender(store, behaviour, new StoredUserVectors(storage)).recommend(1);
      return best.isEmpty() ? "nothing" : best.get(0).title();
    }
  }

  @Test
  void a_model_that_the_app_brings_gives_way_to_a_trained_one_only() throws IOException {
    ModelParameters brought = byBias(1);
    store.install(PLAN.toBytes(), CATALOGUE, brought.toBytes(), brought.contentHash(), 0);

    release(PLAN, 0, byBias(-1));
    assertThat(update())
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.OLDER_VERSION));
    assertThat(store.modelHash()).contains(brought.contentHash());

    ContentHash trained = release(PLAN, 1, byBias(-2));
    assertThat(update()).isEqualTo(new Installed(trained));
  }

  @Test
  void a_fresh_device_without_events_gets_the_model_and_recommends() throws IOException {
    ContentHash model = release(PLAN, 7, byBias(1));
    List<CurrentModelsRequest> asked = new CopyOnWriteArrayList<>();
    var answer = coordinator.onCurrentModels;
    coordinator.onCurrentModels =
        request -> {
          asked.add(request);
          return answer.apply(request);
        };

    assertThat(update()).isEqualTo(new Installed(model));

    assertThat(best()).isEqualTo("Elder");
    assertThat(asked.get(0).getPopulation()).isEqualTo("readers");
    assertThat(asked.get(0).getModelKindsList())
        .containsExactlyInAnyOrder("neural-cf", "two-tower");
    assertThat(coordinator.calls())
        .containsExactly("current models", "download 0", "download 0", "download 0");
  }

  @Test
  void fetches_nothing_while_the_model_is_installed_also_after_a_restart() throws IOException {
    release(PLAN, 7, byBias(1));
    update();

    assertThat(update()).isEqualTo(new UpToDate());
    store = ModelStore.open(storage);
    assertThat(update()).isEqualTo(new UpToDate());

    assertThat(coordinator.calls()).filteredOn("download 0"::equals).hasSize(3);
  }

  @Test
  void a_new_model_takes_the_place_of_the_old_and_only_its_own_file_is_fetched()
      throws IOException {
    release(PLAN, 7, byBias(1));
    update();
    ContentHash next = release(PLAN, 8, byBias(-1));

    assertThat(update()).isEqualTo(new Installed(next));

    assertThat(best()).isEqualTo("Apple");
    assertThat(coordinator.calls()).filteredOn("download 0"::equals).hasSize(4);
  }

  @Test
  void a_new_version_of_the_plan_is_installed_without_its_model_and_catalogue() throws IOException {
    ContentHash model = release(PLAN, 7, byBias(1));
    update();
    TrainingPlan next = TestPlans.twoTower(2, 1.0, 1);
    release(next, 7, byBias(1));

    assertThat(update()).isEqualTo(new Installed(model));

    assertThat(store.installed().orElseThrow().planHash()).isEqualTo(next.contentHash());
    assertThat(coordinator.calls()).filteredOn("download 0"::equals).hasSize(4);
  }

  @Test
  void an_older_model_of_the_same_plan_is_refused_also_after_a_restart() throws IOException {
    ContentHash newer = release(PLAN, 8, byBias(1));
    update();
    release(PLAN, 7, byBias(-1));
    store = ModelStore.open(storage);

    assertThat(update())
        .isEqualTo(
            new Refused(
                Reason.OLDER_VERSION,
                "plan news version 1 is offered with model version 7, this device has plan version"
                    + " 1 with model version 8 and keeps it; ask again later, or recommend with"
                    + " another plan"));
    assertThat(store.modelHash()).contains(newer);
    assertThat(best()).isEqualTo("Elder");
  }

  private static CurrentModel released(CurrentModel model, int number) {
    return released(model, number, ReleaseShare.ALL);
  }

  private static CurrentModel released(CurrentModel model, int number, ReleaseShare share) {
    Release release =
        Release.sign(
            new PlanId(model.getPlanId()),
            number,
            model.getModelVersion(),
            ContentHash.fromDigest(model.getModelHash().toByteArray()),
            share,
            OWNER);
    return model.toBuilder().setRelease(ByteString.copyFrom(release.toBytes())).build();
  }

  @Test
  void a_rollback_brings_the_older_model_back_and_stays_also_after_a_restart() throws IOException {
    ContentHash old = release(PLAN, 7, byBias(-1));
    CurrentModel seventh = announcement(PLAN, 7, old);
    CurrentModel eighth = announcement(PLAN, 8, release(PLAN, 8, byBias(1)));
    announce(released(eighth, 1));
    update();
    assertThat(best()).isEqualTo("Elder");

    announce(released(seventh, 2));
    assertThat(update()).isEqualTo(new Installed(old));
    assertThat(best()).isEqualTo("Apple");
    store = ModelStore.open(storage);
    assertThat(update()).isEqualTo(new UpToDate());
  }

  @Test
  void a_model_for_a_share_of_the_devices_is_installed_by_those_that_are_in_it_alone()
      throws IOException {
    CurrentModel seventh = announcement(PLAN, 7, release(PLAN, 7, byBias(-1)));
    CurrentModel eighth = announcement(PLAN, 8, release(PLAN, 8, byBias(1)));
    int own = 1;
    while (!new ReleaseShare(own).includes(PLAN.id(), DEVICE)) {
      own++;
    }
    announce(released(seventh, 1));
    update();

    announce(released(eighth, 2, new ReleaseShare(own - 1)));
    assertThat(update())
        .isEqualTo(
            new Refused(
                Reason.RELEASE_FOR_OTHERS,
                "release 2 of plan news is for "
                    + new ReleaseShare(own - 1)
                    + " of the devices, and this one is not among them; offer it what is released"
                    + " for all"));
    assertThat(best()).isEqualTo("Apple");
    assertThat(coordinator.calls()).filteredOn("download 0"::equals).hasSize(3);

    announce(released(eighth, 3, new ReleaseShare(own)));
    assertThat(update()).isInstanceOf(Installed.class);
    assertThat(best()).isEqualTo("Elder");
    announce(released(eighth, 4));
    assertThat(update()).isEqualTo(new UpToDate());
  }

  @Test
  void the_app_chooses_the_plan_that_it_recommends_with() throws IOException {
    ContentHash model = release(PLAN, 7, byBias(1));
    CurrentModel other = announcement(PLAN, 1, model).toBuilder().setPlanId("books").build();
    announce(other, announcement(PLAN, 7, model));

    assertThat(update(SETTINGS.withPlan(new PlanId("films")))).isEqualTo(new NothingOffered());
    assertThat(update(SETTINGS.withPlan(PLAN.id()))).isEqualTo(new Installed(model));
  }

  @Test
  void a_population_without_models_offers_nothing_and_what_is_installed_stays() throws IOException {
    assertThat(update()).isEqualTo(new NothingOffered());
    assertThat(best()).isEqualTo("nothing");
    release(PLAN, 1, byBias(1));
    update();
    announce();

    assertThat(update()).isEqualTo(new NothingOffered());
    assertThat(best()).isEqualTo("Elder");
  }

  @Test
  void bytes_of_another_hash_are_not_installed() throws IOException {
    ContentHash model = release(PLAN, 1, byBias(1));
    update();
    ContentHash announced = byBias(-1).contentHash();
    coordinator.publishAs(announced, byBias(2).toBytes());
    announce(announcement(PLAN, 2, announced));

    assertThat(update())
        .isEqualTo(
            new Refused(
                Reason.WRONG_HASH,
                "model: artifact has hash "
                    + byBias(2).contentHash().toHex()
                    + ", must have "
                    + announced.toHex()
                    + "; what came is thrown away"));
    assertThat(store.modelHash()).contains(model);
  }

  @Test
  void a_truncated_model_is_not_installed() throws IOException {
    byte[] whole = byBias(1).toBytes();
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    coordinator.publish(PLAN.toBytes());
    announce(announcement(PLAN, 1, coordinator.publish(half)));

    assertThat(update())
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.UNUSABLE));
    assertThat(store.installed()).isEmpty();
  }

  @Test
  void a_plan_of_a_foreign_population_is_refused_before_its_model_is_fetched() throws IOException {
    release(PLAN, 1, byBias(1));

    assertThat(update(ModelDownloadSettings.of("listeners")))
        .isEqualTo(
            new Refused(
                Reason.FOREIGN_PLAN,
                "plan news is for population readers, this app is in listeners"));
    assertThat(coordinator.calls()).containsExactly("current models", "download 0");
    assertThat(store.installed()).isEmpty();
  }

  @Test
  void a_plan_that_is_not_the_announced_one_is_refused() throws IOException {
    ContentHash model = release(PLAN, 1, byBias(1));
    announce(announcement(PLAN, 1, model).toBuilder().setPlanVersion(9).build());

    assertThat(update())
        .isEqualTo(
            new Refused(
                Reason.FOREIGN_PLAN, "plan is news version 1, announced was news version 9"));
  }

  private static TrainingPlan tabular() {
    return TestPlans.tabular(
        Loss.MEAN_SQUARED_ERROR,
        new DenseLayer(1, Activation.IDENTITY),
        0,
        new Feature.Numeric("x", 0, 1));
  }

  @Test
  void a_model_over_attributes_is_installed_without_a_catalogue_and_found_after_a_restart()
      throws IOException {
    ContentHash model = release(tabular(), 1, ModelParameters.initial(tabular().model()));

    assertThat(update()).isEqualTo(new Installed(model));

    assertThat(coordinator.calls()).containsExactly("current models", "download 0", "download 0");
    store = ModelStore.open(storage);
    assertThat(store.use()).contains(ModelUse.PREDICTIONS);
    assertThat(update()).isEqualTo(new UpToDate());
    ContentHash items = release(PLAN, 2, byBias(1));
    assertThat(update()).isEqualTo(new Installed(items));
    assertThat(store.use()).contains(ModelUse.RECOMMENDATIONS);
  }

  @Test
  void a_model_over_items_comes_before_one_over_attributes_unless_the_app_names_that_plan()
      throws IOException {
    ContentHash items = release(PLAN, 1, byBias(1));
    CurrentModel overItems = announcement(PLAN, 1, items);
    ContentHash attributes = release(tabular(), 1, ModelParameters.initial(tabular().model()));
    CurrentModel overAttributes = announcement(tabular(), 1, attributes);
    offerByKind(overItems, overAttributes);

    assertThat(update()).isEqualTo(new Installed(items));
    offerByKind(overItems.toBuilder().setPlanId("films").build(), overAttributes);
    assertThat(update(SETTINGS.withPlan(PLAN.id()))).isEqualTo(new Installed(attributes));
  }

  private void offerByKind(CurrentModel overItems, CurrentModel overAttributes) {
    coordinator.onCurrentModels =
        request ->
            CurrentModelsResponse.newBuilder()
                .addModels(
                    request.getModelKindsList().contains("tabular") ? overAttributes : overItems)
                .build();
  }

  @Test
  void what_is_no_plan_is_refused() throws IOException {
    ContentHash noPlan = coordinator.publish(new byte[] {1, 2});
    announce(
        announcement(PLAN, 1, byBias(1).contentHash()).toBuilder()
            .setPlanHash(ByteString.copyFrom(noPlan.toBytes()))
            .build());

    assertThat(update())
        .isEqualTo(
            new Refused(
                Reason.UNUSABLE,
                "the plan is unusable: plan is not a tacit.v1.TrainingPlan message"));
  }

  @Test
  void what_is_larger_than_the_app_allows_is_not_fetched() throws IOException {
    release(PLAN, 1, byBias(1));
    int modelBytes = byBias(1).toBytes().length;

    assertThat(update(SETTINGS.withBytesMax(1000, modelBytes - 1)))
        .isEqualTo(
            new Refused(
                Reason.TOO_LARGE,
                "the model of plan news has "
                    + modelBytes
                    + " bytes, this app takes at most "
                    + (modelBytes - 1)));
    assertThat(update(SETTINGS.withBytesMax(10, modelBytes)))
        .isEqualTo(
            new Refused(
                Reason.TOO_LARGE,
                "catalogue: artifact "
                    + ContentHash.of(CATALOGUE)
                    + " has "
                    + CATALOGUE.length
                    + " bytes, this client takes at most 10"));
    assertThat(store.installed()).isEmpty();
  }

  @Test
  void a_file_that_the_coordinator_has_not_is_asked_for_again_later() throws IOException {
    coordinator.publish(PLAN.toBytes());
    ContentHash gone = byBias(1).contentHash();
    announce(announcement(PLAN, 1, gone));

    assertThat(update())
        .isEqualTo(
            new Refused(
                Reason.MISSING, "the coordinator has no model " + gone + "; ask again later"));
  }

  @Test
  void a_download_that_breaks_off_goes_on_where_it_stopped() throws IOException {
    ContentHash model = release(PLAN, 1, byBias(1));
    coordinator.downloadChunkBytes = 10;
    coordinator.downloadCuts.addAll(List.of(20, 50));

    assertThat(update()).isEqualTo(new Installed(model));
    assertThat(coordinator.calls())
        .containsExactly(
            "current models",
            "download 0",
            "download 20",
            "download 50",
            "download 0",
            "download 0");
  }

  @Test
  void a_download_that_brings_nothing_is_not_repeated() throws IOException {
    release(PLAN, 1, byBias(1));
    coordinator.downloadCuts.addAll(List.of(0, 0));

    assertThat(update())
        .isEqualTo(
            new NoConnection(
                ConnectionException.Reason.UNAVAILABLE,
                "coordinator answered UNAVAILABLE: cut by script",
                Duration.ofSeconds(20)));
    assertThat(coordinator.calls()).containsExactly("current models", "download 0");
  }

  @Test
  void a_coordinator_that_is_away_or_busy_is_an_outcome_and_the_model_stays() throws IOException {
    release(PLAN, 1, byBias(1));
    update();
    coordinator.onCurrentModels =
        request -> {
          throw ScriptedCoordinator.failure(Status.RESOURCE_EXHAUSTED, "BUSY", "2500");
        };
    assertThat(update())
        .isEqualTo(
            new NoConnection(
                ConnectionException.Reason.TOO_BUSY,
                "coordinator answered RESOURCE_EXHAUSTED (BUSY)",
                Duration.ofMillis(2500)));
    coordinator.stop();

    assertThat(update())
        .isInstanceOfSatisfying(
            NoConnection.class,
            away -> {
              assertThat(away.reason()).isEqualTo(ConnectionException.Reason.UNAVAILABLE);
              assertThat(away.retryAfter()).isEqualTo(Duration.ofSeconds(20));
            });
    assertThat(best()).isEqualTo("Elder");
  }

  @Test
  void damaged_files_are_removed_at_the_start_and_fetched_again() throws IOException {
    ContentHash model = release(PLAN, 1, byBias(1));
    update();
    Path file = storage.file("installed-model-" + model.toHex());
    damage(file);

    ModelStore.Opened opened = ModelStore.openOrReset(storage);
    store = opened.store();

    assertThat(opened.modelDamage())
        .contains(
            file
                + " does not match its checksum; restore it from a backup, or delete it to start"
                + " anew");
    assertThat(store.installed()).isEmpty();
    assertThat(storage.names()).containsExactly("round-" + PLAN.id());
    assertThat(update()).isEqualTo(new Installed(model));
    assertThat(ModelStore.openOrReset(storage).modelDamage()).isEmpty();
    assertThat(best()).isEqualTo("Elder");
  }

  @Test
  void a_file_that_is_damaged_while_the_app_runs_is_fetched_again() throws IOException {
    release(PLAN, 1, byBias(1));
    update();
    damage(storage.file("installed-catalogue-" + ContentHash.of(CATALOGUE).toHex()));
    ContentHash next = release(PLAN, 2, byBias(-1));

    assertThat(update()).isEqualTo(new Installed(next));

    assertThat(ModelStore.open(storage).modelHash()).contains(next);
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void an_interrupt_is_an_outcome_and_stays_set() throws IOException {
    release(PLAN, 1, byBias(1));
    Thread.currentThread().interrupt();
    try {
      assertThat(update())
          .isInstanceOfSatisfying(
              NoConnection.class,
              stopped ->
                  assertThat(stopped.reason()).isEqualTo(ConnectionException.Reason.INTERRUPTED));
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void settings_have_ranges() {
    assertThatThrownBy(() -> ModelDownloadSettings.of("No Name"))
        .hasMessageStartingWith("population is \"No Name\", must be 1 to 64 characters");
    assertThatThrownBy(() -> SETTINGS.withBytesMax(0, 1))
        .hasMessage("bound on catalogue bytes is 0, must be 1 to 67108864");
    assertThatThrownBy(() -> SETTINGS.withBytesMax(1, Integer.MAX_VALUE))
        .hasMessageStartingWith("bound on model bytes is 2147483647, must be 1 to ");
    assertThatThrownBy(() -> SETTINGS.within(Duration.ZERO))
        .hasMessage("downloads may take 0 ms, must be above 0 and at most 3600000");
  }
}
