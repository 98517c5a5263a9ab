package io.tacit.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.ledger.Ledger;
import io.tacit.client.ledger.LedgerEntry;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.Predictions;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.recommend.Recommendations;
import io.tacit.client.schedule.Conditions;
import io.tacit.client.schedule.DeviceState;
import io.tacit.client.schedule.TimerSchedule;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.ComeBack;
import io.tacit.protocol.v1.ComeBackReason;
import io.tacit.protocol.v1.CurrentModel;
import io.tacit.protocol.v1.CurrentModelsResponse;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.SessionState;
import io.tacit.protocol.v1.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client as an app sees it, with real files and a scripted coordinator on a real socket. */
// As apps do: who records need not wait.
@SuppressWarnings("FutureReturnValueIgnored")
@Timeout(60)
class TacitClientTest {

  private static final TrainingPlan PLAN = TestPlans.twoTower();
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir Path directory;

  private final List<TacitClient> clients = new ArrayList<>();
  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private final ScriptedRound script = new ScriptedRound(coordinator);

  @AfterEach
  void close() {
    clients.forEach(TacitClient::close);
    coordinator.close();
  }

  private TacitClient.Builder builder() {
    return TacitClient.builder(directory.resolve("client"), TestPlans.POPULATION)
        .storage(Storage.encrypted("a password".toCharArray()))
        .policy(ClientPolicy.development());
  }

  private TacitClient start(TacitClient.Builder builder) {
    TacitClient client = builder.build();
    clients.add(client);
    return client;
  }

  private TacitClient online() {
    return start(builder().coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(30, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Biases make e the best, then d, c, b, a. */
  private static ModelParameters byBias() {
    float[] values = new float[PLAN.parameters()];
    for (int item = 0; item < 6; item++) {
      values[12 + item] = item;
    }
    return ModelParameters.copyOf(values);
  }

  private static BundledModel bundle() {
    byte[] model = byBias().toBytes();
    return BundledModel.of(
        PLAN.toBytes(), TestPlans.catalogue().toBytes(), model, ContentHash.of(model).toHex());
  }

  private void announce(ModelParameters model, int version) {
    announce(PLAN.toBytes(), model, version);
  }

  private void announce(byte[] plan, ModelParameters model, int version) {
    ContentHash hash = coordinator.publish(model.toBytes());
    coordinator.publish(TestPlans.catalogue().toBytes());
    ContentHash planHash = coordinator.publish(plan);
    coordinator.onCurrentModels =
        request ->
            CurrentModelsResponse.newBuilder()
                .addModels(
                    CurrentModel.newBuilder()
                        .setPlanId(PLAN.id().value())
                        .setPlanVersion(PLAN.version())
                        .setPlanHash(ByteString.copyFrom(planHash.toBytes()))
                        .setModelVersion(version)
                        .setModelHash(ByteString.copyFrom(hash.toBytes())))
                .build();
  }

  private void nothingToDo() {
    coordinator.onPoll =
        request ->
            PollResponse.newBuilder()
                .setComeBack(
                    ComeBack.newBuilder()
                        .setAfterMillis(7_000)
                        .setReason(ComeBackReason.COME_BACK_REASON_NO_ROUND))
                .build();
  }

  private static void click(TacitClient client, String... items) {
    for (String item : items) {
      get(client.record(BehaviourEvent.click(item, NOW)));
    }
  }

  private static List<String> ids(Recommendations recommendations) {
    return recommendations.items().stream()
        .map(Recommendation::itemId)
        .collect(Collectors.toList());
  }

  /** All files of the client, as one text. */
  private String bytesOnDisk() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
        all.append(file.getFileName()).append('\n');
        all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  // ---- offline ----

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
  void keeps_events_over_restarts_and_after_close_takes_no_more() {
    TacitClient first = start(builder().model(bundle()));
    first.record(BehaviourEvent.click("e", NOW));
    first.close();

    assertThat(first.status()).hasToString("CLOSED: This client is closed.");
    assertThatThrownBy(() -> first.record(BehaviourEvent.click("d", NOW)).get(10, SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("this client is closed; build a new one");
    assertThat(ids(get(start(builder()).recommend(1)))).containsExactly("d");
  }

  @Test
  void closes_and_lets_go_of_its_files_also_when_no_more_calls_can_wait()
      throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    TacitClient full = start(builder().model(bundle()).executor(Runnable::run));
    // On the executor that this app gave, which is the thread of the files.
    full.recommend(1).thenRun(() -> awaitQuietly(release));
    String why = "";
    while (!why.startsWith("10000 calls wait already")) {
      why = reasonOf(full.record(BehaviourEvent.click("e", NOW)));
    }
    Thread closer = new Thread(full::close);
    closer.start();
    while (!why.equals("this client is closed; build a new one")) {
      why = reasonOf(full.record(BehaviourEvent.click("e", NOW)));
    }

    release.countDown();
    closer.join();

    assertThat(full.status().state()).isEqualTo(ClientStatus.State.CLOSED);
    assertThat(ids(get(start(builder()).recommend(1)))).containsExactly("d");
  }

  /** Why a call failed at once; empty if it did not. */
  private static String reasonOf(CompletableFuture<Void> call) {
    return call.isCompletedExceptionally()
        ? call.handle((nothing, failure) -> String.valueOf(failure.getMessage())).join()
        : "";
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_second_client_of_the_directory_waits_until_the_first_is_closed_and_loses_nothing() {
    TacitClient first = start(builder().model(bundle()));
    click(first, "e");
    TacitClient second = start(builder());

    CompletableFuture<Void> waiting = second.record(BehaviourEvent.click("d", NOW));
    assertThatThrownBy(() -> second.recommend(1).get(10, SECONDS))
        .hasRootCauseInstanceOf(io.tacit.client.storage.InUseException.class);
    assertThat(second.status().state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
    assertThat(second.status().message())
        .startsWith("The device's storage does not work: InUseException, ")
        .contains("is held by someone else")
        .endsWith(" 1 events wait in memory and are written when it works again.");
    first.close();

    assertThat(ids(get(second.recommend(1)))).containsExactly("c");
    assertThat(waiting).isCompleted();
    assertThat(second.status().state()).isEqualTo(ClientStatus.State.READY);
  }

  @Test
  void events_wait_while_the_storage_does_not_work_and_are_written_when_it_does()
      throws IOException {
    Path inTheWay = Files.write(directory.resolve("client"), new byte[0]);
    TacitClient client = start(builder().model(bundle()));

    CompletableFuture<Void> one = client.record(BehaviourEvent.click("e", NOW));
    CompletableFuture<Void> two = client.record(BehaviourEvent.click("d", NOW));
    assertThatThrownBy(() -> client.recommend(1).get(10, SECONDS))
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(one).isNotDone();
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
    assertThat(client.status().message())
        .endsWith(" 2 events wait in memory and are written when it works again.");
    Files.delete(inTheWay);

    assertThat(ids(get(client.recommend(1)))).containsExactly("c");
    get(one);
    get(two);
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.READY);
  }

  @Test
  void of_too_many_waiting_events_the_earliest_go_and_their_recorders_are_told()
      throws IOException {
    Path inTheWay = Files.write(directory.resolve("client"), new byte[0]);
    TacitClient client = start(builder());
    List<CompletableFuture<Void>> recorded = new ArrayList<>();
    for (int i = 0; i <= EventRecorder.WAITING_MAX; i++) {
      recorded.add(client.record(BehaviourEvent.click("e", NOW)));
    }

    assertThatThrownBy(() -> recorded.get(0).get(10, SECONDS))
        .hasRootCauseMessage(
            "this event could not be written, and 1000 later ones wait for the storage already; see"
                + " the status of the client");
    Files.delete(inTheWay);
    get(client.ledger());
    for (CompletableFuture<Void> later : recorded.subList(1, recorded.size())) {
      get(later);
    }
  }

  @Test
  void a_damaged_model_is_removed_and_the_app_starts_anyway() throws IOException {
    TacitClient before = start(builder().model(bundle()));
    click(before, "e");
    before.close();
    try (Stream<Path> files = Files.list(directory.resolve("client/state"))) {
      for (Path file : files.collect(Collectors.toList())) {
        if (String.valueOf(file.getFileName()).startsWith("installed-model-")) {
          Files.write(file, new byte[] {1, 2, 3});
        }
      }
    }

    TacitClient without = start(builder());
    assertThat(get(without.recommend(1)).items()).isEmpty();
    without.close();
    assertThat(ids(get(start(builder().model(bundle())).recommend(1)))).containsExactly("d");
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

  // ---- a model over attributes ----

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

  // ---- rounds ----

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
  void without_encryption_a_count_that_was_set_back_ends_taking_part() throws IOException {
    TacitClient.Builder builder =
        builder()
            .storage(Storage.unencrypted())
            .coordinator(CoordinatorAddress.onThisMachine(coordinator.port()));
    Path count = directory.resolve("client/state/round-news");
    announce(byBias(), 1);
    TacitClient client = start(builder);
    click(client, "a", "b", "c");
    script.offer(PLAN, 1);
    assertThat(get(client.participate()).hasContributed()).isTrue();
    byte[] before = Files.readAllBytes(count);
    script.offer(PLAN, 2);
    assertThat(get(client.participate()).hasContributed()).isTrue();
    client.close();
    Files.write(count, before);

    TacitClient restored = start(builder);
    Participation participation = get(restored.participate());
    assertThat(participation.result()).isEqualTo(Participation.Result.STORAGE_FAILED);
    assertThat(participation.message()).contains(count + " is older than what was written last;");
    assertThatThrownBy(() -> restored.ledger().get(30, SECONDS))
        .hasMessageContaining(count + " is older than what was written last;");
    assertThat(get(restored.recommend(1)).items()).hasSize(1);
  }

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
  void what_came_with_the_model_is_not_fetched_again_for_the_round() {
    ModelParameters model = ModelParameters.initial(PLAN.model());
    announce(model, 1);
    script.offer(PLAN, 1);
    TacitClient client = online();
    click(client, "a", "b", "c");

    assertThat(get(client.participate()).hasContributed()).isTrue();

    assertThat(coordinator.calls()).filteredOn(call -> call.equals("download 0")).hasSize(3);
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

  // ---- pause, forget, schedule ----

  @Test
  void a_pause_holds_over_restarts_until_it_is_taken_back() {
    script.offer(PLAN, 1);
    TacitClient first = online();
    click(first, "a", "b", "c");
    get(first.pause());
    assertThat(first.status())
        .hasToString(
            "PAUSED: Taking part is paused: nothing leaves the device. Recommendations go on. Call"
                + " resume() to take part again.");
    first.close();

    TacitClient second = online();
    assertThat(get(second.participate())).hasToString("PAUSED: Taking part is paused.");
    assertThat(coordinator.calls()).isEmpty();
    get(second.resume());
    assertThat(get(second.participate()).hasContributed()).isTrue();
  }

  @Test
  void a_pause_ends_a_participation_before_anything_is_sent() throws InterruptedException {
    script.offer(PLAN, 1);
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    coordinator.onAwait =
        request -> {
          waiting.countDown();
          try {
            assertThat(end.await(30, SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return ScriptedRound.progress(request);
        };
    TacitClient client = online();
    click(client, "a", "b", "c");

    CompletableFuture<Participation> participation = client.participate();
    assertThat(waiting.await(30, SECONDS)).isTrue();
    get(client.pause());

    assertThat(get(participation)).hasToString("STOPPED: Taking part was stopped.");
    end.countDown();
    assertThat(coordinator.uploaded()).isEmpty();
    assertThat(get(client.ledger()).entries()).isEmpty();
  }

  @Test
  void interrupting_a_participation_at_any_moment_leaves_the_storage_working() {
    nothingToDo();
    script.offer(PLAN, 1);
    TacitClient client =
        start(
            builder()
                .model(bundle())
                .coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
    click(client, "a", "b", "c");
    for (int i = 0; i < 200; i++) {
      CompletableFuture<Participation> participation = client.participate();
      for (int spin = 0; spin < i * 100; spin++) {
        Thread.onSpinWait();
      }
      client.pause();
      assertThat(get(participation).result()).isNotEqualTo(Participation.Result.STORAGE_FAILED);
      get(client.record(BehaviourEvent.click("d", NOW)));
      get(client.resume());
    }

    assertThat(client.status().state()).isNotEqualTo(ClientStatus.State.NEEDS_ATTENTION);
    assertThat(ids(get(client.recommend(1)))).containsExactly("e");
  }

  @Test
  void forgetting_leaves_nothing_of_the_person_and_starts_anew() throws IOException {
    announce(byBias(), 1);
    script.offer(PLAN, 1);
    TacitClient client = online();
    get(client.record(BehaviourEvent.click("a", NOW).with("note", "private-note")));
    click(client, "b", "c");
    get(client.participate());
    assertThat(bytesOnDisk()).contains("identity", "ledger").doesNotContain("private-note");

    ForgetReport report = get(client.forgetMe());

    assertThat(report.behaviour().events()).isEqualTo(3);
    assertThat(report.deleted()).contains("identity", "ledger");
    assertThat(report.kept())
        .allMatch(
            name ->
                name.startsWith("current-")
                    || name.startsWith("installed-")
                    || name.startsWith("round-"));
    assertThat(bytesOnDisk()).doesNotContain("private-note", "identity", "ledger");
    Ledger ledger = get(client.ledger());
    assertThat(ledger.entries()).isEmpty();
    // What is part of a model can not be taken back, so its cost is not forgotten.
    assertThat(ledger.totals().participations()).isEqualTo(1);
    assertThat(ledger.totals().epsilonModels()).isInfinite();
    assertThat(ledger.exportText()).endsWith("Counted and no longer listed: 1.\n");
    assertThat(ids(get(client.recommend(2)))).containsExactly("e", "d");
    // Nobody is counted twice, not even as somebody else.
    click(client, "a", "b", "c");
    assertThat(get(client.participate()).result()).isEqualTo(Participation.Result.DECLINED);
  }

  @Test
  void a_schedule_takes_part_while_its_conditions_hold_and_ends_with_the_client()
      throws InterruptedException {
    announce(byBias(), 1);
    script.offer(PLAN, 1);
    CountDownLatch contributed = new CountDownLatch(1);
    TacitClient client =
        start(
            builder()
                .conditions(Conditions.none().whileCharging())
                .coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
    click(client, "a", "b", "c");
    client.addListener(
        new ClientListener() {
          @Override
          public void participated(Participation participation) {
            if (participation.hasContributed()) {
              contributed.countDown();
            }
          }
        });

    client.start(TimerSchedule.of(() -> DeviceState.of(false, true, false)));

    assertThat(contributed.await(30, SECONDS)).isTrue();
    assertThatThrownBy(() -> client.start(TimerSchedule.always()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this client has a schedule already; stop() it first");
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
