package io.tacit.client.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.TestPlans;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.model.SparseVector;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.InteractionExamples;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Features of items, from the catalogue, and of users, from events. */
class SideFeaturesTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private static final Feature GENRE =
      new Feature.Categorical("genre", List.of("rock", "pop", "folk", "jazz"), 1);
  private static final Feature YEAR = new Feature.Numeric("year", 1990, 10);
  private static final Feature COVER = new Feature.DenseVector("cover", 2, false);
  private static final Feature AGE = new Feature.Numeric("age", 40, 10);

  private static final TrainingPlan PLAN =
      TestPlans.twoTowerKnowing(List.of(GENRE, YEAR, COVER), List.of(AGE, GENRE));

  private static Catalogue catalogue(List<String> columns, List<String> cellsOfA) {
    List<String> empty = columns.stream().map(column -> "").toList();
    return Catalogue.of(
        columns,
        List.of(
            new Catalogue.Item("a", "Apple", cellsOfA),
            new Catalogue.Item("b", "Banana", empty),
            new Catalogue.Item("c", "Cherry", empty),
            new Catalogue.Item("d", "Date", empty),
            new Catalogue.Item("e", "Elder", empty)));
  }

  private static InteractionExamples examples(String cells, BehaviourEvent... events) {
    Catalogue catalogue =
        catalogue(List.of("year", "genre", "cover"), List.of(cells.split(";", -1)));
    ExampleOutcome outcome = FeatureEncoder.encode(List.of(events), PLAN, catalogue);
    return (InteractionExamples) ((ExampleOutcome.Examples) outcome).set();
  }

  private static String items(String cells) {
    return text(examples(cells).itemFeatures().of(0));
  }

  private static String text(SparseVector vector) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < vector.count(); i++) {
      float encoded = vector.value(i) / FeatureSchema.SIDE_FEATURE_WEIGHT;
      text.append(vector.place(i)).append(':').append(Math.round(encoded * 1000) / 1000f);
      text.append(' ');
    }
    return text.toString().trim();
  }

  @Test
  void each_column_fills_the_inputs_of_its_feature() {
    // genre: 4 values and a bucket at 0 to 4, then year at 5, then cover at 6 and 7.
    assertThat(items("1984;folk;0.25 -3")).isEqualTo("2:1.0 5:-0.6 6:0.25 7:-3.0");
  }

  @Test
  void all_are_small_beside_what_is_learnt_of_an_item_alone() {
    assertThat(examples(";folk;").itemFeatures().of(0).value(0)).isEqualTo(0.1f);
  }

  @Test
  void several_values_share_a_weight_of_length_one() {
    assertThat(items(";rock|pop|folk|jazz;")).isEqualTo("0:0.5 1:0.5 2:0.5 3:0.5");
    assertThat(items(";polka;")).as("a value outside the list").isEqualTo("4:1.0");
  }

  @Test
  void what_is_not_known_or_does_not_fit_is_zeros() {
    assertThat(items(";;")).isEmpty();
    assertThat(items("soon;;1 2 3")).isEmpty();
    InteractionExamples examples = examples("1984;rock;");
    assertThat(examples.itemFeatures().of(1).count()).isZero();
    assertThat(examples.itemFeatures().of(5).count()).as("a bucket of unknown items").isZero();
  }

  @Test
  void of_a_person_the_latest_event_that_carries_an_attribute_counts() {
    InteractionExamples examples =
        examples(
            ";;",
            BehaviourEvent.withoutItem("profile", NOON).with("age", 30).with("genre", "rock"),
            BehaviourEvent.click("b", NOON).with("age", 20),
            BehaviourEvent.click("a", NOON));

    assertThat(text(examples.userFeatures())).isEqualTo("0:-2.0 1:1.0");
    assertThat(examples.items()).containsExactly(1, 0);
    assertThat(examples(";;", BehaviourEvent.click("a", NOON)).userFeatures().count()).isZero();
    assertThat(
            examples(";;", BehaviourEvent.click("a", NOON).with("age", "forty"))
                .userFeatures()
                .count())
        .isZero();
  }

  @Test
  void a_device_stays_out_where_the_catalogue_lacks_a_column() {
    ExampleOutcome outcome =
        FeatureEncoder.encode(
            List.of(BehaviourEvent.click("a", NOON)),
            PLAN,
            catalogue(List.of("genre"), List.of("")));

    assertThat(((ExampleOutcome.Unfit) outcome).detail())
        .isEqualTo(
            "catalogue has no column year, which a feature of the plan reads; fetch the catalogue"
                + " of the plan");
  }
}
