package io.tacit.client.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tacit.client.TestPlans;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.recommend.ModelUse;
import io.tacit.client.release.ModelDownloadOutcome.Installed;
import io.tacit.client.release.ModelDownloadOutcome.NothingOffered;
import io.tacit.client.release.ModelDownloadOutcome.Reason;
import io.tacit.client.release.ModelDownloadOutcome.Refused;
import io.tacit.client.release.ModelDownloadOutcome.UpToDate;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A device that takes part in no round gets the model of its population, and what follows it. */
class ModelDownloadTest extends ModelDownloadFixture {

  private static final TaskKeyPair OWNER = TaskKeyPair.generate(new SecureRandom());

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
