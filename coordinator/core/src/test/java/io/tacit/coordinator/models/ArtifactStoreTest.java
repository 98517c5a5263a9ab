package io.tacit.coordinator.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ContentHash;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreTest {

  private static final byte[] HELLO = "hello".getBytes(UTF_8);

  @TempDir Path directory;

  @Test
  void gives_back_what_was_put_under_the_hash_of_its_bytes() {
    ArtifactStore store = new ArtifactStore(directory);

    ContentHash hash = store.put(HELLO);

    assertThat(hash).isEqualTo(ContentHash.of(HELLO));
    assertThat(store.read(hash)).hasValue(HELLO);
    assertThat(new ArtifactStore(directory).read(hash)).hasValue(HELLO);
  }

  @Test
  void has_no_artifact_that_was_never_put() {
    ArtifactStore store = new ArtifactStore(directory);
    ContentHash hash = ContentHash.of(HELLO);

    assertThat(store.contains(hash)).isFalse();
    assertThat(store.read(hash)).isEmpty();
    assertThat(store.open(hash)).isEmpty();
  }

  @Test
  void reads_any_part_of_an_artifact() {
    long seed = 7;
    byte[] content = new byte[200_000];
    new Random(seed).nextBytes(content);
    ArtifactStore store = new ArtifactStore(directory);
    ContentHash hash = store.put(new ByteArrayInputStream(content), content.length);

    try (StoredArtifact artifact = new ArtifactStore(directory).open(hash).orElseThrow()) {
      assertThat(artifact.length()).isEqualTo(content.length);
      ByteBuffer part = ByteBuffer.allocate(1000);
      assertThat(artifact.read(part, 123_456)).isEqualTo(1000);
      assertThat(part.array()).isEqualTo(Arrays.copyOfRange(content, 123_456, 124_456));
      assertThat(artifact.read(part.clear(), 199_990)).isEqualTo(10);
      assertThat(artifact.read(part.clear(), 200_000)).isZero();
    }
  }

  @Test
  void refuses_a_file_that_was_changed_and_says_which() throws IOException {
    ContentHash hash = new ArtifactStore(directory).put(HELLO);
    Path file = directory.resolve(hash.toHex());
    Files.write(file, "hellO".getBytes(UTF_8));
    ArtifactStore store = new ArtifactStore(directory);

    String message =
        "artifact file "
            + file
            + " is corrupt: the SHA-256 of its 5 bytes is "
            + ContentHash.of("hellO".getBytes(UTF_8)).toHex()
            + ", must be its name; check the disk, then restore the file from a backup or upload"
            + " the same content again";
    assertThatThrownBy(() -> store.read(hash))
        .isInstanceOf(CorruptArtifactException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> store.open(hash))
        .isInstanceOf(CorruptArtifactException.class)
        .hasMessage(message);
  }

  @Test
  void mends_a_corrupt_file_when_the_same_content_is_put_again() throws IOException {
    ContentHash hash = new ArtifactStore(directory).put(HELLO);
    Files.write(directory.resolve(hash.toHex()), new byte[3]);
    ArtifactStore store = new ArtifactStore(directory);

    store.put(HELLO);

    assertThat(store.read(hash)).hasValue(HELLO);
  }

  @Test
  void keeps_nothing_of_content_above_its_limit() throws IOException {
    ArtifactStore store = new ArtifactStore(directory);

    assertThatThrownBy(() -> store.put(new ByteArrayInputStream(HELLO), 4))
        .isInstanceOf(ArtifactTooLargeException.class)
        .hasMessage("content has more than 4 bytes, must be at most that; make it smaller");
    assertThat(files()).isZero();
  }

  @Test
  void keeps_nothing_of_a_stream_that_breaks_off() throws IOException {
    ArtifactStore store = new ArtifactStore(directory);
    InputStream breaksOff =
        new InputStream() {
          private int left = 3;

          @Override
          public int read() throws IOException {
            if (--left < 0) {
              throw new IOException("connection reset");
            }
            return 'x';
          }
        };

    assertThatThrownBy(() -> store.put(breaksOff, 100))
        .isInstanceOf(ArtifactStorageException.class)
        .hasMessageContaining("connection reset");
    assertThat(files()).isZero();
  }

  @Test
  void removes_what_a_crash_left_half_written_and_nothing_else() throws IOException {
    ContentHash hash = new ArtifactStore(directory).put(HELLO);
    Files.write(directory.resolve("left-over.part"), new byte[10]);

    ArtifactStore store = new ArtifactStore(directory);

    assertThat(files()).isEqualTo(1);
    assertThat(store.contains(hash)).isTrue();
  }

  @Test
  void says_that_its_directory_is_not_one() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> new ArtifactStore(file))
        .isInstanceOf(ArtifactStorageException.class)
        .hasMessageStartingWith("can not open " + file)
        .hasMessageEndingWith(
            "check the disk's free space and the permissions of the data directory");
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }
}
