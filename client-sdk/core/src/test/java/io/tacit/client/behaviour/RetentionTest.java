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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {

  private static final Duration MONTH = Duration.ofDays(30);
  private static final Retention A_MONTH = Retention.latest(1_000).withAgeMax(MONTH);

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.at(NOON);

  private int eventsOnDisk() throws IOException {
    int count = 0;
    for (Map.Entry<String, byte[]> file : Stores.files(directory).entrySet()) {
      count += file.getKey().startsWith("events-") ? Stores.records(file.getValue()).size() : 0;
    }
    return count;
  }

  private int readable() throws IOException {
    try (FileBehaviourStore store = openSmall(directory, A_MONTH, clock)) {
      return store.events().size();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 40})
  void keeps_the_latest_events_and_a_quarter_more_on_disk(int eventsMax) throws IOException {
    List<BehaviourEvent> all = new ArrayList<>();
    try (FileBehaviourStore store = openSmall(directory, Retention.latest(eventsMax), AT_NOON)) {
      for (BehaviourEvent event : clicks(200)) {
        all.add(event);
        store.record(event);
        List<BehaviourEvent> latest = all.subList(Math.max(0, all.size() - eventsMax), all.size());
        assertThat(store.events()).isEqualTo(latest);
        assertThat(store.count()).isEqualTo(latest.size());
        assertThat(eventsOnDisk()).isLessThanOrEqualTo(Math.max(eventsMax + 1, eventsMax * 5 / 4));
      }
    }
  }

  @Test
  void a_smaller_count_takes_effect_when_the_store_is_opened() throws IOException {
    try (FileBehaviourStore store = openSmall(directory)) {
      store.record(clicks(100));
    }
    try (FileBehaviourStore store = openSmall(directory, Retention.latest(10), AT_NOON)) {
      assertThat(store.events()).isEqualTo(clicks(100).subList(90, 100));
      assertThat(eventsOnDisk()).isLessThan(15);
    }
  }

  @Test
  void keeps_within_its_disk() throws IOException {
    Retention retention = Retention.latest(1_000_000).withBytesMax(Retention.BYTES_LEAST);
    BehaviourEvent large = BehaviourEvent.click("x", NOON).with("text", "t".repeat(1_000));
    try (FileBehaviourStore store = Stores.open(directory, retention, AT_NOON)) {
      for (int i = 0; i < 3_000; i++) {
        store.record(large);
        assertThat(store.bytes()).isLessThanOrEqualTo(Retention.BYTES_LEAST);
      }
      assertThat(store.count()).isBetween(700, 1_000);
      assertThat(store.events()).hasSize(store.count());
    }
  }

  @Test
  void events_that_are_too_old_are_not_read_and_then_leave_the_disk_segment_by_segment()
      throws IOException {
    try (FileBehaviourStore store = openSmall(directory, A_MONTH, clock)) {
      store.record(clicks(10, NOON));
      store.record(clicks(10, NOON.plus(Duration.ofDays(20))));
      clock.advance(MONTH.plusSeconds(5));
      assertThat(store.events()).hasSize(15);
      assertThat(store.verify().eventsIntact()).isEqualTo(20);

      clock.advance(Duration.ofDays(4));
      store.record(clicks(1, clock.instant()));
      assertThat(store.events()).hasSize(11);
      assertThat(eventsOnDisk()).isEqualTo(21);

      clock.advance(Duration.ofDays(1));
      store.record(clicks(1, clock.instant()));
      assertThat(store.events()).hasSize(12);
      assertThat(eventsOnDisk()).isEqualTo(12);
      assertThat(store.verify().isIntact()).isTrue();
      assertThat(store.count()).isEqualTo(12);
    }
    assertThat(readable()).isEqualTo(12);
  }

  @Test
  void a_store_that_is_opened_now_and_then_only_gets_rid_of_old_events_too() throws IOException {
    try (FileBehaviourStore store = openSmall(directory, A_MONTH, clock)) {
      store.record(clicks(10, NOON));
    }
    clock.advance(MONTH.multipliedBy(2));
    assertThat(readable()).isZero();
    assertThat(eventsOnDisk()).isEqualTo(10);
    clock.advance(Duration.ofDays(1));
    assertThat(readable()).isZero();
    assertThat(eventsOnDisk()).isZero();
    assertThat(readable()).isZero();
    assertThat(Stores.files(directory)).isEmpty();
  }

  @Test
  void a_segment_of_old_and_new_events_is_written_anew_without_the_old_ones() throws IOException {
    try (FileBehaviourStore store = openSmall(directory, A_MONTH, clock)) {
      for (int i = 0; i < 10; i++) {
        store.record(clicks(1, NOON));
        store.record(clicks(1, NOON.plus(MONTH)));
      }
    }
    clock.advance(MONTH.plus(Duration.ofDays(4)));
    assertThat(readable()).isEqualTo(10);
    clock.advance(Duration.ofDays(1));
    assertThat(readable()).isEqualTo(10);
    assertThat(eventsOnDisk()).isEqualTo(10);
    try (FileBehaviourStore store = openSmall(directory, A_MONTH, clock)) {
      assertThat(store.verify().isIntact()).isTrue();
      assertThat(store.verify().eventsIntact()).isEqualTo(10);
    }
  }

  @Test
  void a_clock_that_jumps_ahead_for_a_moment_deletes_nothing() throws IOException {
    try (FileBehaviourStore store = openSmall(directory, A_MONTH, clock)) {
      store.record(clicks(10, NOON));
      clock.advance(Duration.ofDays(5_000));
      store.record(clicks(10, clock.instant()));
    }
    clock.advance(Duration.ofMinutes(1));
    assertThat(readable()).isEqualTo(10);
    clock.set(NOON.plus(Duration.ofDays(3)));
    assertThat(readable()).isEqualTo(20);
    assertThat(eventsOnDisk()).isEqualTo(20);

    // A second jump finds no trace of the first.
    clock.advance(Duration.ofDays(6_000));
    readable();
    clock.set(NOON.plus(Duration.ofDays(4)));
    assertThat(readable()).isEqualTo(20);
    assertThat(eventsOnDisk()).isEqualTo(20);
  }

  @Test
  void a_jump_confirms_no_more_than_what_was_shown_before_it() throws IOException {
    try (FileBehaviourStore store = openSmall(directory, A_MONTH, clock)) {
      store.record(clicks(10, NOON));
      store.record(clicks(10, NOON.plus(Duration.ofDays(20))));
    }
    clock.advance(MONTH.plus(Duration.ofDays(4)));
    readable();
    clock.advance(Duration.ofDays(5_000));
    readable();
    clock.set(NOON.plus(MONTH).plus(Duration.ofDays(4)));
    assertThat(readable()).isEqualTo(10);
    assertThat(eventsOnDisk()).isEqualTo(10);
  }

  @Test
  void a_clock_that_goes_back_deletes_nothing() throws IOException {
    try (FileBehaviourStore store = openSmall(directory, A_MONTH, clock)) {
      store.record(clicks(10, NOON));
      clock.set(Instant.EPOCH);
      store.record(clicks(10, Instant.EPOCH));
      assertThat(store.events()).hasSize(20);
    }
    assertThat(readable()).isEqualTo(20);
  }

  @Test
  void a_reading_of_the_clock_that_was_damaged_counts_as_none() throws IOException {
    try (FileBehaviourStore store = openSmall(directory, A_MONTH, clock)) {
      store.record(clicks(10, NOON));
    }
    clock.advance(MONTH.multipliedBy(2));
    readable();
    Map<String, byte[]> files = Stores.files(directory);
    Objects.requireNonNull(files.get("clock-reading"))[10] ^= 1;
    Stores.restore(directory, files);
    clock.advance(Duration.ofDays(1));
    readable();
    assertThat(eventsOnDisk()).isEqualTo(10);
    clock.advance(Duration.ofDays(1));
    readable();
    assertThat(eventsOnDisk()).isZero();
  }

  @Test
  void says_what_is_out_of_range() {
    assertThatThrownBy(() -> Retention.latest(0))
        .hasMessage("eventsMax is 0, must be 1 to 1000000; 10000 is usual");
    assertThatThrownBy(() -> A_MONTH.withAgeMax(Duration.ofHours(23)))
        .hasMessage("ageMax is PT23H, must be 1 to 36500 days; 90 days are usual");
    assertThatThrownBy(() -> A_MONTH.withBytesMax(1))
        .hasMessage(
            "bytesMax is 1, must be 1048576 to 17179869184; 10000 events take about a megabyte");
    assertThat(A_MONTH)
        .hasToString("Retention[eventsMax=1000, ageMax=Optional[PT720H], bytesMax=268435456]");
  }
}
