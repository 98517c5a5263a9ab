package io.tacit.client.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.TestPlans;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.Retention;
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
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Feature PRICE = new Feature.Numeric("price", 10, 5);
  private static final Feature COLOUR =
      new Feature.Categorical("colour", List.of("red", "blue"), 0);

  @TempDir Path directory;

  private DeviceStorage storage;
  private FileBehaviourStore behaviour;
  private ModelStore models;
  private Predictor predictor;

  @BeforeEach
  void open() throws IOException {
    storage = DeviceStorage.open(directory.resolve("device"));
    behaviour =
        FileBehaviourStore.open(
            directory.resolve("behaviour"), Retention.defaults(), Clock.systemUTC());
    models = ModelStore.open(storage);
    predictor = new Predictor(models, behaviour);
  }

  @AfterEach
  void close() throws IOException {
    behaviour.close();
  }

  /** Weights of the inputs, then the bias. */
  private ContentHash install(TrainingPlan plan, float... parameters) throws IOException {
    ModelParameters model = ModelParameters.copyOf(parameters);
    assertThat(models.install(plan.toBytes(), null, model.toBytes(), model.contentHash()))
        .isEqualTo(new InstallOutcome.Installed());
    return model.contentHash();
  }

  private static BehaviourEvent seen() {
    return BehaviourEvent.view("kettle", NOON);
  }

  private String refusal(BehaviourEvent... candidates) throws IOException {
    Predictions predictions = predictor.predict(List.of(candidates));
    assertThat(predictions.items()).isEmpty();
    return predictions.refusal().orElseThrow();
  }

  @Test
  void gives_one_value_per_candidate_in_their_order_and_names_the_model() throws IOException {
    ContentHash model = install(TestPlans.binary(PRICE), 2, -1);

    Predictions predictions =
        predictor.predict(List.of(seen().with("price", 15), seen().with("price", 10), seen()));

    assertThat(predictions.refusal()).isEmpty();
    assertThat(predictions.model()).contains(model);
    assertThat(predictions.items())
        .extracting(Prediction::value)
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-6 ? 0 : Double.compare(a, b))
        .containsExactly(sigmoid(2 * 1 - 1), sigmoid(-1), sigmoid(-1));
    assertThat(predictions.items().get(0).candidate().numbers()).containsEntry("price", 15.0);
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  @Test
  void sees_candidates_against_what_the_person_did_and_stores_nothing_of_them() throws IOException {
    Feature liked = new Feature.Pooled("liked", COLOUR, 20, 0, Set.of("like"));
    install(TestPlans.binary(COLOUR, liked), 0, 0, 3, -3, 0);
    BehaviourEvent candidate = seen().with("colour", "blue");

    assertThat(value(candidate)).isCloseTo(sigmoid(0), within(1e-6));
    behaviour.record(BehaviourEvent.of(BehaviourEvent.LIKE, "pot", NOON).with("colour", "red"));
    assertThat(value(candidate)).isCloseTo(sigmoid(3), within(1e-6));
    assertThat(behaviour.events()).hasSize(1);
  }

  private double value(BehaviourEvent candidate) throws IOException {
    return predictor.predict(List.of(candidate)).items().get(0).value();
  }

  @Test
  void of_classes_gives_how_likely_each_is() throws IOException {
    install(
        TestPlans.tabular(
            Loss.CATEGORICAL_CROSS_ENTROPY, new DenseLayer(3, Activation.SOFTMAX), 0, PRICE),
        0,
        0,
        0,
        0,
        0,
        (float) Math.log(2));

    Prediction prediction = predictor.predict(List.of(seen())).items().get(0);

    assertThat(prediction.outputs())
        .containsExactly(new float[] {0.25f, 0.25f, 0.5f}, within(1e-6f));
    prediction.outputs()[0] = 1;
    assertThat(prediction.value()).isCloseTo(0.25, within(1e-6));
    assertThat(prediction).hasToString("Prediction[3 outputs]");
  }

  @Test
  void a_candidate_that_does_not_fit_is_a_reason_without_its_value() throws IOException {
    ContentHash model = install(TestPlans.binary(PRICE), 2, -1);

    assertThat(refusal(seen(), seen().with("price", "cheap")))
        .isEqualTo("feature price is a text, must be a number");
    assertThat(predictor.predict(List.of(seen().with("price", "cheap"))).model()).contains(model);
  }

  @Test
  void more_candidates_than_allowed_are_a_reason() throws IOException {
    install(TestPlans.binary(PRICE), 2, -1);

    assertThat(predictor.predict(Collections.nCopies(10_001, seen())).refusal())
        .contains("there are 10001 candidates, must be at most 10000; ask in parts");
    assertThat(predictor.predict(Collections.nCopies(10_000, seen())).items()).hasSize(10_000);
    assertThat(predictor.predict(List.of()).items()).isEmpty();
  }

  @Test
  void more_numbers_than_fit_are_a_reason() throws IOException {
    Feature title = new Feature.HashedText("title", 16_384, 3);
    install(TestPlans.binary(title), new float[16_385]);

    assertThat(predictor.predict(Collections.nCopies(1_025, seen())).refusal())
        .contains(
            "there are 1025 events of 16384 numbers each, must be at most 1024; ask in parts");
  }

  @Test
  void without_a_model_says_what_to_do() throws IOException {
    assertThat(refusal(seen()))
        .isEqualTo("no model is installed yet; take part in a round, or install one with the app");
  }

  @Test
  void a_model_over_items_recommends_and_one_over_attributes_predicts() throws IOException {
    Recommender recommender = new Recommender(models, behaviour, new StoredUserVectors(storage));
    install(TestPlans.binary(PRICE), 2, -1);
    assertThat(recommender.recommend(RecommendationRequest.best(3)).refusal())
        .contains(
            "plan news is over attributes, must be over items to recommend; predict with its"
                + " model, or name another plan");

    TrainingPlan plan = TestPlans.twoTower();
    byte[] model = ModelParameters.initial(plan.model()).toBytes();
    models.install(plan.toBytes(), TestPlans.catalogue().toBytes(), model, ContentHash.of(model));
    assertThat(refusal(seen()))
        .isEqualTo(
            "plan news is over items, must be over attributes to predict; recommend with its"
                + " model, or name another plan");
  }

  @Test
  void a_plan_over_items_without_its_catalogue_is_refused() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    byte[] model = ModelParameters.initial(plan.model()).toBytes();

    assertThat(models.install(plan.toBytes(), null, model, ContentHash.of(model)))
        .isEqualTo(
            new InstallOutcome.Refused(
                "plan news is over items, and no catalogue came with it; bring it along"));
  }
}
