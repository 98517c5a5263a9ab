package io.tacit.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.ledger.Ledger;
import io.tacit.client.schedule.Conditions;
import io.tacit.client.schedule.DeviceState;
import io.tacit.client.schedule.TimerSchedule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a person decides: to pause, to be forgotten, and when the device takes part. */
// As apps do: who records need not wait.
@SuppressWarnings("FutureReturnValueIgnored")
class ClientControlTest extends ClientFixture {

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
}
