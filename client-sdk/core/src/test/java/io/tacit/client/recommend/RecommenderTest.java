package io.tacit.client.recommend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.TestPlans;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.model.UserVector;
import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecommenderTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir Path directory;

  private DeviceStorage storage;
  private FileBehaviourStore behaviour;

  @BeforeEach
  void open() throws IOException {
    storage = DeviceStorage.open(directory.resolve("device"));
    behaviour =
        FileBehaviourStore.open(
            directory.resolve("behaviour"), Retention.defaults(), Clock.systemUTC());
  }

  @AfterEach
  void close() throws IOException {
    behaviour.close();
  }

  private Recommender recommender(ModelStore models) {
    return new Recommender(models, behaviour, new StoredUserVectors(storage));
  }

  /** Biases make e the best, then d, c, b, a; the last bias is of the bucket and higher still. */
  private static ModelParameters byBias(TrainingPlan plan, float sign) {
    float[] values = new float[plan.parameters()];
    for (int item = 0; item < 6; item++) {
      values[12 + item] = sign * item;
    }
    return ModelParameters.copyOf(values);
  }

  private static InstallOutcome install(ModelStore store, TrainingPlan plan, ModelParameters model)
      throws IOException {
    return store.install(
        plan.toBytes(), TestPlans.catalogue().toBytes(), model.toBytes(), model.contentHash());
  }

  private static List<String> ids(List<Recommendation> recommendations) {
    return recommendations.stream().map(Recommendation::itemId).toList();
  }

  @Test
  void recommends_nothing_before_there_is_a_model() throws IOException {
    assertThat(recommender(ModelStore.open(storage)).recommend(3)).isEmpty();
  }

  @Test
  void recommends_the_best_items_that_the_person_does_not_know_by_title() throws IOException {
    ModelStore store = ModelStore.open(storage);
    TrainingPlan plan = TestPlans.twoTower();
    assertThat(install(store, plan, byBias(plan, 1))).isEqualTo(new InstallOutcome.Installed());
    behaviour.record(BehaviourEvent.click("e", NOON));
    behaviour.record(BehaviourEvent.of(BehaviourEvent.DISMISS, "c", NOON));

    List<Recommendation> best = recommender(store).recommend(2);

    assertThat(ids(best)).containsExactly("d", "b");
    assertThat(best.get(0).title()).isEqualTo("Date");
    assertThat(best.get(0).score()).isGreaterThan(best.get(1).score());
    assertThat(ids(recommender(store).recommend(10))).containsExactly("d", "b", "a");
    assertThat(recommender(store).recommend(0)).isEmpty();
  }

  @Test
  void history_moves_the_recommendations_of_a_two_tower_model() throws IOException {
    ModelStore store = ModelStore.open(storage);
    TrainingPlan plan = TestPlans.twoTower();
    float[] values = new float[plan.parameters()];
    values[2 * 3] = 1; // Item d points along the first axis,
    values[2 * 4 + 1] = 1; // item e along the second.
    values[18] = 1; // Who chose a goes along the first,
    values[18 + 2 + 1] = 1; // who chose b along the second.
    install(store, plan, ModelParameters.copyOf(values));

    behaviour.record(BehaviourEvent.click("a", NOON));
    assertThat(ids(recommender(store).recommend(1))).containsExactly("d");
    behaviour.forget();
    behaviour.record(BehaviourEvent.click("b", NOON));
    assertThat(ids(recommender(store).recommend(1))).containsExactly("e");
  }

  @Test
  void uses_the_private_vector_of_a_neural_cf_model() throws IOException {
    ModelStore store = ModelStore.open(storage);
    TrainingPlan plan = TestPlans.neuralCf(0);
    float[] values = new float[plan.parameters()];
    values[2 * 3] = 1;
    values[2 * 4 + 1] = 1;
    install(store, plan, ModelParameters.copyOf(values));

    new StoredUserVectors(storage).keep(plan.id(), UserVector.copyOf(new float[] {0, 1}));
    assertThat(ids(recommender(store).recommend(1))).containsExactly("e");
    new StoredUserVectors(storage).keep(plan.id(), UserVector.copyOf(new float[] {1, 0}));
    assertThat(ids(recommender(store).recommend(1))).containsExactly("d");
  }

  @Test
  void the_model_is_there_after_a_restart_without_any_network() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    ModelParameters model = byBias(plan, 1);
    install(ModelStore.open(storage), plan, model);

    ModelStore reopened = ModelStore.open(DeviceStorage.open(directory.resolve("device")));
    assertThat(reopened.modelHash()).contains(model.contentHash());
    assertThat(ids(recommender(reopened).recommend(1))).containsExactly("e");
  }

  @Test
  void a_swap_leaves_no_file_of_the_model_before() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    ModelStore store = ModelStore.open(storage);
    install(store, plan, byBias(plan, 1));
    install(store, plan, byBias(plan, -1));

    assertThat(ids(recommender(store).recommend(1))).containsExactly("a");
    assertThat(storage.names())
        .containsExactlyInAnyOrder(
            "current-model",
            "installed-plan-" + plan.contentHash().toHex(),
            "installed-catalogue-" + TestPlans.catalogue().contentHash().toHex(),
            "installed-model-" + byBias(plan, -1).contentHash().toHex());
  }

  @Test
  void refuses_what_does_not_fit_and_keeps_the_model_before() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    ModelStore store = ModelStore.open(storage);
    ModelParameters good = byBias(plan, 1);
    install(store, plan, good);
    byte[] catalogue = TestPlans.catalogue().toBytes();
    byte[] other = byBias(plan, -1).toBytes();
    byte[] shorter = ModelParameters.copyOf(new float[7]).toBytes();
    TrainingPlan tabular =
        TestPlans.tabular(
            Loss.MEAN_SQUARED_ERROR,
            new DenseLayer(1, Activation.IDENTITY),
            0,
            new Feature.Numeric("x", 0, 1));

    assertThat(store.install(plan.toBytes(), catalogue, other, good.contentHash()))
        .isEqualTo(
            new InstallOutcome.Refused(
                "model has hash "
                    + ContentHash.of(other).toHex()
                    + ", must have "
                    + good.contentHash().toHex()
                    + "; fetch it again"));
    assertThat(store.install(plan.toBytes(), catalogue, shorter, ContentHash.of(shorter)))
        .isInstanceOf(InstallOutcome.Refused.class);
    assertThat(store.install(plan.toBytes(), new byte[] {1}, other, ContentHash.of(other)))
        .isInstanceOf(InstallOutcome.Refused.class);
    assertThat(store.install(tabular.toBytes(), catalogue, other, ContentHash.of(other)))
        .isInstanceOf(InstallOutcome.Refused.class);
    assertThat(store.install(new byte[] {1, 2}, catalogue, other, ContentHash.of(other)))
        .isInstanceOf(InstallOutcome.Refused.class);

    assertThat(store.modelHash()).contains(good.contentHash());
    assertThat(ModelStore.open(storage).modelHash()).contains(good.contentHash());
  }

  @Test
  void damaged_files_are_an_error_and_not_a_model() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    ModelParameters model = byBias(plan, 1);
    install(ModelStore.open(storage), plan, model);
    Path file = storage.file("installed-model-" + model.contentHash().toHex());
    byte[] bytes = Files.readAllBytes(file);
    bytes[30] ^= 1;
    Files.write(file, bytes);

    assertThatThrownBy(() -> ModelStore.open(storage)).isInstanceOf(CorruptFileException.class);
    storage.delete(String.valueOf(file.getFileName()));
    assertThatThrownBy(() -> ModelStore.open(storage))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageStartingWith(file + " is missing");
  }

  @Test
  void a_reset_removes_a_damaged_item_file_and_keeps_the_model() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    ModelStore store = ModelStore.open(storage);
    install(store, plan, byBias(plan, 1));
    byte[] items = "#tacit-items 1\nid\ttitle\tavailable\na\tA\tyes\n".getBytes(UTF_8);
    assertThat(store.installItems(items, ContentHash.of(items)))
        .isEqualTo(new InstallOutcome.Installed());
    Path file = storage.file("installed-items-" + ContentHash.of(items).toHex());
    Files.delete(file);

    ModelStore.Opened opened = ModelStore.openOrReset(storage);

    assertThat(opened.modelDamage()).isEmpty();
    assertThat(opened.itemsDamage())
        .contains(file + " is missing; restore it from a backup, or delete it to start anew");
    assertThat(ids(recommender(opened.store()).recommend(1))).containsExactly("e");
    assertThat(storage.names()).doesNotContain("current-items");
    assertThat(ModelStore.open(storage).modelHash()).contains(byBias(plan, 1).contentHash());
  }

  @Test
  void a_list_of_files_that_says_nothing_is_damage() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    install(ModelStore.open(storage), plan, byBias(plan, 1));
    storage.write("current-model", "nonsense".getBytes(UTF_8));

    assertThatThrownBy(() -> ModelStore.open(storage)).isInstanceOf(CorruptFileException.class);
    assertThat(ModelStore.openOrReset(storage).store().installed()).isEmpty();
    assertThat(storage.names()).isEmpty();
  }

  @Test
  void remembers_which_version_is_installed() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    ModelParameters model = byBias(plan, 1);
    ModelStore.open(storage)
        .install(
            plan.toBytes(),
            TestPlans.catalogue().toBytes(),
            model.toBytes(),
            model.contentHash(),
            12);

    assertThat(ModelStore.open(storage).installed())
        .contains(new InstalledVersion(plan.id(), 1, plan.contentHash(), 12, model.contentHash()));
    assertThat(ModelStore.open(storage).artifact(plan.contentHash())).hasValue(plan.toBytes());
    assertThat(ModelStore.open(storage).artifact(ContentHash.of(new byte[1]))).isEmpty();
  }

  @Test
  void count_has_a_range() {
    assertThatThrownBy(() -> recommender(ModelStore.open(storage)).recommend(-1))
        .hasMessage("count is -1, must be 0 to 10000; 10 are usual");
  }
}
