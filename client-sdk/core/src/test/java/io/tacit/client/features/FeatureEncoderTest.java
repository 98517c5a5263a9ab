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
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureEncoderTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private static final Feature AGE = new Feature.Numeric("age", 40, 10);
  private static final Feature COLOUR =
      new Feature.Categorical("colour", List.of("red", "blue"), 2);
  private static final Feature QUERY = new Feature.HashedText("query", 8, 3);

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
}
