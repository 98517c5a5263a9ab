package io.tacit.client.behaviour;

import static io.tacit.client.behaviour.Stores.AT_NOON;
import static io.tacit.client.behaviour.Stores.NOON;
import static io.tacit.client.behaviour.Stores.clicks;
import static io.tacit.client.behaviour.Stores.openSmall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.FileFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an encrypted store shows, and what it tells apart. */
class EncryptedSegmentTest {

  private static final String FIRST = "events-000000000001";
  private static final String SECOND = "events-000000000002";
  private static final String LAST = "events-000000000003";

  @TempDir Path directory;

  @BeforeAll
  static void encrypt() {
    Stores.encrypted = true;
  }

  @AfterAll
  static void doNotEncrypt() {
    Stores.encrypted = false;
  }

  private void record(List<BehaviourEvent> events) throws IOException {
    try (FileBehaviourStore store = openSmall(directory)) {
      store.record(events);
    }
  }

  /** What opening says of damaged places. */
  private String places() throws IOException {
    try (FileBehaviourStore store = openSmall(directory)) {
      return store.foundAtOpening().places().toString();
    }
  }

  private void copy(String from, String to) throws IOException {
    Files.copy(directory.resolve(from), directory.resolve(to), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void no_byte_of_an_event_is_in_any_file() throws IOException {
    try (FileBehaviourStore store = openSmall(directory)) {
      for (int i = 0; i < 20; i++) {
        store.record(
            BehaviourEvent.of("kind-of-secret", "item-of-secret", NOON.plusSeconds(i))
                .with("name-of-secret", "text-of-secret")
                .with("number", 1234.5678));
      }
      for (Map.Entry<String, byte[]> file : Stores.files(directory).entrySet()) {
        String text = new String(file.getValue(), StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain("secret", "number");
        // Eight bytes of a time, and of a number.
        for (int i = 0; i < 20; i++) {
          assertThat(text).doesNotContain(bytes(NOON.plusSeconds(i).toEpochMilli()));
        }
        assertThat(text).doesNotContain(bytes(Double.doubleToLongBits(1234.5678)));
      }
      assertThat(store.events()).hasSize(20);
    }
  }

  private static String bytes(long value) {
    byte[] bytes = java.nio.ByteBuffer.allocate(8).putLong(value).array();
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void a_segment_under_the_number_of_another_is_told() throws IOException {
    record(clicks(11));
    long size = Files.size(directory.resolve(FIRST));
    copy(FIRST, SECOND);
    assertThat(places())
        .isEqualTo("[" + SECOND + ":0+" + size + " is another file of this client]");
    try (FileBehaviourStore store = openSmall(directory)) {
      List<BehaviourEvent> left = new ArrayList<>(clicks(11));
      left.subList(4, 8).clear();
      assertThat(store.events()).isEqualTo(left);
    }
  }

  @Test
  void a_segment_of_another_client_is_told() throws IOException {
    record(clicks(11));
    Path another = directory.resolve("another");
    try (FileBehaviourStore store = openSmall(another)) {
      store.record(clicks(11));
    }
    Files.copy(
        another.resolve(SECOND), directory.resolve(SECOND), StandardCopyOption.REPLACE_EXISTING);
    assertThat(places())
        .startsWith("[" + SECOND + ":0+")
        .endsWith(" " + FileFault.WRONG_KEY.clause() + "]");
  }

  @Test
  void a_segment_that_is_gone_is_told() throws IOException {
    record(clicks(11));
    Files.delete(directory.resolve(FIRST));
    assertThat(places()).isEqualTo("[" + FIRST + ":0+0 is missing]");
    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.foundAtOpening().eventsDamaged()).isEqualTo(4);
      assertThat(store.events()).isEqualTo(clicks(11).subList(4, 11));
    }
  }

  @Test
  void an_earlier_state_of_the_last_segment_is_told_once_and_its_events_are_used()
      throws IOException {
    record(clicks(9));
    byte[] before = Files.readAllBytes(directory.resolve(LAST));
    try (FileBehaviourStore store = openSmall(directory)) {
      store.record(clicks(2));
    }
    Files.write(directory.resolve(LAST), before);
    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.foundAtOpening())
          .hasToString(
              "1 events intact, 2 damaged (0 bytes), 0 bytes torn, at ["
                  + LAST
                  + ":0+0 is older than what was written last]");
      assertThat(store.events()).isEqualTo(clicks(9));
      store.record(clicks(3));
    }
    assertThat(places()).isEqualTo("[]");
  }

  @Test
  void a_segment_that_was_dropped_does_not_come_back() throws IOException {
    record(clicks(4));
    record(clicks(1));
    byte[] dropped = Files.readAllBytes(directory.resolve(FIRST));
    try (FileBehaviourStore store = openSmall(directory)) {
      store.forget();
      store.record(clicks(1));
      Files.write(directory.resolve(FIRST), dropped);
    }
    assertThat(places())
        .startsWith("[" + FIRST + ":0+")
        .endsWith(" is older than what was written last]");
    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.events()).isEqualTo(clicks(1));
    }
  }

  @Test
  void a_vault_that_was_set_back_is_refused() throws IOException {
    record(clicks(1));
    byte[] before = Files.readAllBytes(directory.resolve("head"));
    record(clicks(40));
    Files.write(directory.resolve("head"), before);
    assertThatThrownBy(this::places)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageStartingWith(
            directory.resolve("head") + " is older than what was written last;");
  }

  @Test
  void a_store_without_encryption_does_not_read_it_and_leaves_it_alone() throws IOException {
    record(clicks(3));
    byte[] segment = Files.readAllBytes(directory.resolve(FIRST));
    Path plain = Files.createDirectories(directory.resolve("plain"));
    Files.write(plain.resolve(FIRST), segment);
    try (FileBehaviourStore store = FileBehaviourStore.open(plain, Retention.defaults(), AT_NOON)) {
      assertThat(store.events()).isEmpty();
      assertThat(store.foundAtOpening().places())
          .hasToString(
              "[" + FIRST + ":0+" + segment.length + " " + FileFault.ENCRYPTED.clause() + "]");
    }
    assertThat(plain.resolve(FIRST)).hasBinaryContent(segment);
  }

  @Test
  void a_record_that_was_moved_within_its_segment_is_not_taken() throws IOException {
    record(clicks(3));
    byte[] file = Files.readAllBytes(directory.resolve(FIRST));
    List<int[]> records = Stores.records(file);
    byte[] moved = file.clone();
    // The second record in the place of the first, with its frame set right.
    int[] first = records.get(0);
    int[] second = records.get(1);
    System.arraycopy(file, second[0], moved, first[0], second[1] - second[0]);
    java.nio.ByteBuffer frame = java.nio.ByteBuffer.wrap(moved);
    frame.putInt(first[0], 0);
    int body = first[0] + SegmentFormat.FRAME_BYTES;
    frame.putInt(first[0] + 8, SegmentFormat.crc(1, 0, moved, body, first[1] - body));
    Files.write(directory.resolve(FIRST), moved);

    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.events()).isEqualTo(clicks(3).subList(1, 3));
      assertThat(store.verify().eventsDamaged()).isEqualTo(1);
    }
  }

  /**
   * Records under one key, with deaths of the process and cuts of the file at random places between
   * them, so that the same ordinals of the same segment are written again and again.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20261124})
  void no_nonce_comes_twice_over_crashes_and_cuts(long seed) throws IOException {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    // What somebody who copies the file after each step has seen: nonce to ciphertext.
    Set<String> nonces = new HashSet<>();
    Set<String> records = new HashSet<>();
    for (int life = 0; life < 40; life++) {
      try (FileBehaviourStore store = openSmall(directory)) {
        for (int i = random.nextInt(4); i >= 0; i--) {
          store.record(clicks(1 + random.nextInt(3)));
          see(nonces, records);
        }
      }
      see(nonces, records);
      Path last = directory.resolve(((java.util.TreeMap<String, byte[]>) segments()).lastKey());
      byte[] bytes = Files.readAllBytes(last);
      if (bytes.length > 0 && random.nextBoolean()) {
        Files.write(last, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      }
    }
    assertThat(records).hasSizeGreaterThan(80);
    assertThat(nonces).hasSameSizeAs(records);
  }

  private Map<String, byte[]> segments() throws IOException {
    Map<String, byte[]> segments = Stores.files(directory);
    segments.keySet().removeIf(name -> !name.startsWith("events-"));
    return segments;
  }

  /** Remembers every record and end mark that is in the files, by its bytes. */
  private void see(Set<String> nonces, Set<String> records) throws IOException {
    for (byte[] segment : segments().values()) {
      List<int[]> places = new ArrayList<>(Stores.records(segment));
      int end =
          places.isEmpty() ? SegmentFormat.SEALED_HEADER_BYTES : places.get(places.size() - 1)[1];
      if (end < segment.length) {
        places.add(new int[] {end, segment.length});
      }
      for (int[] place : places) {
        int body = place[0] + SegmentFormat.FRAME_BYTES;
        String text = new String(segment, body, place[1] - body, StandardCharsets.ISO_8859_1);
        if (records.add(text)) {
          nonces.add(text.substring(0, 12));
        }
      }
    }
  }
}
