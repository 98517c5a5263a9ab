package io.tacit.client.behaviour;

import static io.tacit.client.behaviour.Stores.AT_NOON;
import static io.tacit.client.behaviour.Stores.NOON;
import static io.tacit.client.behaviour.Stores.clicks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.storage.InUseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a second JVM. */
class StoreProcessTest {

  @TempDir Path directory;

  private String tryInAnotherProcess() throws IOException, InterruptedException {
    Process process = StoreProcess.start(List.of(), "try", directory.toString());
    String line = StoreProcess.output(process).readLine();
    assertThat(process.waitFor()).isZero();
    return line;
  }

  @Test
  void a_second_process_can_open_it_only_when_the_first_has_closed_it()
      throws IOException, InterruptedException {
    try (FileBehaviourStore store = Stores.open(directory)) {
      store.record(clicks(3));
      // The attempt must not take the lock from who has it, which POSIX would make easy.
      assertThatThrownBy(() -> Stores.open(directory)).isInstanceOf(InUseException.class);
      assertThat(tryInAnotherProcess()).isEqualTo("in use");
    }
    Stores.leave(directory);
    assertThat(tryInAnotherProcess()).isEqualTo("opened with 3");
  }

  @Test
  void what_a_process_had_recorded_is_there_after_it_was_killed()
      throws IOException, InterruptedException {
    int acknowledged = 0;
    for (int kill = 0; kill < 3; kill++) {
      Process process = StoreProcess.start(List.of(), "record", directory.toString());
      try (BufferedReader output = StoreProcess.output(process)) {
        for (int i = 0; i < 50; i++) {
          acknowledged = Integer.parseInt(output.readLine());
        }
        assertThatThrownBy(() -> Stores.open(directory)).isInstanceOf(InUseException.class);
      } finally {
        process.destroyForcibly().waitFor();
      }
      try (FileBehaviourStore store = Stores.openSmall(directory)) {
        List<BehaviourEvent> events = store.events();
        assertThat(events.size()).isGreaterThanOrEqualTo(acknowledged);
        for (int i = 0; i < events.size(); i++) {
          assertThat(events.get(i)).isEqualTo(BehaviourEvent.click("item-" + i, NOON));
        }
        assertThat(store.verify().isIntact()).isTrue();
      }
      Stores.leave(directory);
    }
  }

  @Test
  void twenty_megabytes_of_heap_suffice_for_a_million_events()
      throws IOException, InterruptedException {
    Retention retention = Retention.latest(Retention.EVENTS_MAX);
    try (FileBehaviourStore store = Stores.open(directory, retention, AT_NOON)) {
      List<BehaviourEvent> batch = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        batch.add(
            BehaviourEvent.click("item-" + i, NOON)
                .with("a", i)
                .with("b", 2)
                .with("c", 3)
                .with("d", 4)
                .with("e", 5)
                .with("label", 1));
      }
      for (int i = 0; i < 100; i++) {
        store.record(batch);
      }
    }
    Stores.leave(directory);
    Process process =
        StoreProcess.start(List.of("-Xmx20m", "-XX:+UseSerialGC"), "large", directory.toString());
    assertThat(StoreProcess.output(process).readLine()).isEqualTo("1000000 10000 1000000 true");
    assertThat(process.waitFor()).isZero();
  }
}
