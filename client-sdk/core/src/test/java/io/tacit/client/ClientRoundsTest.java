package io.tacit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.ledger.Ledger;
import io.tacit.client.ledger.LedgerEntry;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A client takes part, and its ledger says what became of what left. */
class ClientRoundsTest extends ClientFixture {

  @Test
  void a_device_without_events_gets_the_model_of_its_population_and_recommends() {
    announce(byBias(), 3);
    nothingToDo();
    TacitClient client = online();

    Participation participation = get(client.participate());

    assertThat(participation)
        .hasToString("NOTHING_TO_DO: The coordinator has no work for this device now.");
    assertThat(participation.nextAfter()).hasSeconds(7);
    assertThat(ids(get(client.recommend(2)))).containsExactly("e", "d");
    assertThat(get(client.ledger()).entries()).isEmpty();
  }

  @Test
  void contributes_to_a_round_and_shows_in_the_ledger_what_left() {
    announce(byBias(), 3);
    script.offer(PLAN, 1);
    TacitClient client = online();
    click(client, "a", "b", "c");
    List<Object> heard = listenTo(client);

    Participation participation = get(client.participate());

    assertThat(participation)
        .hasToString(
            "CONTRIBUTED: This device's update is one of 7 in the new model of round news#1.");
    List<LedgerEntry> ledger = get(client.ledger()).entries();
    assertThat(ledger).hasSize(1);
    LedgerEntry entry = ledger.get(0);
    assertThat(entry.round()).isEqualTo(1);
    assertThat(entry.result()).isEqualTo(LedgerEntry.Result.CONTRIBUTED);
    assertThat(entry.bytes()).isEqualTo(coordinator.uploaded().length);
    assertThat(entry.text())
        .isEqualTo(
            "An update of "
                + entry.bytes()
                + " bytes for round 1 of news left in the clear, as this app's development policy"
                + " allows, with those of 7 other devices; it is in the sum that made the new"
                + " model.");
    assertThat(heard)
        .containsSubsequence(
            "model",
            ParticipationStep.TRAINING,
            ParticipationStep.WAITING,
            ParticipationStep.SENDING,
            ParticipationStep.SENT,
            "CONTRIBUTED")
        .containsOnlyOnce(ParticipationStep.WAITING)
        .contains(ClientStatus.State.PARTICIPATING, ClientStatus.State.READY);
  }

  private static List<Object> listenTo(TacitClient client) {
    List<Object> heard = Collections.synchronizedList(new ArrayList<>());
    client.addListener(
        new ClientListener() {
          @Override
          public void participating(ParticipationStep step) {
            heard.add(step);
          }

          @Override
          public void participated(Participation participation) {
            heard.add(participation.result().name());
          }

          @Override
          public void modelChanged() {
            heard.add("model");
          }

          @Override
          public void statusChanged(ClientStatus status) {
            heard.add(status.state());
          }
        });
    return heard;
  }

  @Test
  void two_calls_take_part_once() {
    script.offer(PLAN, 1);
    TacitClient client = online();
    click(client, "a", "b", "c");

    CompletableFuture<Participation> one = client.participate();
    CompletableFuture<Participation> other = client.participate();

    assertThat(get(one)).isSameAs(get(other));
    assertThat(coordinator.calls()).containsOnlyOnce("check-in");
  }

  @Test
  void an_update_whose_end_is_not_known_stays_in_the_ledger_as_unknown() {
    script.offer(PLAN, 1);
    coordinator.onUpload =
        header -> {
          throw Status.UNIMPLEMENTED.asRuntimeException();
        };
    TacitClient client = online();
    click(client, "a", "b", "c");

    get(client.participate());

    assertThat(get(client.ledger()).entries())
        .extracting(LedgerEntry::result)
        .containsExactly(LedgerEntry.Result.UNKNOWN);
  }

  @Test
  void a_refused_update_may_have_arrived_before_so_the_ledger_does_not_say_that_it_was_not_used() {
    script.offer(PLAN, 1);
    coordinator.onUpload = header -> RefusalReason.REFUSAL_REASON_STAGE_CLOSED;
    TacitClient client = online();
    click(client, "a", "b", "c");

    assertThat(get(client.participate()).result()).isEqualTo(Participation.Result.ROUND_LOST);
    assertThat(get(client.ledger()).entries())
        .extracting(LedgerEntry::result)
        .containsExactly(LedgerEntry.Result.UNKNOWN);
  }

  @Test
  void the_update_of_an_aborted_round_is_in_the_ledger_as_not_used() {
    script.offer(PLAN, 1);
    coordinator.onAwait =
        request ->
            request.getKnown() == Stage.STAGE_ADVERTISE
                ? ScriptedRound.progress(request)
                : ScriptedRound.state(
                    SessionState.newBuilder()
                        .setStage(Stage.STAGE_ABORTED)
                        .setAbortReason("too few updates"));
    TacitClient client = online();
    click(client, "a", "b", "c");

    assertThat(get(client.participate()).result()).isEqualTo(Participation.Result.ROUND_LOST);
    assertThat(get(client.ledger()).entries())
        .extracting(LedgerEntry::result)
        .containsExactly(LedgerEntry.Result.NOT_USED);
  }

  @Test
  void a_device_that_has_done_its_part_says_so_in_plain_words_and_goes_on_recommending() {
    TrainingPlan once = TestPlans.noisyInTheClear(1);
    announce(byBias(), 1);
    script.offer(once, 1);
    TacitClient client = online();
    click(client, "a", "b", "c");
    assertThat(get(client.participate()).hasContributed()).isTrue();
    script.offer(once, 2);

    Participation participation = get(client.participate());
    assertThat(participation)
        .hasToString(
            "EXHAUSTED: This device takes no more part for now: plan news caps the participations"
                + " of a device at 1, this device's count is 1.");
    assertThat(participation.nextAfter()).isEqualTo(Duration.ofDays(1));
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.READY);
    assertThat(client.status().message())
        .isEqualTo("Recommendations work. " + participation.message());
    Ledger ledger = get(client.ledger());
    assertThat(ledger.entries()).hasSize(1);
    assertThat(ledger.totals().participations()).isEqualTo(1);
    assertThat(ledger.totals().epsilonModels()).isFinite();
    assertThat(ledger.totals().epsilonCoordinator()).as("in the clear").isInfinite();

    // A person who is forgotten does not begin with a new budget.
    get(client.forgetMe());
    click(client, "a", "b", "c");
    assertThat(get(client.participate()).result()).isEqualTo(Participation.Result.EXHAUSTED);
  }

  @Test
  void what_came_with_the_model_is_not_fetched_again_for_the_round() {
    ModelParameters model = ModelParameters.initial(PLAN.model());
    announce(model, 1);
    script.offer(PLAN, 1);
    TacitClient client = online();
    click(client, "a", "b", "c");

    assertThat(get(client.participate()).hasContributed()).isTrue();

    assertThat(coordinator.calls()).filteredOn(call -> call.equals("download 0")).hasSize(3);
  }
}
