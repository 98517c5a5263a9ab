package io.tacit.client.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.TestPlans;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.model.UserVector;
import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersonalRecommendationTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private static final String ITEMS =
      "#tacit-items 1\nid\ttitle\tavailable\tkind\n"
          + "a\tApfel\tyes\ttree|red\n"
          + "b\tBanane\tyes\therb\n"
          + "c\t\tyes\ttree|red\n"
          + "e\tHolunder\tno\tbush\n"
          + "d\tDattel\tyes\ttree\n";

  @TempDir Path directory;

  private DeviceStorage storage;
  private FileBehaviourStore behaviour;
  private ModelStore models;
  private Recommender recommender;

  @BeforeEach
  void open() throws IOException {
    storage = DeviceStorage.open(directory.resolve("device"));
    behaviour =
        FileBehaviourStore.open(
            directory.resolve("behaviour"), Retention.defaults(), Clock.systemUTC());
    models = ModelStore.open(storage);
    recommender = new Recommender(models, behaviour, new StoredUserVectors(storage));
  }

  @AfterEach
  void close() throws IOException {
    behaviour.close();
  }

  /**
   * Item embeddings and history embeddings of a to e along two axes: a and d along the first, b and
   * e along the second, c between; biases make a the most popular, then b to e.
   */
  private static ModelParameters twoAxes(TrainingPlan plan) {
    float[] axes = {1, 0, 0, 1, .7f, .7f, 1, 0, 0, 1, 0, 0};
    float[] values = new float[plan.parameters()];
    System.arraycopy(axes, 0, values, 0, 12);
    for (int item = 0; item < 5; item++) {
      values[12 + item] = .05f * (5 - item);
    }
    if (values.length > 18) {
      System.arraycopy(axes, 0, values, 18, 12);
    }
    return ModelParameters.copyOf(values);
  }

  private ModelParameters install(TrainingPlan plan) throws IOException {
    ModelParameters model = twoAxes(plan);
    install(plan, model);
    return model;
  }

  private void install(TrainingPlan plan, ModelParameters model) throws IOException {
    assertThat(
            models.install(
                plan.toBytes(),
                TestPlans.catalogue().toBytes(),
                model.toBytes(),
                model.contentHash()))
        .isEqualTo(new InstallOutcome.Installed());
  }

  private InstallOutcome installItems(String items) throws IOException {
    byte[] bytes = items.getBytes(StandardCharsets.UTF_8);
    return models.installItems(bytes, ContentHash.of(bytes));
  }

  private List<String> ids(RecommendationRequest request) throws IOException {
    Recommendations answer = recommender.recommend(request);
    assertThat(answer.refusal()).isEmpty();
    return answer.items().stream().map(Recommendation::itemId).toList();
  }

  private static RecommendationRequest all() {
    return RecommendationRequest.best(10);
  }

  @Test
  void an_answer_names_its_model_and_ranks() throws IOException {
    assertThat(recommender.recommend(all()).model()).isEmpty();
    assertThat(recommender.recommend(all()).refusal())
        .contains("no model is installed yet; take part in a round, or install one with the app");
    ModelParameters model = install(TestPlans.twoTower());
    Recommendations answer = recommender.recommend(all());
    assertThat(answer.model()).contains(model.contentHash());
    assertThat(answer.items()).extracting(Recommendation::rank).containsExactly(1, 2, 3, 4, 5);
    assertThat(answer.items()).extracting(Recommendation::model).containsOnly(model.contentHash());
    assertThat(answer.basis()).isEmpty();
  }

  @Test
  void known_items_come_up_only_if_they_are_asked_for() throws IOException {
    install(TestPlans.twoTower());
    behaviour.record(BehaviourEvent.view("a", NOON));
    assertThat(ids(all())).containsExactly("b", "c", "d", "e");
    assertThat(ids(all().withKnownItems())).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void an_item_file_brings_titles_availability_and_filters() throws IOException {
    install(TestPlans.twoTower());
    assertThat(installItems(ITEMS)).isEqualTo(new InstallOutcome.Installed());
    assertThat(ids(all())).containsExactly("a", "b", "c", "d");
    assertThat(recommender.recommend(all()).items())
        .extracting(Recommendation::title)
        .containsExactly("Apfel", "Banane", "Cherry", "Dattel");
    assertThat(ids(all().onlyWith("kind", "tree"))).containsExactly("a", "c", "d");
    assertThat(ids(all().onlyWith("kind", "tree").onlyWith("kind", "red")))
        .containsExactly("a", "c");
    assertThat(ids(all().onlyWith("kind", "tree").without("kind", "red"))).containsExactly("d");
    assertThat(ids(all().onlyWith("kind", "cactus"))).isEmpty();
    assertThat(recommender.recommend(all().without("size", "L")).refusal())
        .contains(
            "items have no attribute \"size\"; install an item file that has it"
                + " (ModelStore.installItems), or leave it out of the request");
  }

  @Test
  void an_item_file_stays_when_models_change_and_after_a_restart() throws IOException {
    installItems("#tacit-items 1\nid\ttitle\tavailable\na\tOld\tyes\n");
    install(TestPlans.twoTower());
    assertThat(ids(all())).containsExactly("a");
    installItems(ITEMS);
    install(TestPlans.neuralCf(0));
    assertThat(ids(all())).containsExactly("a", "b", "c", "d");
    ModelStore reopened = ModelStore.open(storage);
    recommender = new Recommender(reopened, behaviour, new StoredUserVectors(storage));
    assertThat(ids(all().onlyWith("kind", "herb"))).containsExactly("b");
    assertThat(storage.names()).filteredOn(name -> name.startsWith("installed-items")).hasSize(1);
  }

  @Test
  void a_wrong_item_file_changes_nothing() throws IOException {
    install(TestPlans.twoTower());
    installItems(ITEMS);
    assertThat(installItems("#tacit-items 1\n"))
        .isEqualTo(
            new InstallOutcome.Refused(
                "item file line 2 (byte 15) must name the columns, the first three id, title,"
                    + " available"));
    byte[] bytes = ITEMS.getBytes(StandardCharsets.UTF_8);
    ContentHash other = ContentHash.of(new byte[0]);
    assertThat(models.installItems(bytes, other))
        .isEqualTo(
            new InstallOutcome.Refused(
                "item file has hash "
                    + ContentHash.of(bytes).toHex()
                    + ", must have "
                    + other.toHex()
                    + "; fetch it again"));
    assertThat(ids(all())).containsExactly("a", "b", "c", "d");
  }

  @Test
  void a_damaged_item_file_is_an_error() throws IOException {
    installItems(ITEMS);
    Path file =
        storage.file(
            "installed-items-" + ContentHash.of(ITEMS.getBytes(StandardCharsets.UTF_8)).toHex());
    byte[] bytes = Files.readAllBytes(file);
    bytes[40] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> ModelStore.open(storage)).isInstanceOf(CorruptFileException.class);
  }

  @Test
  void diversity_brings_up_what_is_unlike_the_best() throws IOException {
    install(TestPlans.twoTower());
    behaviour.record(BehaviourEvent.click("c", NOON));
    assertThat(ids(RecommendationRequest.best(2))).containsExactly("a", "b");
    behaviour.forget();
    behaviour.record(BehaviourEvent.click("a", NOON));
    // c and d are both near a; with diversity, after the best of them comes b.
    assertThat(ids(RecommendationRequest.best(2))).containsExactly("d", "c");
    assertThat(ids(RecommendationRequest.best(2).withDiversity(0.8))).containsExactly("d", "b");
    assertThat(ids(RecommendationRequest.best(2).withDiversity(0))).containsExactly("d", "c");
  }

  @Test
  void a_two_tower_model_knows_a_new_person_from_the_first_event_on() throws IOException {
    install(TestPlans.twoTower());
    behaviour.record(BehaviourEvent.click("b", NOON));
    assertThat(ids(RecommendationRequest.best(1))).containsExactly("e");
    assertThat(recommender.recommend(all()).basis()).containsExactly(Recommendations.Basis.EVENTS);
    behaviour.record(List.of(BehaviourEvent.click("a", NOON), BehaviourEvent.click("d", NOON)));
    assertThat(ids(RecommendationRequest.best(1))).containsExactly("c");
  }

  @Test
  void a_neural_cf_model_fits_the_vector_of_a_new_person_from_the_first_event_on()
      throws IOException {
    install(TestPlans.neuralCf(0));
    assertThat(ids(RecommendationRequest.best(1))).containsExactly("a");
    behaviour.record(BehaviourEvent.click("b", NOON));
    assertThat(ids(RecommendationRequest.best(1))).containsExactly("e");
    assertThat(recommender.recommend(all()).basis()).containsExactly(Recommendations.Basis.EVENTS);
    behaviour.forget();
    behaviour.record(BehaviourEvent.click("d", NOON));
    assertThat(ids(RecommendationRequest.best(1))).containsExactly("a");
    assertThat(new StoredUserVectors(storage).find(TestPlans.ID))
        .as("a vector that training did not leave is not kept")
        .isEmpty();
  }

  @Test
  void interests_stand_in_for_events_and_the_item_on_screen_counts_as_chosen() throws IOException {
    for (TrainingPlan plan : List.of(TestPlans.twoTower(), TestPlans.neuralCf(0))) {
      install(plan);
      installItems(ITEMS);
      RecommendationContext herbs = RecommendationContext.none().interestedIn("kind", "herb");
      assertThat(ids(RecommendationRequest.best(1).in(herbs))).containsExactly("b");
      assertThat(recommender.recommend(all().in(herbs)).basis())
          .containsExactly(Recommendations.Basis.CONTEXT);
      RecommendationContext onDate = RecommendationContext.none().onItem("d");
      assertThat(ids(all().in(onDate))).startsWith("a").doesNotContain("d");
    }
  }

  @Test
  void context_moves_a_private_vector_for_one_request_only() throws IOException {
    install(TestPlans.neuralCf(0));
    UserVector kept = UserVector.copyOf(new float[] {.1f, 0});
    new StoredUserVectors(storage).keep(TestPlans.ID, kept);
    RecommendationRequest onElder =
        RecommendationRequest.best(1).in(RecommendationContext.none().onItem("e"));
    assertThat(ids(RecommendationRequest.best(1))).containsExactly("a");
    assertThat(ids(onElder)).containsExactly("b");
    assertThat(recommender.recommend(onElder).basis())
        .containsExactlyInAnyOrder(Recommendations.Basis.TRAINING, Recommendations.Basis.CONTEXT);
    assertThat(ids(RecommendationRequest.best(1))).containsExactly("a");
    assertThat(new StoredUserVectors(storage).find(TestPlans.ID)).contains(kept);
  }

  @Test
  void context_that_can_not_be_used_is_refused_with_the_reason() throws IOException {
    ModelParameters model = install(TestPlans.twoTower());
    RecommendationContext herbs = RecommendationContext.none().interestedIn("kind", "herb");
    Recommendations refused = recommender.recommend(all().in(herbs));
    assertThat(refused.refusal()).isPresent();
    assertThat(refused.items()).isEmpty();
    assertThat(refused.model()).contains(model.contentHash());
    installItems(ITEMS);
    RecommendationContext cacti = RecommendationContext.none().interestedIn("kind", "cactus");
    assertThat(recommender.recommend(all().in(cacti)).refusal())
        .contains(
            "no item of the model has \"cactus\" as kind; use a value of the item file, or leave"
                + " the interest out");
  }

  @Test
  void requests_have_limits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecommendationRequest.best(101).withDiversity(0.1))
        .withMessage(
            "count is 101, must be 0 to 100 with diversity; ask for fewer or leave diversity out");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> all().withDiversity(Double.NaN))
        .withMessage("diversity is NaN, must be 0 to 1; 0 turns it off, 0.3 is a usual start");
    RecommendationRequest request = all();
    for (int i = 0; i < 32; i++) {
      request = request.without("kind", "x" + i);
    }
    RecommendationRequest full = request;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> full.onlyWith("kind", "x"))
        .withMessage("there are 32 filters already, must be at most 32");
    RecommendationContext context = RecommendationContext.none();
    for (int i = 0; i < 8; i++) {
      context = context.interestedIn("kind", "x" + i);
    }
    RecommendationContext many = context;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> many.interestedIn("kind", "x"))
        .withMessage("there are 8 interests already, must be at most 8");
  }

  /** Version v scores every item v plus a tenth of its row: an answer of two shows. */
  @Test
  void every_answer_under_swaps_comes_from_the_one_model_that_it_names()
      throws IOException, InterruptedException, ExecutionException {
    TrainingPlan plan = TestPlans.twoTower();
    int versions = 8;
    List<ModelParameters> parameters = new ArrayList<>();
    List<ContentHash> hashes = new ArrayList<>();
    for (int version = 0; version < versions; version++) {
      float[] values = new float[plan.parameters()];
      for (int item = 0; item < 5; item++) {
        values[12 + item] = version + item / 10f;
      }
      parameters.add(ModelParameters.copyOf(values));
      hashes.add(parameters.get(version).contentHash());
    }
    install(plan, parameters.get(0));
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicInteger answers = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<?>> readers = new ArrayList<>();
    for (int thread = 0; thread < 3; thread++) {
      readers.add(
          threads.submit(
              () -> {
                while (!isOver.get()) {
                  Recommendations answer = recommender.recommend(all());
                  int version = hashes.indexOf(answer.model().orElseThrow());
                  assertThat(answer.items()).hasSize(5);
                  for (Recommendation item : answer.items()) {
                    assertThat(hashes.indexOf(item.model())).isEqualTo(version);
                    int row = item.itemId().charAt(0) - 'a';
                    assertThat(item.score()).isCloseTo(version + row / 10.0, within(1e-5));
                  }
                  answers.incrementAndGet();
                }
                return null;
              }));
    }
    int swaps = 0;
    while (swaps < 3 * versions || answers.get() < 300) {
      install(plan, parameters.get(++swaps % versions));
      if (readers.stream().anyMatch(Future::isDone)) {
        break;
      }
    }
    isOver.set(true);
    for (Future<?> reader : readers) {
      reader.get();
    }
    threads.shutdown();
    assertThat(answers.get()).isGreaterThanOrEqualTo(300);
  }
}
