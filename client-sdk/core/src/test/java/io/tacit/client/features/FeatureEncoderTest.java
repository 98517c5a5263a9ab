package io.tacit.client.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.TestPlans;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.TabularExamples;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.plan.UnknownBuckets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureEncoderTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private static final Feature AGE = new Feature.Numeric("age", 40, 10);
  private static final Feature COLOUR =
      new Feature.Categorical("colour", List.of("red", "blue"), 2);
  private static final Feature QUERY = new Feature.HashedText("query", 8, 3);
  private static final Feature IMAGE = new Feature.DenseVector("image", 2, true);
  private static final Feature PRICE = new Feature.PrivateNumeric("price", 20, 5, 4, 3);

  private static int[] items(String... itemIds) {
    List<BehaviourEvent> events = new ArrayList<>();
    for (String id : itemIds) {
      events.add(BehaviourEvent.click(id, NOON));
    }
    return items(events);
  }

  private static int[] items(List<BehaviourEvent> events) {
    ExampleOutcome outcome =
        FeatureEncoder.encode(events, TestPlans.twoTower(), TestPlans.catalogue());
    return ((InteractionExamples) ((ExampleOutcome.Examples) outcome).set()).items();
  }

  private static TabularExamples rows(TrainingPlan plan, BehaviourEvent... events) {
    ExampleOutcome outcome = FeatureEncoder.encode(List.of(events), plan, null);
    return (TabularExamples) ((ExampleOutcome.Examples) outcome).set();
  }

  private static String problem(TrainingPlan plan, BehaviourEvent... events) {
    return ((ExampleOutcome.Unfit) FeatureEncoder.encode(List.of(events), plan, null)).detail();
  }

  private static BehaviourEvent seen() {
    return BehaviourEvent.withoutItem("seen", NOON);
  }

  @Test
  void items_are_distinct_and_in_order_of_their_last_positive_event() {
    assertThat(items("c", "a", "b", "a")).containsExactly(2, 1, 0);
  }

  @Test
  void only_positive_events_make_examples() {
    assertThat(
            items(
                List.of(
                    BehaviourEvent.view("a", NOON),
                    BehaviourEvent.purchase("b", NOON),
                    BehaviourEvent.of(BehaviourEvent.DISMISS, "b", NOON),
                    BehaviourEvent.withoutItem("click", NOON))))
        .containsExactly(1);
  }

  @Test
  void keeps_the_latest_examples_when_there_are_more_than_the_plan_takes() {
    assertThat(items("a", "b", "c", "d", "e")).containsExactly(1, 2, 3, 4);
  }

  @Test
  void unknown_items_share_the_bucket_rows() {
    assertThat(items("a", "unheard-of", "also-new")).containsExactly(0, 5);
  }

  @Test
  void no_events_give_no_examples() {
    assertThat(items()).isEmpty();
  }

  @Test
  void a_catalogue_that_is_not_the_plans_is_an_outcome() {
    TrainingPlan plan = TestPlans.twoTower();
    Catalogue other = Catalogue.of(List.of(new Catalogue.Item("a", "Apple")));

    assertThat(FeatureEncoder.encode(List.of(), plan, other))
        .isEqualTo(
            new ExampleOutcome.Unfit(
                "catalogue has 1 items, the plan's has 5; fetch the catalogue of the plan"));
    assertThat(FeatureEncoder.encode(List.of(), plan, null))
        .isInstanceOf(ExampleOutcome.Unfit.class);
  }

  @Test
  void an_event_with_the_label_is_an_example() {
    TabularExamples examples =
        rows(
            TestPlans.binary(AGE, COLOUR),
            seen().with("bought", 1).with("age", 55).with("colour", "blue"),
            seen().with("age", 20),
            seen().with("bought", 0).with("age", 40).with("colour", "red"));

    assertThat(examples.size()).isEqualTo(2);
    assertThat(examples.labels()).containsExactly(1, 0);
    assertThat(examples.features()).containsExactly(1.5f, 0, 1, 0, 0, 0, 1, 0, 0, 0);
  }

  @Test
  void a_missing_attribute_leaves_its_numbers_zero() {
    assertThat(rows(TestPlans.binary(AGE, COLOUR, QUERY), seen().with("bought", 1)).features())
        .containsOnly(0);
  }

  @Test
  void an_unknown_category_goes_to_the_same_bucket_every_time() {
    TrainingPlan plan = TestPlans.binary(COLOUR);
    BehaviourEvent green = seen().with("bought", 1).with("colour", "green");
    float[] row = rows(plan, green).features();

    assertThat(row[0] + row[1]).isZero();
    assertThat(row[2] + row[3]).isEqualTo(1);
    assertThat(rows(plan, green).features()).isEqualTo(row);
    assertThat(
            rows(TestPlans.binary(new Feature.Categorical("colour", List.of("red"), 0)), green)
                .features())
        .containsExactly(0);
  }

  @Test
  void a_text_becomes_normalised_counts_of_its_ngrams() {
    TrainingPlan plan = TestPlans.binary(QUERY);
    float[] shoes = rows(plan, seen().with("bought", 1).with("query", "shoes")).features();
    float[] same = rows(plan, seen().with("bought", 1).with("query", "shoes")).features();
    float[] boots = rows(plan, seen().with("bought", 1).with("query", "red boots")).features();
    float[] shorter = rows(plan, seen().with("bought", 1).with("query", "ab")).features();
    float[] empty = rows(plan, seen().with("bought", 1).with("query", "")).features();

    assertThat(norm(shoes)).isCloseTo(1, within(1e-6));
    assertThat(same).isEqualTo(shoes).isNotEqualTo(boots);
    assertThat(shorter).containsOnlyOnce(1);
    assertThat(empty).containsOnly(0);
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  @Test
  void a_value_that_does_not_fit_is_a_reason_that_names_the_feature_and_not_the_value() {
    TrainingPlan plan = TestPlans.binary(AGE, COLOUR);

    assertThat(problem(plan, seen().with("bought", 1).with("age", "forty")))
        .isEqualTo("feature age is a text, must be a number");
    assertThat(problem(plan, seen().with("bought", 1).with("colour", 3)))
        .isEqualTo("feature colour is a number, must be a text");
    assertThat(problem(plan, seen().with("bought", 1).with("age", 1e300)))
        .isEqualTo("feature age leaves the range of float");
    assertThat(problem(plan, seen().with("bought", "yes")))
        .isEqualTo("label bought must be a number from 0 to 1");
    assertThat(problem(plan, seen().with("bought", 1.5)))
        .isEqualTo("label bought must be a number from 0 to 1");
  }

  @Test
  void labels_must_suit_the_loss() {
    TrainingPlan classes =
        TestPlans.tabular(
            Loss.CATEGORICAL_CROSS_ENTROPY, new DenseLayer(3, Activation.SOFTMAX), 0, AGE);
    TrainingPlan regression =
        TestPlans.tabular(Loss.MEAN_SQUARED_ERROR, new DenseLayer(1, Activation.IDENTITY), 0, AGE);
    TrainingPlan twoOutputs =
        TestPlans.tabular(Loss.MEAN_SQUARED_ERROR, new DenseLayer(2, Activation.IDENTITY), 0, AGE);

    assertThat(rows(classes, seen().with("bought", 2)).labels()).containsExactly(2);
    assertThat(problem(classes, seen().with("bought", 3)))
        .isEqualTo("label bought must be a whole number from 0 to 2");
    assertThat(problem(classes, seen().with("bought", 0.5)))
        .isEqualTo("label bought must be a whole number from 0 to 2");
    assertThat(rows(regression, seen().with("bought", -7.5)).labels()).containsExactly(-7.5f);
    assertThat(problem(twoOutputs, seen().with("bought", 1)))
        .isEqualTo("the model has 2 outputs but the plan names one label");
  }

  @Test
  void keeps_the_latest_rows() {
    BehaviourEvent[] events = new BehaviourEvent[6];
    for (int i = 0; i < events.length; i++) {
      events[i] = seen().with("bought", 1).with("age", 40 + 10 * i);
    }
    assertThat(rows(TestPlans.binary(AGE), events).features()).containsExactly(2, 3, 4, 5);
  }

  private static Feature history(Feature of, int last, double halfLife, String... events) {
    return new Feature.Pooled(of.name() + "-history", of, last, halfLife, Set.of(events));
  }

  @Test
  void a_vector_of_another_dimension_is_a_reason_that_names_both() {
    TrainingPlan plan = TestPlans.binary(IMAGE, COLOUR);

    assertThat(problem(plan, seen().with("bought", 1).with("image", new float[] {1, 2, 3})))
        .isEqualTo("feature image has dimension 3, must have 2");
    assertThat(problem(plan, seen().with("bought", 1).with("image", 3)))
        .isEqualTo("feature image is a number, must be a vector");
    assertThat(problem(plan, seen().with("bought", 1).with("colour", new float[] {1})))
        .isEqualTo("feature colour is a vector, must be a text");
    assertThat(problem(plan, seen().with("bought", new float[] {1})))
        .isEqualTo("label bought must be a number from 0 to 1");
    assertThat(problem(TestPlans.binary(PRICE), seen().with("bought", 1).with("price", "much")))
        .isEqualTo("feature price is a text, must be a number");
  }

  @Test
  void a_new_device_normalises_by_the_prior_and_an_old_one_by_its_own_values() {
    TrainingPlan plan = TestPlans.binary(2, List.of(PRICE));
    List<BehaviourEvent> events = new ArrayList<>();
    events.add(seen().with("price", 25));
    assertThat(inputs(plan, List.of(), events.get(0))).containsExactly(1);

    for (int i = 0; i < 5_000; i++) {
      events.add(seen().with("price", i % 2 == 0 ? 900 : 1_100));
    }
    assertThat(inputs(plan, events, seen().with("price", 1_000))[0]).isCloseTo(0, within(0.05f));
    assertThat(inputs(plan, events, seen().with("price", 1_100))[0]).isCloseTo(1, within(0.1f));
  }

  @Test
  void an_outlier_is_cut_off_and_does_not_spoil_the_statistics() {
    TrainingPlan plan = TestPlans.binary(2, List.of(PRICE));
    List<BehaviourEvent> events = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      events.add(seen().with("price", i % 2 == 0 ? 15 : 25));
    }
    float usual = inputs(plan, events, seen().with("price", 25))[0];
    events.add(seen().with("price", -Double.MAX_VALUE));

    assertThat(inputs(plan, events.subList(0, 100), events.get(100))).containsExactly(-3);
    assertThat(inputs(plan, events, seen().with("price", 25))[0]).isCloseTo(usual, within(0.1f));
  }

  @Test
  void history_holds_what_was_before_the_event_and_never_the_event_itself() {
    TrainingPlan plan = TestPlans.binary(COLOUR, history(COLOUR, 20, 0));
    BehaviourEvent red = seen().with("bought", 1).with("colour", "red");
    BehaviourEvent blue = seen().with("bought", 0).with("colour", "blue");

    float[] rows = rows(plan, red, blue, blue).features();

    assertThat(Arrays.copyOfRange(rows, 4, 8)).containsOnly(0);
    assertThat(Arrays.copyOfRange(rows, 12, 16)).containsExactly(1, 0, 0, 0);
    assertThat(Arrays.copyOfRange(rows, 20, 24)).containsExactly(0.5f, 0.5f, 0, 0);
    for (int changed = 0; changed < 3; changed++) {
      BehaviourEvent[] events = {red, blue, blue};
      events[changed] = events[changed].with("colour", "green");
      float[] others = rows(plan, events).features();
      for (int row = 0; row <= changed; row++) {
        assertThat(Arrays.copyOfRange(others, 8 * row + 4, 8 * row + 8))
            .as("history of row " + row + " after a change of " + changed)
            .containsExactly(Arrays.copyOfRange(rows, 8 * row + 4, 8 * row + 8));
      }
    }
  }

  @Test
  void the_same_event_object_twice_is_two_events() {
    BehaviourEvent red = seen().with("bought", 1).with("colour", "red");

    assertThat(rows(TestPlans.binary(COLOUR, history(COLOUR, 20, 0)), red, red).features())
        .containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);
  }

  @Test
  void history_reaches_behind_the_examples_that_a_plan_takes() {
    TrainingPlan plan = TestPlans.binary(2, List.of(COLOUR, history(COLOUR, 20, 0)));
    BehaviourEvent red = seen().with("bought", 1).with("colour", "red");
    BehaviourEvent unlabelled = seen().with("colour", "blue");

    float[] rows = rows(plan, red, unlabelled, red, unlabelled, red).features();

    assertThat(rows).hasSize(16);
    assertThat(Arrays.copyOfRange(rows, 4, 8)).containsExactly(0.5f, 0.5f, 0, 0);
    assertThat(Arrays.copyOfRange(rows, 12, 16)).containsExactly(0.5f, 0.5f, 0, 0);
  }

  @Test
  void history_passes_over_what_does_not_fit_and_other_kinds_of_events() {
    TrainingPlan plan = TestPlans.binary(IMAGE, history(IMAGE, 2, 0, "liked"));
    BehaviourEvent liked = BehaviourEvent.withoutItem("liked", NOON);
    List<BehaviourEvent> before =
        List.of(
            liked.with("image", new float[] {3, 0}),
            liked.with("image", new float[] {0, 2}),
            liked.with("image", new float[] {1, 1, 1}),
            liked.with("image", "a text"),
            liked,
            seen().with("image", new float[] {-1, 0}));

    assertThat(inputs(plan, before, seen())).containsExactly(0, 0, 0.5f, 0.5f);
    assertThat(inputs(plan, before.subList(2, 6), seen())).containsOnly(0);
  }

  @Test
  void an_item_is_its_place_in_the_list_or_the_bucket_that_catalogues_give_it() {
    Feature item = new Feature.ItemId("item", List.of("a", "b", "c", "d", "e"), 7);
    Catalogue catalogue = TestPlans.catalogue();
    for (String id : List.of("a", "e", "unheard-of", "also-new")) {
      float[] row = inputs(TestPlans.binary(item), List.of(), BehaviourEvent.view(id, NOON));

      assertThat(row[catalogue.embeddingRow(id, 7)]).isEqualTo(1);
      assertThat(row).containsOnlyOnce(1);
    }
    assertThat(inputs(TestPlans.binary(item), List.of(), seen())).containsOnly(0);
  }

  @Test
  void more_unknown_values_than_are_remembered_keep_their_buckets() {
    TrainingPlan plan = TestPlans.binary(new Feature.Categorical("colour", List.of("red"), 64));
    List<BehaviourEvent> events = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      events.add(seen().with("colour", "colour-" + i % 1_500));
    }
    float[][] rows = ((InputOutcome.Inputs) FeatureEncoder.inputs(List.of(), events, plan)).rows();

    for (int i = 0; i < 1_500; i++) {
      assertThat(rows[i + 1_500]).containsExactly(rows[i]);
      assertThat(rows[i][1 + UnknownBuckets.bucketOf("colour-" + i, 64)]).isEqualTo(1);
    }
  }

  private static float[] inputs(
      TrainingPlan plan, List<BehaviourEvent> before, BehaviourEvent event) {
    return ((InputOutcome.Inputs) FeatureEncoder.inputs(before, List.of(event), plan)).rows()[0];
  }

  @Test
  void inputs_that_do_not_fit_are_a_reason() {
    assertThat(FeatureEncoder.inputs(List.of(), List.of(seen()), TestPlans.twoTower()))
        .isEqualTo(
            new InputOutcome.Unfit(
                "plan news is over items, must be over attributes; recommend with its model"
                    + " instead"));
    assertThat(
            FeatureEncoder.inputs(
                List.of(), List.of(seen(), seen().with("age", "old")), TestPlans.binary(AGE)))
        .isEqualTo(new InputOutcome.Unfit("feature age is a text, must be a number"));
    assertThat(
            FeatureEncoder.inputs(
                List.of(seen().with("price", "much")),
                List.of(seen().with("price", 25)),
                TestPlans.binary(PRICE)))
        .isInstanceOf(InputOutcome.Inputs.class);
  }

  /** The seed is shown in the name of the case. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void the_same_events_give_the_same_bits_in_any_order_of_attributes_and_for_prediction(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    List<Feature> features = randomFeatures(random);
    List<BehaviourEvent> events = new ArrayList<>();
    List<BehaviourEvent> reordered = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      List<UnaryOperator<BehaviourEvent>> attributes = randomAttributes(random);
      BehaviourEvent bare =
          random.nextInt(4) == 0
              ? seen()
              : BehaviourEvent.of("k" + random.nextInt(3), "item-" + random.nextInt(9), NOON);
      events.add(with(attributes, bare));
      Collections.reverse(attributes);
      reordered.add(with(attributes, bare));
    }
    TrainingPlan plan = TestPlans.binary(60, features);

    float[] rows = rows(plan, events.toArray(new BehaviourEvent[0])).features();

    assertThat(rows(plan, reordered.toArray(new BehaviourEvent[0])).features())
        .containsExactly(rows);
    int width = rows.length / 60;
    for (int i = 0; i < 60; i++) {
      assertThat(inputs(plan, events.subList(0, i), events.get(i)))
          .as("event " + i)
          .containsExactly(Arrays.copyOfRange(rows, i * width, (i + 1) * width));
    }
  }

  private static BehaviourEvent with(
      List<UnaryOperator<BehaviourEvent>> attributes, BehaviourEvent event) {
    BehaviourEvent result = event.with("bought", 1);
    for (UnaryOperator<BehaviourEvent> attribute : attributes) {
      result = attribute.apply(result);
    }
    return result;
  }

  private static List<Feature> randomFeatures(SplitMix64 random) {
    List<Feature> own =
        List.of(AGE, COLOUR, QUERY, IMAGE, new Feature.ItemId("item", List.of("item-1"), 3));
    List<Feature> features = new ArrayList<>(own);
    features.add(PRICE);
    for (Feature feature : own) {
      features.add(
          history(
              feature,
              1 + random.nextInt(30),
              random.nextInt(2) == 0 ? 0 : 0.1 + 10 * random.nextDouble(),
              random.nextInt(2) == 0 ? new String[0] : new String[] {"k0", "k1"}));
    }
    return features;
  }

  private static List<UnaryOperator<BehaviourEvent>> randomAttributes(SplitMix64 random) {
    double age = 40 + 10 * random.nextGaussian();
    double price = Math.exp(random.nextGaussian());
    String colour = "colour-" + random.nextInt(5);
    String query = "red shoes, size " + random.nextInt(99);
    float[] image = {(float) random.nextGaussian(), (float) random.nextGaussian()};
    List<UnaryOperator<BehaviourEvent>> all =
        List.of(
            event -> event.with("age", age),
            event -> event.with("price", price),
            event -> event.with("colour", colour),
            event -> event.with("query", query),
            event -> event.with("image", image),
            event -> event.with("unused", colour));
    List<UnaryOperator<BehaviourEvent>> some = new ArrayList<>();
    for (UnaryOperator<BehaviourEvent> attribute : all) {
      if (random.nextInt(4) > 0) {
        some.add(attribute);
      }
    }
    return some;
  }
}
