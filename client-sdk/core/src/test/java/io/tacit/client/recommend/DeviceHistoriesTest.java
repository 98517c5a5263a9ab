package io.tacit.client.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.TestPlans;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.features.FeatureEncoder;
import io.tacit.client.model.ItemScorer;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceHistoriesTest {

  private static final String[] KINDS = {"click", "view", "purchase", "dismiss"};

  private static ItemModel model() {
    TrainingPlan plan = TestPlans.twoTower();
    ModelParameters parameters = ModelParameters.initial(plan.model());
    return new ItemModel(
        plan,
        new InstalledVersion(
            plan.id(), plan.version(), plan.contentHash(), 0, parameters.contentHash()),
        ItemScorer.of(plan.model(), parameters),
        Assortment.of(ItemFile.catalogue(Artifact.of(TestPlans.catalogue().toBytes()))));
  }

  private static BehaviourEvent event(SplitMix64 random) {
    String kind = KINDS[random.nextInt(KINDS.length)];
    if (random.nextInt(10) == 0) {
      return BehaviourEvent.withoutItem(kind, Instant.EPOCH);
    }
    return BehaviourEvent.of(kind, String.valueOf((char) ('a' + random.nextInt(8))), Instant.EPOCH);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void sees_in_events_what_training_sees(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    ItemModel model = model();
    FeatureSchema.Items schema = model.schema();
    List<BehaviourEvent> events = new ArrayList<>();
    for (int i = 0; i < 4 * seed; i++) {
      events.add(event(random));
      DeviceHistory history = new DeviceHistories().of(events, model);
      int[] wanted = FeatureEncoder.positiveRows(events, schema, TestPlans.catalogue());
      assertThat(history.wanted()).containsExactly(wanted);
      assertThat(history.known().stream())
          .containsExactlyInAnyOrder(
              Arrays.stream(FeatureEncoder.knownRows(events, schema, TestPlans.catalogue()))
                  .boxed()
                  .toArray(Integer[]::new));
      for (int j = 0; j < history.size(); j++) {
        assertThat(schema.positiveEvents()).contains(history.event(j).kind());
        assertThat(model.assortment().embeddingRow(history.event(j).itemId().orElseThrow(), 1))
            .isEqualTo(wanted[j]);
      }
    }
  }

  @Test
  void looks_events_up_once_while_the_store_gives_the_same_list() {
    DeviceHistories histories = new DeviceHistories();
    ItemModel model = model();
    List<BehaviourEvent> events = List.of(BehaviourEvent.click("a", Instant.EPOCH));
    int[] first = histories.of(events, model).wanted();
    assertThat(histories.of(events, model).wanted()).isSameAs(first);
    assertThat(histories.of(new ArrayList<>(events), model).wanted()).isNotSameAs(first);
    assertThat(histories.of(events, model()).wanted()).isNotSameAs(first).isEqualTo(first);
  }

  @Test
  void notices_that_a_list_has_grown() {
    DeviceHistories histories = new DeviceHistories();
    ItemModel model = model();
    List<BehaviourEvent> events = new ArrayList<>();
    assertThat(histories.of(events, model).size()).isZero();
    events.add(BehaviourEvent.click("b", Instant.EPOCH));
    assertThat(histories.of(events, model).wanted()).containsExactly(1);
  }

  @Test
  void the_latest_items_keep_their_events() {
    List<BehaviourEvent> events =
        List.of(
            BehaviourEvent.click("a", Instant.EPOCH),
            BehaviourEvent.purchase("b", Instant.EPOCH),
            BehaviourEvent.click("c", Instant.EPOCH));
    DeviceHistory latest = new DeviceHistories().of(events, model()).latest(2);
    assertThat(latest.wanted()).containsExactly(1, 2);
    assertThat(latest.event(0).kind()).isEqualTo("purchase");
    assertThat(latest.known().cardinality()).isEqualTo(3);
  }
}
