package io.tacit.client.behaviour;

import static io.tacit.client.behaviour.Stores.NOON;
import static io.tacit.client.behaviour.Stores.clicks;
import static io.tacit.client.behaviour.Stores.openSmall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureTest {

  private static final String MARKER = "marker-of-a-secret";

  @TempDir Path directory;

  private void record(FileBehaviourStore store) throws IOException {
    store.record(clicks(20));
    store.record(BehaviourEvent.click(MARKER, NOON).with("text", MARKER));
    store.record(clicks(20));
  }

  private boolean isMarkerOnDisk() throws IOException {
    for (byte[] bytes : Stores.files(directory).values()) {
      if (new String(bytes, StandardCharsets.ISO_8859_1).contains(MARKER)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void removes_every_event_from_every_file_and_says_how_much_it_was() throws IOException {
    try (FileBehaviourStore store = openSmall(directory)) {
      record(store);
      // What a replacement that was cut short leaves beside the segments.
      Files.copy(
          directory.resolve("events-000000000006"), directory.resolve(".events-000000000006.tmp"));
      Map<String, byte[]> before = Stores.files(directory);
      assertThat(isMarkerOnDisk()).isEqualTo(!Stores.encrypted);

      Erasure erasure = store.forget();

      assertThat(isMarkerOnDisk()).isFalse();
      assertThat(Stores.files(directory)).isEmpty();
      long bytes = before.values().stream().mapToLong(file -> file.length).sum();
      assertThat(erasure)
          .hasToString("removed 41 events in " + before.size() + " files of " + bytes + " bytes");
      assertThat(store.events()).isEmpty();
      assertThat(store.count()).isZero();
      assertThat(store.forget()).hasToString("removed 0 events in 0 files of 0 bytes");

      store.record(clicks(1));
      assertThat(store.events()).isEqualTo(clicks(1));
    }
    assertThat(Stores.read(directory)).isEqualTo(clicks(1));
  }

  @Test
  void an_erasure_that_was_cut_short_is_completed_when_the_store_is_opened() throws IOException {
    try (FileBehaviourStore store = openSmall(directory)) {
      record(store);
    }
    Files.move(directory.resolve("events-000000000003"), directory.resolve("erasing"));

    try (FileBehaviourStore store = openSmall(directory)) {
      assertThat(store.events()).isEmpty();
      assertThat(Stores.files(directory)).isEmpty();
      store.record(clicks(2));
    }
    assertThat(Stores.read(directory)).isEqualTo(clicks(2));
  }

  @Test
  void an_erasure_that_failed_is_completed_before_anything_is_recorded() throws IOException {
    try (FileBehaviourStore store = openSmall(directory)) {
      record(store);
      Path inTheWay = Files.createDirectories(directory.resolve("events-000000000099/x"));
      assertThatThrownBy(store::forget).isInstanceOf(IOException.class);
      assertThat(store.events()).isEmpty();
      assertThatThrownBy(() -> store.record(clicks(1))).isInstanceOf(IOException.class);

      Files.delete(inTheWay);
      assertThat(store.forget().events()).isEqualTo(41);
      assertThat(isMarkerOnDisk()).isFalse();
      store.record(clicks(1));
      assertThat(store.events()).isEqualTo(clicks(1));
    }
  }

  @Test
  void leaves_files_of_others_alone() throws IOException {
    Path other = directory.resolve("photo");
    Files.write(other, new byte[] {1});
    try (FileBehaviourStore store = openSmall(directory)) {
      record(store);
      store.forget();
    }
    assertThat(other).hasBinaryContent(new byte[] {1});
  }
}
