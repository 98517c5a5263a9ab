package io.tacit.client.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.keys.FileKeys;
import io.tacit.client.keys.KeyStoreProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {

  private static final byte[] SECRET = "what nobody may read".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER = "what comes later....".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path scratch;

  private Path client() {
    return scratch.resolve("client");
  }

  private KeyStoreProvider keys() {
    return new FileKeys(scratch.resolve("keys"));
  }

  private Vault open() throws IOException {
    return open(client(), keys());
  }

  private static Vault open(Path directory, KeyStoreProvider keys) throws IOException {
    return Vault.open(directory, keys, List.of("installed-"));
  }

  /** Writes files in one opening of the vault. */
  private void write(byte[] content, String... names) throws IOException {
    try (Vault vault = open()) {
      for (String name : names) {
        vault.storage("state").write(name, content);
      }
    }
  }

  /** What another process would read. */
  private Optional<byte[]> read(String name) throws IOException {
    try (Vault vault = open()) {
      return vault.storage("state").read(name, 100);
    }
  }

  private FileFault fault(String name) {
    try {
      read(name);
      throw new AssertionError(name + " was read");
    } catch (CorruptFileException e) {
      assertThat(e.getMessage())
          .startsWith(scratch.toString())
          .endsWith(
              " "
                  + e.fault().clause()
                  + "; it is left as it is, delete the client's directory to start anew");
      return e.fault();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path file(String name) {
    return client().resolve("state").resolve(name);
  }

  /** All files of a directory, by their path in it. */
  private static Map<Path, byte[]> contents(Path directory) throws IOException {
    Map<Path, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(directory.relativize(file), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Map.Entry<Path, byte[]> file : contents(from).entrySet()) {
      Path target = to.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.write(target, file.getValue());
    }
  }

  // ---- what holds ----

  @Test
  void another_process_reads_what_was_written_last_and_the_files_do_not_show_it()
      throws IOException {
    write(OTHER, "note", "installed-x");
    write(SECRET, "note", "installed-x");

    assertThat(read("note")).hasValue(SECRET);
    assertThat(read("installed-x")).hasValue(SECRET);
    assertThat(read("none")).isEmpty();
    for (byte[] content : contents(client()).values()) {
      assertThat(new String(content, StandardCharsets.ISO_8859_1))
          .doesNotContain("nobody may read", "comes later");
    }
  }

  @Test
  void what_was_deleted_is_gone_also_if_its_file_comes_back() throws IOException {
    write(SECRET, "note");
    byte[] before = Files.readAllBytes(file("note"));
    try (Vault vault = open()) {
      vault.storage("state").delete("note");
      assertThat(vault.storage("state").contains("note")).isFalse();
    }
    Files.write(file("note"), before);

    assertThat(read("note")).isEmpty();
    try (Vault vault = open()) {
      assertThat(vault.storage("state").contains("note")).isFalse();
    }
    write(OTHER, "note");
    assertThat(read("note")).hasValue(OTHER);
  }

  @Test
  void the_same_content_never_looks_the_same() throws IOException {
    write(SECRET, "note");
    byte[] once = Files.readAllBytes(file("note"));
    write(SECRET, "note");
    assertThat(Files.readAllBytes(file("note"))).hasSameSizeAs(once).isNotEqualTo(once);
  }

  @Test
  void only_one_object_has_it_open() throws IOException {
    try (Vault vault = open()) {
      assertThatThrownBy(this::open).isInstanceOf(InUseException.class);
      assertThat(vault).hasToString("Vault[" + client() + "]");
    }
    open().close();
  }

  // ---- a crash ----

  /**
   * After a death of the process at any moment, each file holds what was written or what was
   * before, and nothing is said to be wrong. States of the disk are taken between the single
   * replacements, which a death can not divide.
   */
  @Test
  void a_death_between_any_two_steps_leaves_the_old_or_the_new_of_each_file() throws IOException {
    write(OTHER, "note", "gone");
    List<Path> states = new ArrayList<>();
    KeyStoreProvider keys = keys();
    try (Vault vault = open()) {
      DeviceStorage storage = vault.storage("state");
      Path before = scratch.resolve("before");
      copy(client(), before);
      storage.write("note", SECRET);
      storage.write("new", SECRET);
      storage.delete("gone");
      Path after = scratch.resolve("after");
      copy(client(), after);
      // Each file that changed, alone and together, new beside an old head: what a death between
      // the replacement of a file and of the head leaves.
      states.add(mixture("one", before, after, "state/note"));
      states.add(before);
      states.add(after);
    }
    for (Path state : states) {
      try (Vault vault = open(state, keys)) {
        DeviceStorage storage = vault.storage("state");
        assertThat(storage.read("note", 100)).as("%s", state).isPresent();
        storage.write("more", SECRET);
        storage.write("note", OTHER);
        assertThat(storage.read("note", 100)).hasValue(OTHER);
      }
      try (Vault vault = open(state, keys)) {
        assertThat(vault.storage("state").read("note", 100)).hasValue(OTHER);
        assertThat(vault.storage("state").read("more", 100)).hasValue(SECRET);
      }
    }
  }

  private Path mixture(String name, Path base, Path from, String file) throws IOException {
    Path mixture = scratch.resolve(name);
    copy(base, mixture);
    Files.copy(from.resolve(file), mixture.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    return mixture;
  }

  @Test
  void a_new_file_is_there_or_not_when_a_death_came_before_it_was_noted() throws IOException {
    try (Vault vault = open()) {
      // What is noted before a new file is written.
      vault.begin("state/new");
    }
    assertThat(read("new")).isEmpty();
    byte[] head = Files.readAllBytes(client().resolve("head"));
    write(SECRET, "new");
    Files.write(client().resolve("head"), head);

    assertThat(read("new")).hasValue(SECRET);
    write(OTHER, "more");
    assertThat(read("new")).hasValue(SECRET);
    write(OTHER, "new");
    assertThat(read("new")).hasValue(OTHER);
  }

  // ---- what is told apart ----

  @Test
  void every_cut_of_a_file_is_told() throws IOException {
    write(SECRET, "note");
    byte[] whole = Files.readAllBytes(file("note"));
    for (int cut = 0; cut < whole.length; cut++) {
      Files.write(file("note"), Arrays.copyOf(whole, cut));
      assertThat(fault("note")).as("cut at %d", cut).isEqualTo(FileFault.CUT_SHORT);
    }
    Files.write(file("note"), Arrays.copyOf(whole, whole.length + 1));
    assertThat(fault("note")).isEqualTo(FileFault.DAMAGED);
    Files.delete(file("note"));
    assertThat(fault("note")).isEqualTo(FileFault.MISSING);
  }

  @Test
  void every_changed_byte_of_a_file_is_told() throws IOException {
    write(SECRET, "note");
    byte[] whole = Files.readAllBytes(file("note"));
    for (int change : new int[] {0x01, 0x80, 0xff}) {
      for (int at = 0; at < whole.length; at++) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) change;
        Files.write(file("note"), changed);
        FileFault fault = fault("note");
        // A longer name or content than there are bytes looks like a cut.
        assertThat(fault).as("byte %d", at).isIn(FileFault.DAMAGED, FileFault.CUT_SHORT);
        if (at != 7) {
          assertThat(fault).as("byte %d", at).isEqualTo(FileFault.DAMAGED);
        }
      }
    }
  }

  @Test
  void a_file_under_the_name_of_another_is_told() throws IOException {
    write(SECRET, "note", "other");
    Files.copy(file("note"), file("other"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(fault("other")).isEqualTo(FileFault.SWAPPED);
    assertThat(read("note")).hasValue(SECRET);
  }

  @Test
  void an_earlier_state_of_a_file_is_told() throws IOException {
    write(SECRET, "note");
    byte[] before = Files.readAllBytes(file("note"));
    write(OTHER, "note");
    Files.write(file("note"), before);
    assertThat(fault("note")).isEqualTo(FileFault.ROLLED_BACK);
  }

  @Test
  void an_earlier_head_is_told_by_the_files_that_are_newer() throws IOException {
    write(SECRET, "note", "other");
    byte[] before = Files.readAllBytes(client().resolve("head"));
    write(OTHER, "note", "other");
    write(OTHER, "note", "other");
    Files.write(client().resolve("head"), before);
    assertThat(fault("other")).isEqualTo(FileFault.ROLLED_BACK);
  }

  @Test
  void a_file_of_another_client_is_told() throws IOException {
    write(SECRET, "note");
    Path another = scratch.resolve("another");
    try (Vault vault = open(another, keys())) {
      vault.storage("state").write("note", SECRET);
    }
    Files.copy(another.resolve("state/note"), file("note"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(fault("note")).isEqualTo(FileFault.WRONG_KEY);
  }

  @Test
  void every_cut_and_changed_byte_of_keys_and_head_is_refused() throws IOException {
    write(SECRET, "note");
    for (String name : List.of("keys", "head")) {
      Path file = client().resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int at = 0; at < whole.length; at++) {
        Files.write(file, Arrays.copyOf(whole, at));
        assertThat(fault("note")).as("%s cut at %d", name, at).isEqualTo(FileFault.CUT_SHORT);
        byte[] changed = whole.clone();
        changed[at] ^= 0x10;
        Files.write(file, changed);
        assertThat(fault("note"))
            .as("%s changed at %d", name, at)
            .isIn(FileFault.DAMAGED, FileFault.CUT_SHORT);
      }
      Files.delete(file);
      assertThat(fault("note")).isEqualTo(FileFault.MISSING);
      Files.write(file, whole);
    }
    assertThat(read("note")).hasValue(SECRET);
  }

  @Test
  void the_head_of_another_client_is_refused() throws IOException {
    write(SECRET, "note");
    Path another = scratch.resolve("another");
    open(another, keys()).close();
    Files.copy(
        another.resolve("head"), client().resolve("head"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(fault("note")).isEqualTo(FileFault.WRONG_KEY);
  }

  @Test
  void another_key_store_is_told() throws IOException {
    write(SECRET, "note");
    assertThatThrownBy(() -> open(client(), new FileKeys(scratch.resolve("new"))))
        .isInstanceOf(CorruptFileException.class)
        .hasMessage(
            client().resolve("keys")
                + " is encrypted with a key that this client does not have; it is left as it is,"
                + " delete the client's directory to start anew");
    assertThat(read("note")).hasValue(SECRET);
  }

  @Test
  void another_key_of_the_same_name_opens_nothing() throws IOException {
    write(SECRET, "note");
    KeyStoreProvider keys = keys();
    keys.create(keys.names().iterator().next());
    assertThat(fault("note")).isEqualTo(FileFault.DAMAGED);
  }

  @Test
  void files_with_and_without_encryption_are_not_mixed() throws IOException {
    DeviceStorage.open(client().resolve("state")).write("note", SECRET);
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageStartingWith(
            client().resolve("state") + " is not encrypted, and this client encrypts its files;");
    Files.delete(file("note"));
    write(SECRET, "note");

    assertThatThrownBy(() -> Vault.requireNone(client()))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageStartingWith(
            client() + " is encrypted, and this client was built without a key store;");
    assertThatThrownBy(() -> DeviceStorage.open(client().resolve("state")).read("note", 100))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageStartingWith(
            file("note") + " is encrypted, and this client was built without a key store;");
  }

  // ---- forgetting ----

  @Test
  void after_forgetting_a_copy_of_the_files_opens_nothing_with_the_new_key_store()
      throws IOException {
    write(SECRET, "note", "installed-x");
    Path copy = scratch.resolve("copy");
    copy(client(), copy);
    try (Vault vault = open()) {
      vault.forget();
      assertThat(vault.storage("state").read("note", 100)).isEmpty();
      assertThat(vault.storage("state").read("installed-x", 100)).hasValue(SECRET);
    }

    assertThatThrownBy(() -> open(copy, keys()))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageStartingWith(copy.resolve("keys") + " is older than what was written last;");
    // Nor does anything of it in the place of what is there now.
    Files.write(file("note"), Files.readAllBytes(copy.resolve("state/note")));
    assertThat(read("note")).isEmpty();
    assertThat(keys().names()).hasSize(1);
    write(OTHER, "note");
    assertThat(read("note")).hasValue(OTHER);
    assertThat(read("installed-x")).hasValue(SECRET);
  }

  @Test
  void forgetting_that_a_death_cut_short_is_finished_or_has_not_begun() throws IOException {
    write(SECRET, "note", "installed-x");
    byte[] head = Files.readAllBytes(client().resolve("head"));
    byte[] ring = Files.readAllBytes(client().resolve("keys"));
    KeyStoreProvider keys = keys();
    String name = keys.names().iterator().next();
    Path before = scratch.resolve("old-keys");
    copy(scratch.resolve("keys"), before);

    // The new key is in the store, and nothing else is done.
    String next = name.substring(0, name.length() - 1) + "2";
    keys.create(next);
    assertThat(read("note")).hasValue(SECRET);
    assertThat(keys.names()).containsExactly(name);

    try (Vault vault = open()) {
      vault.forget();
    }
    // The file of keys is new, the old key still in the store, and the head old.
    Files.copy(before.resolve(name), scratch.resolve("keys").resolve(name));
    Files.write(client().resolve("head"), head);
    assertThat(read("note")).isEmpty();
    assertThat(read("installed-x")).hasValue(SECRET);
    assertThat(keys.names()).containsExactly(next);

    // An old file of keys is what it is.
    Files.write(client().resolve("keys"), ring);
    assertThat(fault("note")).isEqualTo(FileFault.ROLLED_BACK);
  }

  @Test
  void several_clients_share_a_key_store() throws IOException {
    write(SECRET, "note");
    Path another = scratch.resolve("another");
    try (Vault vault = open(another, keys())) {
      vault.storage("state").write("note", OTHER);
      vault.forget();
    }
    assertThat(read("note")).hasValue(SECRET);
    assertThat(keys().names()).hasSize(2);
  }
}
