package io.tacit.client.behaviour;

import static io.tacit.client.behaviour.Stores.NOON;
import static io.tacit.client.behaviour.Stores.clicks;
import static io.tacit.client.behaviour.Stores.openSmall;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a store of several segments when its bytes are cut or changed. */
class SegmentDamageTest {

  private static final int EVENTS = 11;
  private static final BehaviourEvent NEXT = BehaviourEvent.like("next", NOON);

  @TempDir Path directory;

  /** The whole store; the last segment is still growing. */
  private Map<String, byte[]> whole;

  private String last;

  @BeforeEach
  void record() throws IOException {
    try (FileBehaviourStore store = openSmall(directory)) {
      store.record(clicks(EVENTS));
    }
    whole = Stores.files(directory);
    last = ((TreeMap<String, byte[]>) whole).lastKey();
    assertThat(whole)
        .containsOnlyKeys("events-000000000001", "events-000000000002", "events-000000000003");
  }

  private record Place(String file, int from, int to, BehaviourEvent event) {}

  private static int headerBytes() {
    return Stores.encrypted ? SegmentFormat.SEALED_HEADER_BYTES : SegmentFormat.HEADER_BYTES;
  }

  /** Where each event is, frame after frame. */
  private List<Place> places() {
    List<Place> places = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : whole.entrySet()) {
      for (int[] record : Stores.records(file.getValue())) {
        BehaviourEvent event = clicks(EVENTS).get(places.size());
        places.add(new Place(file.getKey(), record[0], record[1], event));
      }
    }
    assertThat(places).hasSize(EVENTS);
    return places;
  }

  /**
   * Whether a store finds nothing wrong with its last segment. One that is encrypted knows how many
   * events it had when it was closed.
   */
  private static boolean findsNothing(List<BehaviourEvent> left) {
    return !Stores.encrypted || left.size() == EVENTS;
  }

  private static List<BehaviourEvent> events(List<Place> places) {
    return places.stream().map(Place::event).toList();
  }

  @Test
  void keeps_everything_before_a_cut_and_in_other_segments_at_every_position() throws IOException {
    List<Place> places = places();
    for (Map.Entry<String, byte[]> file : whole.entrySet()) {
      String name = file.getKey();
      for (int cut = 0; cut < file.getValue().length; cut++) {
        int at = cut;
        Stores.restore(directory, whole);
        Files.write(directory.resolve(name), Arrays.copyOf(file.getValue(), cut));
        List<BehaviourEvent> left =
            new ArrayList<>(
                events(
                    places.stream()
                        .filter(place -> !place.file.equals(name) || place.to <= at)
                        .toList()));
        String description = "cut " + name + " at " + cut;
        try (FileBehaviourStore store = openSmall(directory)) {
          assertThat(store.events()).as(description).isEqualTo(left);
          assertThat(store.foundAtOpening().isIntact())
              .as(description)
              .isEqualTo(name.equals(last) && findsNothing(left));
          assertThat(store.verify().isIntact()).as(description).isEqualTo(name.equals(last));
          assertThat(store.verify().eventsIntact()).as(description).isEqualTo(left.size());
          store.record(NEXT);
          left.add(NEXT);
          assertThat(store.events()).as(description).isEqualTo(left);
        }
        try (FileBehaviourStore store = openSmall(directory)) {
          assertThat(store.events()).as(description + ", next time").isEqualTo(left);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x01, 0x80, 0xff})
  void loses_only_the_event_whose_byte_was_changed_at_every_position(int change)
      throws IOException {
    List<Place> places = places();
    for (Map.Entry<String, byte[]> file : whole.entrySet()) {
      String name = file.getKey();
      // Encrypted ones sync to the disk: there, each byte is changed once, in one of three ways.
      int first = Stores.encrypted ? change % 3 : 0;
      int step = Stores.encrypted ? 3 : 1;
      for (int position = first; position < file.getValue().length; position += step) {
        int at = position;
        byte[] changed = file.getValue().clone();
        changed[at] ^= (byte) change;
        Stores.restore(directory, whole);
        Files.write(directory.resolve(name), changed);
        List<BehaviourEvent> left =
            new ArrayList<>(
                events(
                    places.stream()
                        .filter(
                            place -> !place.file.equals(name) || at < place.from || at >= place.to)
                        .toList()));
        String description = "changed " + name + " at " + at;
        try (FileBehaviourStore store = openSmall(directory)) {
          IntegrityReport found = name.equals(last) ? store.foundAtOpening() : store.verify();
          boolean isCutOff = Stores.encrypted && found.places().size() == 2;
          assertThat(store.events()).as(description).isEqualTo(left);
          assertThat(found.places()).as(description).hasSize(isCutOff ? 2 : 1);
          assertThat(found.places().get(0).file()).as(description).isEqualTo(name);
          assertThat(found.places().get(0).offset()).as(description).isLessThanOrEqualTo(at);
          assertThat(found.places().get(0).offset() + found.places().get(0).bytes())
              .as(description)
              .isGreaterThan(at);
          if (found.bytesTorn() == 0) {
            assertThat(found.eventsDamaged()).as(description).isEqualTo(EVENTS - left.size());
          }
          store.record(NEXT);
          left.add(NEXT);
          assertThat(store.events()).as(description).isEqualTo(left);
        }
        try (FileBehaviourStore store = openSmall(directory)) {
          assertThat(store.events()).as(description + ", next time").isEqualTo(left);
        }
      }
    }
  }

  @Test
  void counts_each_of_several_lost_events_and_says_where() throws IOException {
    String name = "events-000000000002";
    List<Place> places = places().stream().filter(place -> place.file.equals(name)).toList();
    byte[] changed = Objects.requireNonNull(whole.get(name)).clone();
    Arrays.fill(changed, places.get(0).from, places.get(1).to, (byte) 0x5a);
    Files.write(directory.resolve(name), changed);

    try (FileBehaviourStore store = openSmall(directory)) {
      int bytes = places.get(1).to - places.get(0).from;
      assertThat(store.foundAtOpening())
          .hasToString("3 events intact, 0 damaged (0 bytes), 0 bytes torn, at []");
      assertThat(store.verify())
          .hasToString(
              "9 events intact, 2 damaged ("
                  + bytes
                  + " bytes), 0 bytes torn, at ["
                  + name
                  + ":"
                  + headerBytes()
                  + "+"
                  + bytes
                  + "]");
      assertThat(store.count()).isEqualTo(EVENTS);
      IntegrityReport ofScan = store.scan(event -> {});
      assertThat(ofScan.damagedPlaces()).isEqualTo(1);
      assertThat(ofScan.eventsDamaged()).isEqualTo(2);
    }
  }

  @Test
  void a_tail_that_the_file_system_filled_with_zeros_is_cut_off() throws IOException {
    byte[] longer = Arrays.copyOf(whole.get(last), 5_000);
    Files.write(directory.resolve(last), longer);

    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.events()).isEqualTo(clicks(EVENTS));
      assertThat(store.foundAtOpening().isIntact()).isTrue();
      assertThat(store.foundAtOpening().bytesTorn())
          .isEqualTo(5_000 - Objects.requireNonNull(whole.get(last)).length);
    }
    assertThat(directory.resolve(last)).hasSize(whole.get(last).length);
  }

  @Test
  void an_impossible_length_takes_no_memory() throws IOException {
    byte[] changed = Objects.requireNonNull(whole.get(last)).clone();
    ByteBuffer.wrap(changed).putInt(headerBytes() + 4, Integer.MAX_VALUE);
    Files.write(directory.resolve(last), changed);

    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.events()).hasSize(EVENTS - 1).doesNotContain(clicks(EVENTS).get(8));
    }
  }

  @Test
  void a_segment_that_is_gone_is_reported_by_nobody_who_never_knew_it() throws IOException {
    Files.delete(directory.resolve("events-000000000002"));
    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.events()).hasSize(EVENTS - 4);
      assertThat(store.foundAtOpening().isIntact()).isEqualTo(!Stores.encrypted);
      assertThat(store.verify().isIntact()).isTrue();
    }
  }

  @Test
  void a_segment_under_another_number_is_not_believed() throws IOException {
    Files.copy(directory.resolve("events-000000000001"), directory.resolve("events-000000000009"));
    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.events()).isEqualTo(clicks(EVENTS));
      assertThat(store.foundAtOpening().isIntact()).isFalse();
    }
  }

  @Test
  void a_replacement_that_was_cut_short_is_removed() throws IOException {
    Path temporary = directory.resolve(".events-000000000001.tmp");
    Files.write(temporary, new byte[40]);
    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(temporary).doesNotExist();
      assertThat(store.events()).isEqualTo(clicks(EVENTS));
    }
  }
}
