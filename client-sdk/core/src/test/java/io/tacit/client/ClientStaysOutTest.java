package io.tacit.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What keeps a client out of rounds, and how the app hears of it and goes on. */
class ClientStaysOutTest extends ClientFixture {

  @Test
  void too_few_events_keep_a_device_out_and_nothing_leaves() {
    script.offer(PLAN, 1);
    TacitClient client = online();
    click(client, "a");

    Participation participation = get(client.participate());

    assertThat(participation)
        .hasToString(
            "NOT_ELIGIBLE: This device stays out of round news#1: this device has fewer examples"
                + " than the 2 that the plan asks for.");
    assertThat(coordinator.calls()).doesNotContain("check-in");
    assertThat(get(client.ledger()).entries()).isEmpty();
  }

  @Test
  void production_policy_declines_updates_in_the_clear_and_the_status_says_so() {
    announce(byBias(), 1);
    script.offer(PLAN, 1);
    TacitClient client =
        start(
            builder()
                .policy(ClientPolicy.production())
                .coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
    click(client, "a", "b", "c");

    assertThat(get(client.participate()).result()).isEqualTo(Participation.Result.DECLINED);
    assertThat(client.status())
        .hasToString(
            "NEEDS_ATTENTION: This device declines round news#1: plan news sends updates in the"
                + " clear (aggregation mode plain), which this app's policy does not allow; use"
                + " ClientPolicy.development() in development only. The app goes on without taking"
                + " part.");
  }

  /** A plan as a coordinator of the next version writes it. */
  private static byte[] ofNewerMapping(TrainingPlan plan) {
    try {
      io.tacit.protocol.v1.TrainingPlan message =
          io.tacit.protocol.v1.TrainingPlan.parseFrom(plan.toBytes());
      return message.toBuilder()
          .setFeatures(message.getFeatures().toBuilder().setMappingVersion(3))
          .build()
          .toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_plan_that_is_newer_than_the_app_asks_for_an_update_of_the_app() {
    ContentHash plan = coordinator.publish(ofNewerMapping(PLAN));
    script.assign(1, 1, plan, coordinator.publish(byBias().toBytes()));
    TacitClient client =
        start(
            builder()
                .model(bundle())
                .coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));

    Participation participation = get(client.participate());

    assertThat(participation)
        .hasToString(
            "DECLINED: The plan of round news#1 is newer than this app: features.mapping-version"
                + " is 3, must be 1 to 2; update the app.");
    assertThat(client.status())
        .hasToString(
            "NEEDS_ATTENTION: "
                + participation.message()
                + " The app goes on without taking part. Recommendations go on with the model that"
                + " is there.");
  }

  @Test
  void a_model_that_is_newer_than_the_app_asks_for_an_update_and_the_one_before_stays() {
    announce(ofNewerMapping(PLAN), byBias(), 9);
    nothingToDo();
    TacitClient client =
        start(
            builder()
                .model(bundle())
                .coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));

    get(client.participate());

    assertThat(client.status())
        .hasToString(
            "NEEDS_ATTENTION: The model that the coordinator offers is newer than this app:"
                + " features.mapping-version is 3, must be 1 to 2. Update the app. Recommendations"
                + " go on with the model that is there.");
    assertThat(ids(get(client.recommend(1)))).containsExactly("e");
  }

  @Test
  void training_that_takes_all_memory_does_not_take_the_app_along() {
    script.offer(PLAN, 1);
    TacitClient client =
        start(
            builder()
                .engine(
                    () ->
                        task -> {
                          throw new OutOfMemoryError("as asked for");
                        })
                .model(bundle())
                .coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
    click(client, "a", "b", "c");

    assertThat(get(client.participate()))
        .hasToString(
            "OUT_OF_MEMORY: There is not enough memory to train the model of the plan on this"
                + " device.");
    assertThat(ids(get(client.recommend(1)))).containsExactly("e");
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
    assertThat(coordinator.calls()).doesNotContain("check-in");
  }

  @Test
  void a_coordinator_that_is_away_is_no_harm_and_the_status_says_so() {
    coordinator.stop();
    TacitClient client =
        start(
            builder()
                .model(bundle())
                .coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
    click(client, "e");

    Participation participation = get(client.participate());

    assertThat(participation.result()).isEqualTo(Participation.Result.NO_CONNECTION);
    assertThat(participation.message()).startsWith("The coordinator can not be reached: ");
    assertThat(participation.nextAfter()).isBetween(Duration.ofSeconds(45), Duration.ofSeconds(75));
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.OFFLINE);
    assertThat(client.status().remedy())
        .isEqualTo("Nothing to do: recommendations go on, and events are kept.");
    assertThat(ids(get(client.recommend(1)))).containsExactly("d");

    coordinator.start();
    announce(byBias(), 1);
    nothingToDo();
    assertThat(get(client.participate()).result()).isEqualTo(Participation.Result.NOTHING_TO_DO);
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.READY);
  }

  @Test
  void another_protocol_version_asks_for_an_update_of_the_app() {
    coordinator.protocolVersion = "999";
    TacitClient client = online();

    Participation participation = get(client.participate());

    assertThat(participation.result()).isEqualTo(Participation.Result.NO_CONNECTION);
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
    assertThat(client.status().message())
        .startsWith("App and coordinator speak different versions");
  }
}
