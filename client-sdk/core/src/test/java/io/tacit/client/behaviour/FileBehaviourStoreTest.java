package io.tacit.client.behaviour;

import static io.tacit.client.behaviour.Stores.NOON;
import static io.tacit.client.behaviour.Stores.clicks;
import static io.tacit.client.behaviour.Stores.open;
import static io.tacit.client.behaviour.Stores.openSmall;
import static io.tacit.client.behaviour.Stores.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.storage.InUseException;
import io.tacit.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBehaviourStoreTest {

  @TempDir Path directory;

  private static List<BehaviourEvent> threeEvents() {
    return List.of(
        BehaviourEvent.click("a", NOON),
        BehaviourEvent.withoutItem("session-start", NOON).with("battery", 0.5),
        BehaviourEvent.purchase("ü-item", NOON.plusMillis(1))
            .with("price", 19.5)
            .with("amount", 2)
            .with("note", "früh \u0000 \ud83d\ude00 \ud83d"));
  }

  @Test
  void gives_back_what_was_recorded_in_order_also_to_the_next_process() throws IOException {
    try (FileBehaviourStore store = open(directory)) {
      store.record(threeEvents().get(0));
      store.recordDurably(threeEvents().subList(1, 3));

      assertThat(store.events()).isEqualTo(threeEvents());
      assertThat(store.count()).isEqualTo(3);
      assertThat(store.bytes()).isEqualTo(Files.size(directory.resolve("events-000000000001")));
    }
    assertThat(read(directory)).isEqualTo(threeEvents());
  }

  @Test
  void an_unused_store_is_empty_and_writes_nothing() throws IOException {
    try (FileBehaviourStore store = open(directory)) {
      store.record(List.of());
      store.sync();

      assertThat(store.events()).isEmpty();
      assertThat(store.count()).isZero();
      assertThat(store.verify())
          .hasToString("0 events intact, 0 damaged (0 bytes), 0 bytes torn, at []");
    }
    assertThat(Stores.files(directory)).isEmpty();
  }

  @Test
  void goes_on_across_many_segments_and_openings() throws IOException {
    List<BehaviourEvent> all = clicks(50);
    for (int i = 0; i < 50; i += 10) {
      try (FileBehaviourStore store = openSmall(directory)) {
        store.record(all.subList(i, i + 10));
        assertThat(store.events()).isEqualTo(all.subList(0, i + 10));
        assertThat(store.count()).isEqualTo(i + 10);
      }
    }
    assertThat(Stores.files(directory)).hasSizeGreaterThan(10);
    assertThat(read(directory)).isEqualTo(all);
  }

  @Test
  void an_event_that_is_larger_than_a_segment_has_one_of_its_own() throws IOException {
    BehaviourEvent large = BehaviourEvent.click("large", NOON).with("text", "t".repeat(1024));
    List<BehaviourEvent> all = List.of(clicks(1).get(0), large, clicks(1).get(0));
    try (FileBehaviourStore store = openSmall(directory)) {
      store.record(all);
      assertThat(store.events()).isEqualTo(all);
    }
    assertThat(read(directory)).isEqualTo(all);
    assertThat(Stores.files(directory)).hasSize(3);
  }

  @Test
  void the_largest_possible_event_fits() throws IOException {
    BehaviourEvent largest = BehaviourEvent.click("\uffff".repeat(256), NOON);
    for (int i = 0; i < BehaviourEvent.ATTRIBUTES_MAX; i++) {
      largest = largest.with("a".repeat(62) + (10 + i), "\uffff".repeat(1024));
    }
    try (FileBehaviourStore store = open(directory)) {
      store.record(largest);
    }
    assertThat(EventCodec.encode(largest)).hasSizeBetween(100_000, EventCodec.BYTES_MAX);
    assertThat(read(directory)).containsExactly(largest);
  }

  @Test
  void the_latest_events_are_read_without_the_segments_before_them() throws IOException {
    List<BehaviourEvent> all = clicks(50);
    try (FileBehaviourStore store = openSmall(directory)) {
      store.record(all);
      for (int count = 0; count <= 50; count++) {
        assertThat(store.latest(count)).isEqualTo(all.subList(50 - count, 50));
      }
      assertThat(store.latest(1_000)).isEqualTo(all);
      Files.delete(directory.resolve("events-000000000001"));
      assertThat(store.latest(40)).isEqualTo(all.subList(10, 50));
      assertThat(store.verify().isIntact()).isFalse();
      assertThatThrownBy(() -> store.latest(-1))
          .hasMessage("count is -1, must be at least 0; 10000 is usual");
    }
  }

  @Test
  void the_window_is_the_same_list_until_something_changes() throws IOException {
    List<BehaviourEvent> all = new ArrayList<>();
    try (FileBehaviourStore store = openSmall(directory, Retention.latest(20), Stores.AT_NOON)) {
      for (BehaviourEvent event : clicks(100)) {
        store.record(event);
        all.add(event);
        List<BehaviourEvent> window = store.events();
        assertThat(window).isEqualTo(all.subList(Math.max(0, all.size() - 20), all.size()));
        assertThat(window).isEqualTo(store.latest(20));
        assertThat(store.events()).isSameAs(window);
        assertThatThrownBy(() -> window.add(event))
            .isInstanceOf(UnsupportedOperationException.class);
      }
      store.record(clicks(50));
      assertThat(store.events()).isEqualTo(clicks(50).subList(30, 50));
      store.forget();
      assertThat(store.events()).isEmpty();
    }
  }

  @Test
  void the_window_follows_the_clock_both_ways() throws IOException {
    SettableClock clock = SettableClock.at(NOON.plusSeconds(50));
    Retention retention = Retention.defaults().withAgeMax(Duration.ofDays(1));
    try (FileBehaviourStore store = openSmall(directory, retention, clock)) {
      store.record(clicks(20));
      List<BehaviourEvent> whole = store.events();
      assertThat(whole).isEqualTo(clicks(20));
      clock.set(NOON.plus(Duration.ofDays(1)));
      assertThat(store.events()).isSameAs(whole);
      clock.advance(Duration.ofSeconds(5));
      assertThat(store.events()).isEqualTo(clicks(20).subList(5, 20)).isSameAs(store.events());
      clock.advance(Duration.ofMillis(1));
      assertThat(store.events()).isEqualTo(clicks(20).subList(6, 20));
      clock.set(NOON);
      assertThat(store.events()).isEqualTo(clicks(20)).isSameAs(store.events());
    }
  }

  @Test
  void others_record_while_one_reads() throws IOException {
    List<BehaviourEvent> read = new ArrayList<>();
    try (FileBehaviourStore store = openSmall(directory)) {
      store.record(clicks(20));
      store.scan(
          event -> {
            read.add(event);
            try {
              store.record(clicks(1));
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(store.count()).isGreaterThanOrEqualTo(40);
    }
    assertThat(read.subList(0, 20)).isEqualTo(clicks(20));
  }

  @Test
  void nobody_reads_what_was_forgotten_while_it_was_read() throws IOException {
    List<BehaviourEvent> read = new ArrayList<>();
    try (FileBehaviourStore store = openSmall(directory)) {
      store.record(clicks(50));
      store.scan(
          event -> {
            read.add(event);
            try {
              store.forget();
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(store.count()).isZero();
    }
    assertThat(read).hasSizeLessThan(10);
  }

  @Test
  void an_interrupted_thread_loses_its_event_and_not_the_store() throws IOException {
    try (FileBehaviourStore store = open(directory)) {
      store.record(clicks(1));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> store.record(clicks(1))).isInstanceOf(IOException.class);
      assertThat(Thread.interrupted()).isTrue();

      store.recordDurably(threeEvents());
      assertThat(store.events()).hasSize(4);
    }
  }

  @Test
  void belongs_to_one_object_until_it_is_closed() throws IOException {
    try (FileBehaviourStore store = open(directory)) {
      store.record(threeEvents());
      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(InUseException.class)
          .hasMessage(
              directory.resolve(".behaviour.lock")
                  + " is held by someone else; use one store per directory, and close the other"
                  + " process that has it open");
      store.close();
      store.close();
      assertThat(read(directory)).isEqualTo(threeEvents());
      String closed = "FileBehaviourStore[" + directory + "] is closed; open it again";
      assertThatThrownBy(() -> store.record(threeEvents())).hasMessage(closed);
      assertThatThrownBy(store::sync).hasMessage(closed);
      assertThatThrownBy(store::events).hasMessage(closed);
      assertThatThrownBy(store::count).hasMessage(closed);
      assertThatThrownBy(store::bytes).hasMessage(closed);
      assertThatThrownBy(store::forget).hasMessage(closed);
    }
  }

  @Test
  void leaves_no_file_open_and_lets_nobody_else_read_them() throws IOException {
    for (int i = 0; i < 500; i++) {
      try (FileBehaviourStore store = open(directory.resolve(String.valueOf(i)))) {
        store.record(threeEvents().get(0));
      }
      Stores.leave(directory.resolve(String.valueOf(i)));
    }
    Path descriptors = Path.of("/proc/self/fd");
    if (Files.isDirectory(descriptors)) {
      try (Stream<Path> open = Files.list(descriptors)) {
        assertThat(open.filter(descriptor -> isBelow(descriptor, directory))).isEmpty();
      }
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("7/events-000000000001"))))
          .isEqualTo("rw-------");
    }
  }

  private static boolean isBelow(Path descriptor, Path directory) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(directory);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void prints_where_and_not_what() throws IOException {
    try (FileBehaviourStore store = open(directory)) {
      store.record(threeEvents());
      assertThat(store).hasToString("FileBehaviourStore[" + directory + "]");
    }
  }
}
