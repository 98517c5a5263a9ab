package io.tacit.client.behaviour;

import static io.tacit.client.behaviour.Stores.AT_NOON;
import static io.tacit.client.behaviour.Stores.NOON;
import static io.tacit.client.behaviour.Stores.clicks;
import static io.tacit.client.behaviour.Stores.openSmall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {

  @TempDir Path directory;

  private final FaultyDisk disk = new FaultyDisk();

  private FileBehaviourStore open() throws IOException {
    return openSmall(directory, Retention.defaults(), AT_NOON, disk);
  }

  @Test
  void a_full_disk_is_told_and_costs_nothing_that_was_recorded_before() throws IOException {
    try (FileBehaviourStore store = open()) {
      store.record(clicks(6));
      disk.freeBytes = 20;
      assertThatThrownBy(() -> store.record(clicks(1)))
          .isInstanceOf(IOException.class)
          .hasMessage(
              (Stores.encrypted ? "cannot write 67 bytes to " : "cannot write 39 bytes to ")
                  + directory.resolve("events-000000000002")
                  + " (No space left on device); what was recorded before is intact, make room"
                  + " and record again");
      assertThat(store.events()).isEqualTo(clicks(6));

      disk.freeBytes = Long.MAX_VALUE;
      store.record(BehaviourEvent.like("x", NOON));
      assertThat(store.events()).hasSize(7).startsWith(clicks(6).toArray(BehaviourEvent[]::new));
      assertThat(store.verify().isIntact()).isTrue();
    }
    assertThat(Stores.read(directory)).hasSize(7);
  }

  @Test
  void a_disk_that_is_full_after_any_number_of_bytes_leaves_the_first_events_and_a_working_store()
      throws IOException {
    // Steps that have no divisor in common with what is written.
    int step = Stores.encrypted ? 7 : 1;
    for (int free = 0; free < (Stores.encrypted ? 760 : 420); free += step) {
      Path own = directory.resolve(String.valueOf(free));
      List<BehaviourEvent> recorded = new ArrayList<>();
      disk.freeBytes = free;
      try (FileBehaviourStore store = openSmall(own, Retention.defaults(), AT_NOON, disk)) {
        try {
          for (BehaviourEvent event : clicks(10)) {
            store.record(event);
            recorded.add(event);
          }
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("No space left on device");
        }
        assertThat(store.events()).isEqualTo(recorded);
        disk.freeBytes = Long.MAX_VALUE;
        store.record(clicks(1));
        recorded.addAll(clicks(1));
        assertThat(store.events()).as("%d bytes free", free).isEqualTo(recorded);
        assertThat(store.verify().isIntact()).isTrue();
      }
      assertThat(Stores.read(own)).isEqualTo(recorded);
      Stores.leave(own);
    }
  }

  @Test
  void no_event_of_a_batch_that_failed_comes_back_later() throws IOException {
    List<BehaviourEvent> recorded = new ArrayList<>(clicks(1));
    try (FileBehaviourStore store = open()) {
      store.record(recorded);
      // Two whole records and a part of the third are written.
      disk.freeBytes = Stores.encrypted ? 150 : 100;
      assertThatThrownBy(() -> store.record(clicks(3))).isInstanceOf(IOException.class);
      disk.freeBytes = Long.MAX_VALUE;
      store.record(clicks(1));
      recorded.addAll(clicks(1));
    }
    assertThat(Stores.read(directory)).isEqualTo(recorded);
  }

  @Test
  void a_full_disk_does_not_stop_forgetting() throws IOException {
    try (FileBehaviourStore store = open()) {
      store.record(clicks(20));
      disk.freeBytes = 0;
      assertThat(store.forget().events()).isEqualTo(20);
      assertThat(Stores.files(directory)).isEmpty();
    }
  }

  @Test
  void a_full_disk_does_not_stop_reading_what_is_old() throws IOException {
    SettableClock clock = SettableClock.at(NOON);
    Retention retention = Retention.defaults().withAgeMax(Duration.ofDays(30));
    try (FileBehaviourStore store = openSmall(directory, retention, clock, disk)) {
      store.record(clicks(2, NOON));
      store.record(clicks(1, NOON.plus(Duration.ofDays(30))));
    }
    clock.advance(Duration.ofDays(40));
    openSmall(directory, retention, clock, disk).close();
    clock.advance(Duration.ofDays(2));
    disk.freeBytes = 0;
    try (FileBehaviourStore store = openSmall(directory, retention, clock, disk)) {
      assertThat(store.events()).hasSize(1);
      assertThat(store.verify().eventsIntact()).isEqualTo(3);
    }
  }

  @Test
  void who_records_durably_learns_when_that_is_not_known() throws IOException {
    try (FileBehaviourStore store = open()) {
      disk.failingForces = true;
      assertThatThrownBy(() -> store.recordDurably(clicks(1))).hasMessage("Input/output error");
      disk.failingForces = false;
      store.sync();
      assertThat(store.events()).isEqualTo(clicks(1));
    }
  }
}
