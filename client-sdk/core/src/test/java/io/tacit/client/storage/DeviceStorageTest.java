package io.tacit.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceStorageTest {

  @TempDir Path directory;

  @Test
  void gives_back_what_was_written_last() throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory.resolve("new/device"));
    storage.write("note", new byte[] {1});
    storage.write("note", new byte[] {2, 3});

    assertThat(storage.read("note", 2)).hasValue(new byte[] {2, 3});
    assertThat(storage.read("other", 2)).isEmpty();
    assertThat(storage.names()).containsExactly("note");
  }

  @Test
  void leaves_the_old_content_when_a_write_was_cut_off() throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);
    storage.write("note", new byte[] {1});
    Files.write(directory.resolve(".note.tmp"), new byte[] {9, 9});

    assertThat(storage.read("note", 9)).hasValue(new byte[] {1});
    storage.write("note", new byte[] {2});
    assertThat(storage.read("note", 9)).hasValue(new byte[] {2});
  }

  @Test
  void notices_every_cut_and_every_flipped_bit() throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);
    storage.write("note", new byte[] {5, 6, 7, 8});
    Path file = storage.file("note");
    byte[] whole = Files.readAllBytes(file);
    for (int cut = 0; cut < whole.length; cut++) {
      Files.write(file, Arrays.copyOf(whole, cut));
      assertThatThrownBy(() -> storage.read("note", 100))
          .as("cut at %d", cut)
          .isInstanceOf(CorruptFileException.class)
          .hasMessageStartingWith(file + " ");
    }
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      assertThatThrownBy(() -> storage.read("note", 100))
          .as("bit %d", bit)
          .isInstanceOf(CorruptFileException.class);
    }
  }

  @Test
  void refuses_a_file_larger_than_the_reader_expects() throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);
    storage.write("note", new byte[100]);

    assertThatThrownBy(() -> storage.read("note", 99))
        .isInstanceOf(CorruptFileException.class)
        .hasMessage(
            storage.file("note")
                + " has 108 bytes, must have 8 to 107; restore it from a backup, or delete it to"
                + " start anew");
  }

  @Test
  void names_do_not_lead_out_of_the_directory() throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);

    assertThatThrownBy(() -> storage.write("../note", new byte[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("file name is \"../note\", must be 1 to 100 characters of a-z 0-9 - . _");
  }

  @Test
  void files_are_for_their_owner_only() throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory.resolve("private"));
    storage.write("note", new byte[1]);

    assertThat(permissions(directory.resolve("private"))).isEqualTo("rwx------");
    assertThat(permissions(storage.file("note"))).isEqualTo("rw-------");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void only_one_object_works_exclusively() throws IOException {
    DeviceStorage one = DeviceStorage.open(directory);
    DeviceStorage two = DeviceStorage.open(directory);

    one.exclusively(
        () -> {
          assertThatThrownBy(() -> two.exclusively(() -> "never"))
              .isInstanceOf(InUseException.class);
          return "done";
        });
    assertThat(two.exclusively(() -> "later")).isEqualTo("later");
  }

  @Test
  void deletes_and_does_not_mind_when_there_is_nothing() throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);
    storage.write("note", new byte[1]);
    storage.delete("note");
    storage.delete("note");

    assertThat(storage.contains("note")).isFalse();
  }
}
