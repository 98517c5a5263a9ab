package io.tacit.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.behaviour.BehaviourEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A client over its directory: restarts, a second one, damage, and a disk that does not work. */
// As apps do: who records need not wait.
@SuppressWarnings("FutureReturnValueIgnored")
class ClientStorageTest extends ClientFixture {

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
}
