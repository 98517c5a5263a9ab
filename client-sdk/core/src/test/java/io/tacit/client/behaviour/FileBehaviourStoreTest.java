package io.tacit.client.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.ExclusiveLock;
import io.tacit.client.storage.InUseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileBehaviourStoreTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir Path directory;

  private FileBehaviourStore open() throws IOException {
    return FileBehaviourStore.open(directory, FileBehaviourSettings.defaults());
  }

  private static List<BehaviourEvent> threeEvents() {
    return List.of(
        BehaviourEvent.click("a", NOON),
        BehaviourEvent.withoutItem("session-start", NOON).with("battery", 0.5),
        BehaviourEvent.purchase("ü-item", NOON.plusMillis(1))
            .with("price", 19.5)
            .with("note", "früh \u0000 \ud83d\ude00"));
  }

  @ParameterizedTest
  @EnumSource
  void gives_back_what_was_recorded_in_order_also_to_the_next_process(
      FileBehaviourSettings.Sync sync) throws IOException {
    FileBehaviourStore store =
        FileBehaviourStore.open(directory, new FileBehaviourSettings(100, sync));
    for (BehaviourEvent event : threeEvents()) {
      store.record(event);
    }

    assertThat(store.events()).isEqualTo(threeEvents());
    assertThat(open().events()).isEqualTo(threeEvents());
    assertThat(open().count()).isEqualTo(3);
  }

  @Test
  void an_unused_store_is_empty() throws IOException {
    assertThat(open().events()).isEmpty();
    assertThat(open().count()).isZero();
    open().record(List.of());
    assertThat(directory.resolve("behaviour")).doesNotExist();
  }

  @Test
  void cuts_a_torn_tail_at_every_byte_and_goes_on_from_there() throws IOException {
    Path file = directory.resolve("behaviour");
    List<Long> ends = new ArrayList<>();
    FileBehaviourStore writer = open();
    for (BehaviourEvent event : threeEvents()) {
      writer.record(event);
      ends.add(Files.size(file));
    }
    byte[] whole = Files.readAllBytes(file);
    BehaviourEvent next = BehaviourEvent.like("next", NOON);

    for (int cut = 0; cut <= whole.length; cut++) {
      int at = cut;
      Files.write(file, Arrays.copyOf(whole, cut));
      List<BehaviourEvent> expected =
          new ArrayList<>(
              threeEvents().subList(0, (int) ends.stream().filter(end -> end <= at).count()));

      assertThat(open().events()).as("cut at byte %d", cut).isEqualTo(expected);
      assertThat(open().count()).as("cut at byte %d", cut).isEqualTo(expected.size());

      open().record(next);
      expected.add(next);
      assertThat(open().events()).as("after cut at byte %d", cut).isEqualTo(expected);
    }
  }

  @Test
  void cuts_at_a_record_that_does_not_match_its_checksum() throws IOException {
    open().record(threeEvents());
    Path file = directory.resolve("behaviour");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);

    assertThat(open().events()).isEqualTo(threeEvents().subList(0, 2));
  }

  @Test
  void an_impossible_length_takes_no_memory() throws IOException {
    Path file = directory.resolve("behaviour");
    Files.write(
        file, new byte[] {'T', 'C', 'T', 'B', 0, 0, 0, 1, 127, -1, -1, -1, 0, 0, 0, 0, 1, 2, 3});

    assertThat(open().events()).isEmpty();
  }

  @Test
  void refuses_a_file_that_is_not_its_own_and_leaves_it_as_it_is() throws IOException {
    Path file = directory.resolve("behaviour");
    byte[] foreign = "something else".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Files.write(file, foreign);

    assertThatThrownBy(() -> open().record(threeEvents()))
        .isInstanceOf(CorruptFileException.class)
        .hasMessage(
            file
                + " does not begin with TCTB and format version 1; restore it from a backup, or"
                + " delete it to start anew");
    assertThat(file).hasBinaryContent(foreign);
  }

  @Test
  void keeps_the_latest_events_only_and_a_bounded_file() throws IOException {
    FileBehaviourStore store =
        FileBehaviourStore.open(
            directory, new FileBehaviourSettings(8, FileBehaviourSettings.Sync.SYSTEM));
    List<BehaviourEvent> all = new ArrayList<>();
    long largest = 0;
    for (int i = 0; i < 100; i++) {
      BehaviourEvent event = BehaviourEvent.click("item-" + (100 + i), NOON.plusSeconds(i));
      all.add(event);
      store.record(event);
      largest = Math.max(largest, Files.size(directory.resolve("behaviour")));

      assertThat(store.events()).isEqualTo(all.subList(Math.max(0, i + 1 - 8), i + 1));
      assertThat(store.count()).isEqualTo(Math.min(i + 1, 8));
    }
    long record = Files.size(directory.resolve("behaviour")) / 8;
    assertThat(largest).isLessThan(12 * record);
  }

  @Test
  void forgets_everything_for_good() throws IOException {
    open().record(threeEvents());
    FileBehaviourStore store = open();
    store.forget();

    assertThat(store.events()).isEmpty();
    assertThat(directory.resolve("behaviour")).doesNotExist();
    store.record(threeEvents().get(0));
    assertThat(store.events()).isEqualTo(threeEvents().subList(0, 1));
  }

  @Test
  void two_stores_on_one_directory_see_each_others_events() throws IOException {
    FileBehaviourStore one = open();
    FileBehaviourStore two = open();
    one.record(threeEvents().get(0));
    two.record(threeEvents().get(1));
    one.record(threeEvents().get(2));

    assertThat(two.events()).isEqualTo(threeEvents());
  }

  @Test
  void does_nothing_while_somebody_else_is_at_work_on_the_files() throws IOException {
    open().record(threeEvents());
    Path lock = directory.resolve(".behaviour.lock");
    try (ExclusiveLock held = ExclusiveLock.acquire(lock)) {
      assertThatThrownBy(() -> open().record(threeEvents()))
          .isInstanceOf(InUseException.class)
          .hasMessage(
              lock
                  + " is held by someone else; use one store per directory, and close the other"
                  + " process that has it open");
      assertThatThrownBy(() -> open().events()).isInstanceOf(InUseException.class);
      assertThatThrownBy(() -> open().forget()).isInstanceOf(InUseException.class);
    }
    assertThat(open().events()).isEqualTo(threeEvents());
  }

  @Test
  void thousands_of_stores_hold_no_files_open() throws IOException {
    List<FileBehaviourStore> stores = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      stores.add(
          FileBehaviourStore.open(
              directory.resolve(String.valueOf(i)), FileBehaviourSettings.defaults()));
      stores.get(i).record(threeEvents().get(0));
    }
    Path descriptors = Path.of("/proc/self/fd");
    if (Files.isDirectory(descriptors)) {
      try (var open = Files.list(descriptors)) {
        assertThat(open.filter(fd -> isBelow(fd, directory))).isEmpty();
      }
    }
    assertThat(stores.get(1_999).events()).hasSize(1);
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
    FileBehaviourStore store = open();
    store.record(threeEvents());

    assertThat(store).hasToString("FileBehaviourStore[" + directory.resolve("behaviour") + "]");
  }

  @Test
  void settings_say_what_is_out_of_range() {
    assertThatThrownBy(() -> new FileBehaviourSettings(0, FileBehaviourSettings.Sync.SYSTEM))
        .hasMessage("eventsMax is 0, must be 1 to 1000000; 10000 is usual");
  }
}
