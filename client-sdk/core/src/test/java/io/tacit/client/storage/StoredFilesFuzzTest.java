package io.tacit.client.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.keys.FileKeys;
import io.tacit.protocol.PlanId;
import io.tacit.testing.Fuzz;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a device as a dying disk or somebody else may leave them. */
@Tag(Fuzz.TAG)
class StoredFilesFuzzTest {

  /** For each input a file is written and a vault is opened. */
  private static final int INPUTS = Fuzz.inputs() / 50;

  private static final byte[] CONTENT = "what the person did".getBytes(US_ASCII);
  private static final PlanId PLAN = new PlanId("news");

  @TempDir Path scratch;

  private Path client() {
    return scratch.resolve("client");
  }

  private Vault open() throws IOException {
    return Vault.open(client(), new FileKeys(scratch.resolve("keys")), List.of("installed-"));
  }

  @Test
  void the_content_of_a_head_is_read_or_refused() throws IOException {
    Generations generations = new Generations();
    generations.note("state/round-news", generations.next(), 20);
    generations.note("state/identity", generations.next(), 32);
    Fuzz.of(generations.toBytes())
        .refusedWith(IOException.class, EOFException.class, UTFDataFormatException.class)
        .feed(Generations::fromBytes);
  }

  @Test
  void an_encrypted_file_is_what_was_written_or_corrupt() throws IOException {
    try (Vault vault = open()) {
      vault.storage("state").write("note", CONTENT);
    }
    feed(client().resolve("state/note"));
  }

  @Test
  void keys_and_head_open_what_was_written_or_are_corrupt() throws IOException {
    try (Vault vault = open()) {
      vault.storage("state").write("note", CONTENT);
    }
    feed(client().resolve("keys"));
    feed(client().resolve("head"));
  }

  private void feed(Path file) throws IOException {
    byte[] sound = Files.readAllBytes(file);
    Fuzz.of(sound)
        .refusedWith(CorruptFileException.class)
        .feed(
            INPUTS,
            input -> {
              Files.write(file, input);
              try (Vault vault = open()) {
                // INVARIANT: nothing false is ever read, whatever the bytes are.
                assertThat(vault.storage("state").read("note", 100).orElseThrow())
                    .isEqualTo(CONTENT);
              } finally {
                Files.write(file, sound);
              }
            });
  }

  @Test
  void a_file_without_encryption_is_what_was_written_or_corrupt() throws IOException {
    DeviceStorage storage = DeviceStorage.open(client());
    RoundLatch latch = new RoundLatch(storage);
    latch.see(PLAN, 3);
    Path file;
    try (var files = Files.list(client())) {
      file =
          files
              .filter(path -> path.getFileName().toString().contains("news"))
              .findFirst()
              .orElseThrow();
    }
    Fuzz.of(Files.readAllBytes(file))
        .refusedWith(CorruptFileException.class)
        .feed(
            INPUTS,
            input -> {
              Files.write(file, input);
              assertThat(latch.planVersionSeen(PLAN)).isEqualTo(3);
            });
  }
}
