package io.tacit.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.recommend.Predictions;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.recommend.Recommendations;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.TrainingPlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What an app gets of a client whether or not there is a coordinator. */
// As apps do: who records need not wait.
@SuppressWarnings("FutureReturnValueIgnored")
class TacitClientTest extends ClientFixture {

  @Test
  void recommends_with_the_model_of_the_app_before_it_has_met_a_coordinator() {
    TacitClient client = start(builder().model(bundle()));

    assertThat(ids(get(client.recommend(2)))).containsExactly("e", "d");
    click(client, "e");
    assertThat(ids(get(client.recommend(2)))).containsExactly("d", "c");
    assertThat(client.status())
        .isEqualTo(ClientStatus.fine(ClientStatus.State.READY, "Recommendations work."));
  }

  @Test
  void a_call_sees_what_calls_before_it_recorded() {
    TacitClient client = start(builder().model(bundle()));

    client.record(BehaviourEvent.click("e", NOW));
    client.record(BehaviourEvent.click("d", NOW));
    CompletableFuture<Recommendations> recommendations = client.recommend(1);

    assertThat(ids(get(recommendations))).containsExactly("c");
  }

  @Test
  void explains_what_it_recommended() {
    TacitClient client = start(builder().model(bundle()));
    click(client, "a");

    Recommendation first = get(client.recommend(1)).items().get(0);

    assertThat(get(client.why(first)))
        .hasValueSatisfying(why -> assertThat(why.text()).isNotEmpty());
  }

  @Test
  void says_that_there_is_no_model_yet() {
    TacitClient client = start(builder());

    Recommendations none = get(client.recommend(3));

    assertThat(none.items()).isEmpty();
    assertThat(none.refusal())
        .contains("no model is installed yet; take part in a round, or install one with the app");
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.WAITING_FOR_MODEL);
    assertThat(client.status().message())
        .isEqualTo(
            "There is no model yet: it comes from the coordinator, with participate() or the"
                + " schedule.");
  }

  @Test
  void results_come_on_the_executor_of_the_app() throws InterruptedException {
    ExecutorService app =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "user-interface"));
    try {
      TacitClient client = start(builder().model(bundle()).executor(app));
      CompletableFuture<String> thread = new CompletableFuture<>();

      client.recommend(1).thenAccept(result -> thread.complete(Thread.currentThread().getName()));

      assertThat(get(thread)).isEqualTo("user-interface");
    } finally {
      app.shutdown();
      assertThat(app.awaitTermination(10, SECONDS)).isTrue();
    }
  }

  @Test
  void a_bundle_that_does_not_fit_is_named_in_the_status() {
    byte[] model = byBias().toBytes();
    TacitClient client =
        start(
            builder()
                .model(
                    BundledModel.of(
                        PLAN.toBytes(),
                        TestPlans.catalogue().toBytes(),
                        model,
                        ContentHash.of(new byte[1]).toHex())));

    assertThatThrownBy(() -> client.recommend(1).get(10, SECONDS))
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .rootCause()
        .hasMessageStartingWith("the bundled model is unusable: model has hash ");
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
  }

  @Test
  void takes_no_part_without_a_coordinator_and_says_so() {
    Participation participation = get(start(builder().model(bundle())).participate());

    assertThat(participation)
        .hasToString("NOTHING_TO_DO: This client was built without a coordinator.");
  }

  private static final TrainingPlan TABULAR = TestPlans.binary(new Feature.Numeric("price", 10, 5));

  /** The cheaper the likelier. */
  private static ModelParameters cheap() {
    return ModelParameters.copyOf(new float[] {-2, 0});
  }

  private static BehaviourEvent offer(double price) {
    return BehaviourEvent.view("a", NOW).with("price", price);
  }

  @Test
  void predicts_with_the_model_of_the_app_and_gives_a_reason_for_what_does_not_fit() {
    byte[] model = cheap().toBytes();
    BundledModel bundled = BundledModel.of(TABULAR.toBytes(), model, ContentHash.of(model).toHex());
    TacitClient client = start(builder().model(bundled));

    Predictions predictions = get(client.predict(List.of(offer(5), offer(15))));

    assertThat(predictions.items().get(0).value()).isGreaterThan(0.8);
    assertThat(predictions.items().get(1).value()).isLessThan(0.2);
    assertThat(client.status()).hasToString("READY: Predictions work.");
    assertThat(get(client.predict(offer(5).with("price", "five"))).refusal())
        .contains("feature price is a text, must be a number");
    assertThat(get(client.recommend(1)).refusal())
        .contains(
            "plan news is over attributes, must be over items to recommend; predict with its"
                + " model, or name another plan");
    get(client.pause());
    assertThat(client.status().message())
        .isEqualTo("Taking part is paused: nothing leaves the device. Predictions go on.");
  }

  @Test
  void trains_a_model_over_attributes_with_others_and_predicts_with_what_came_of_it() {
    announce(TABULAR.toBytes(), cheap(), 3);
    script.offer(TABULAR, 1);
    TacitClient client = online();
    assertThat(get(client.predict(offer(5))).refusal())
        .contains("no model is installed yet; take part in a round, or install one with the app");
    for (int i = 0; i < 3; i++) {
      get(client.record(offer(5 + i).with("bought", i % 2)));
    }

    assertThat(get(client.participate()).hasContributed()).isTrue();

    assertThat(get(client.predict(offer(5))).items().get(0).value()).isGreaterThan(0.8);
    coordinator.stop();
    get(client.participate());
    assertThat(client.status().remedy())
        .isEqualTo("Nothing to do: predictions go on, and events are kept.");
  }

  @Test
  void takes_the_items_of_the_app_and_refuses_others() {
    TacitClient client = start(builder().model(bundle()));
    byte[] items =
        "#tacit-items 1\nid\ttitle\tavailable\ne\tElderberry\tno\nd\tDate\tyes\nc\tCherry\tyes\n"
            .getBytes(StandardCharsets.UTF_8);

    assertThat(get(client.items(items, ContentHash.of(new byte[1]).toHex())))
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("item file has hash "));
    assertThat(get(client.items(items, ContentHash.of(items).toHex()))).isEmpty();
    assertThat(ids(get(client.recommend(5)))).containsExactly("d", "c");
  }
}
