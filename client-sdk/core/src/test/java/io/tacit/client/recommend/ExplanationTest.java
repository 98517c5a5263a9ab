package io.tacit.client.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.TestPlans;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.model.UserVector;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final TrainingPlan PLAN = TestPlans.twoTower();

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

  private void install(TrainingPlan plan, ModelParameters model) throws IOException {
    models.install(
        plan.toBytes(), TestPlans.catalogue().toBytes(), model.toBytes(), model.contentHash());
  }

  private void installItems(String items) throws IOException {
    byte[] bytes = items.getBytes(StandardCharsets.UTF_8);
    assertThat(models.installItems(bytes, ContentHash.of(bytes)))
        .isEqualTo(new InstallOutcome.Installed());
  }

  /** Who chose a or the unknown wants e, who chose b does not. */
  private static ModelParameters towardsElder() {
    float[] values = new float[PLAN.parameters()];
    values[2 * 4] = 1;
    values[18] = 2;
    values[18 + 2] = -1;
    values[18 + 2 * 5] = 1;
    return ModelParameters.copyOf(values);
  }

  private Explanation whyBest() throws IOException {
    return recommender.why(recommender.recommend(1).get(0)).orElseThrow();
  }

  private static double sum(Explanation explanation) {
    return explanation.contributions().stream().mapToDouble(Contribution::value).sum();
  }

  /** The first user feature wants c, the catalogue says that d is in fact as good as two of c. */
  @Test
  void what_is_known_of_a_person_and_of_items_recommends_before_any_choice_and_says_so()
      throws IOException {
    TrainingPlan plan =
        PlanWithCatalogue.of(
            TestPlans.twoTowerKnowing(
                List.of(new Feature.Numeric("sweetness", 0, 1)),
                List.of(new Feature.Numeric("age", 40, 10))),
            knowing());
    float[] values = new float[plan.parameters()];
    values[2 * 2] = 1; // item c
    int users = plan.model().layout().block(ModelSpecification.USER_FEATURE_EMBEDDING).offset();
    int items = plan.model().layout().block(ModelSpecification.ITEM_FEATURE_EMBEDDING).offset();
    values[users] = 1 / FeatureSchema.SIDE_FEATURE_WEIGHT;
    values[items] = 1 / FeatureSchema.SIDE_FEATURE_WEIGHT;
    ModelParameters model = ModelParameters.copyOf(values);
    models.install(plan.toBytes(), knowing(), model.toBytes(), model.contentHash());

    assertThat(recommender.recommend(1).get(0).score()).as("nothing is known").isZero();
    behaviour.record(List.of(BehaviourEvent.withoutItem("profile", NOON).with("age", 70)));

    assertThat(recommender.recommend(2))
        .extracting(Recommendation::itemId)
        .containsExactly("d", "c");
    Explanation why = whyBest();
    assertThat(why.score()).isCloseTo(3 * 2, within(1e-5));
    assertThat(why.contributions()).hasSize(1);
    assertThat(why.contributions().get(0).source()).isEqualTo(Contribution.Source.PROFILE);
    assertThat(why.contributions().get(0).text())
        .isEqualTo("Because of what this app knows about you");
    assertThat(sum(why)).isCloseTo(why.score() - why.baseline(), within(1e-5));

    behaviour.forget();

    assertThat(recommender.recommend(1).get(0).score()).isZero();
  }

  private static byte[] knowing() {
    return "#tacit-catalogue 2\tsweetness\na\t\t\nb\t\t0\nc\t\t\nd\t\t2\ne\t\t-1\n"
        .getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "click; Because you chose Apple",
        "purchase; Because you bought Apple",
      })
  void says_what_the_person_did(String kind, String text) throws IOException {
    install(PLAN, towardsElder());
    behaviour.record(BehaviourEvent.of(kind, "a", NOON));
    behaviour.record(BehaviourEvent.click("b", NOON));
    Explanation why = whyBest();
    assertThat(why.itemId()).isEqualTo("e");
    assertThat(why.text()).isEqualTo(text);
    assertThat(why.texts(5)).containsExactly(text);
    Contribution first = why.contributions().get(0);
    assertThat(first.source()).isEqualTo(Contribution.Source.EVENT);
    assertThat(first.eventKind()).contains(kind);
    assertThat(first.itemId()).contains("a");
    assertThat(why.contributions().get(1).value()).isNegative();
    assertThat(why.contributions().get(1).text()).isEqualTo("Because you chose Banana");
  }

  @Test
  void an_item_without_a_title_or_outside_the_catalogue_has_a_sensible_text() throws IOException {
    byte[] catalogue =
        "#tacit-catalogue 1\na\t\nb\tBanana\nc\tCherry\nd\tDate\ne\t<b>Elder</b> & co\n"
            .getBytes(StandardCharsets.UTF_8);
    TrainingPlan plan = PlanWithCatalogue.of(PLAN, catalogue);
    ModelParameters model = towardsElder();
    models.install(plan.toBytes(), catalogue, model.toBytes(), model.contentHash());
    behaviour.record(List.of(BehaviourEvent.click("a", NOON), BehaviourEvent.click("gone", NOON)));
    Recommendation best = recommender.recommend(1).get(0);
    assertThat(best.title()).as("nothing is escaped").isEqualTo("<b>Elder</b> & co");
    assertThat(recommender.why(best).orElseThrow().texts(5))
        .containsExactly(
            "Because you chose item a", "Because you chose an item that is not in the catalogue");
    assertThat(recommender.recommend(RecommendationRequest.best(9).withKnownItems()).items())
        .filteredOn(item -> item.itemId().equals("a"))
        .extracting(Recommendation::title)
        .containsExactly("a");
  }

  @Test
  void context_has_texts_of_its_own() throws IOException {
    install(PLAN, towardsElder());
    installItems(
        "#tacit-items 1\nid\ttitle\tavailable\tkind\na\tApple\tyes\ttree\nb\tBanana\tyes\therb\n"
            + "e\tElder\tyes\tbush\n");
    RecommendationRequest request =
        RecommendationRequest.best(1)
            .onlyWith("kind", "bush")
            .in(RecommendationContext.none().interestedIn("kind", "tree").onItem("b"));
    Recommendation best = recommender.recommend(request).items().get(0);
    Explanation why = recommender.why(best).orElseThrow();
    assertThat(why.contributions())
        .extracting(Contribution::source)
        .containsExactly(Contribution.Source.INTEREST, Contribution.Source.ITEM_ON_SCREEN);
    assertThat(why.text()).isEqualTo("Because you are interested in tree (kind)");
    assertThat(why.contributions().get(1).text()).isEqualTo("Because you are looking at Banana");
    assertThat(why.contributions().get(1).itemId()).contains("b");
    assertThat(sum(why)).isCloseTo(why.score() - why.baseline(), within(1e-4));
  }

  @Test
  void nobody_in_particular_is_told_so() throws IOException {
    install(PLAN, towardsElder());
    Explanation why = whyBest();
    assertThat(why.contributions()).isEmpty();
    assertThat(why.texts(3)).containsExactly("Because many people like it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> why.texts(0))
        .withMessage("max is 0, must be at least 1");
  }

  @Test
  void what_training_left_is_named_as_such() throws IOException {
    TrainingPlan plan = TestPlans.neuralCf(0);
    float[] values = new float[plan.parameters()];
    values[0] = 1;
    values[2 * 4] = 1;
    values[2 * 4 + 1] = 1;
    install(plan, ModelParameters.copyOf(values));
    new StoredUserVectors(storage).keep(plan.id(), UserVector.copyOf(new float[] {1, 3}));
    behaviour.record(BehaviourEvent.click("a", NOON));
    Explanation why = whyBest();
    assertThat(why.itemId()).isEqualTo("e");
    assertThat(why.texts(5))
        .containsExactly(
            "Because of what this app has learnt on this device", "Because you chose Apple");
    assertThat(sum(why)).isCloseTo(4, within(1e-4));
  }

  @Test
  void explains_the_recommendation_as_it_was_made() throws IOException {
    install(PLAN, towardsElder());
    behaviour.record(BehaviourEvent.click("a", NOON));
    Recommendation best = recommender.recommend(1).get(0);
    behaviour.record(BehaviourEvent.click(best.itemId(), NOON));
    Explanation why = recommender.why(best).orElseThrow();
    assertThat(why.score()).isCloseTo(best.score(), within(1e-4));
    assertThat(why.texts(5)).containsExactly("Because you chose Apple");
  }

  @Test
  void what_was_forgotten_is_not_shown_again() throws IOException {
    install(PLAN, towardsElder());
    behaviour.record(BehaviourEvent.click("a", NOON));
    Recommendation best = recommender.recommend(1).get(0);
    behaviour.forget();
    assertThat(recommender.why(best)).isEmpty();
    behaviour.record(BehaviourEvent.click("b", NOON));
    assertThat(recommender.why(best)).isEmpty();
  }

  @Test
  void another_model_does_not_answer_for_the_one_before() throws IOException {
    install(PLAN, towardsElder());
    behaviour.record(BehaviourEvent.click("a", NOON));
    Recommendation best = recommender.recommend(1).get(0);
    install(PLAN, ModelParameters.initial(PLAN.model()));
    assertThat(recommender.why(best)).isEmpty();
  }

  @Test
  void prints_nothing_of_the_person() throws IOException {
    install(PLAN, towardsElder());
    behaviour.record(BehaviourEvent.click("a", NOON));
    Explanation why = whyBest();
    assertThat(why).hasToString("Explanation[e, 1 contributions]");
    assertThat(why.contributions().get(0)).hasToString("Contribution[EVENT]");
    assertThat(recommender.recommend(1).get(0).view()).hasToString("PersonalView[1]");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void long_histories_sum_up_with_the_lighter_events_in_one_contribution(long seed)
      throws IOException {
    int items = 400;
    StringBuilder catalogue = new StringBuilder("#tacit-catalogue 1\n");
    for (int i = 0; i < items; i++) {
      catalogue.append("i").append(i).append("\tItem ").append(i).append('\n');
    }
    byte[] bytes = catalogue.toString().getBytes(StandardCharsets.UTF_8);
    SplitMix64 random = new SplitMix64(seed);
    for (TrainingPlan plan : PlanWithCatalogue.ofEveryKind(bytes, items)) {
      float[] values = new float[plan.parameters()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.4 * random.nextGaussian());
      }
      ModelParameters model = ModelParameters.copyOf(values);
      models.install(plan.toBytes(), bytes, model.toBytes(), model.contentHash());
      new StoredUserVectors(storage).keep(plan.id(), UserVector.initial(8, seed));
      for (int i = 0; i < 150; i++) {
        behaviour.record(BehaviourEvent.click("i" + random.nextInt(items), NOON));
      }
      for (Recommendation recommendation : recommender.recommend(5)) {
        Explanation why = recommender.why(recommendation).orElseThrow();
        assertThat(why.score()).isCloseTo(recommendation.score(), within(1e-4));
        assertThat(sum(why)).isCloseTo(why.score() - why.baseline(), within(1e-4));
        assertThat(why.contributions())
            .filteredOn(c -> c.source() == Contribution.Source.EVENT)
            .hasSize(Explanation.EVENTS_MAX);
        assertThat(why.contributions())
            .filteredOn(c -> c.source() == Contribution.Source.OTHER_EVENTS)
            .singleElement()
            .satisfies(
                c -> assertThat(c.text()).matches("Because of [0-9]+ other items that you chose"));
      }
    }
  }
}
