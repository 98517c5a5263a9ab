package io.tacit.client.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

  private static final byte[] KEY = new byte[32];

  static {
    Arrays.fill(KEY, (byte) 0x91);
  }

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("private/client.keys");
  }

  private KeyFile store() {
    return KeyFile.of(file(), KEY);
  }

  @Test
  void another_process_finds_the_keys_that_were_made_and_not_those_that_were_destroyed()
      throws IOException {
    assertThat(store().names()).isEmpty();
    SecretKey one = store().create("client-1");
    SecretKey two = store().create("client-2");

    assertThat(one.getEncoded()).hasSize(32).isNotEqualTo(two.getEncoded());
    assertThat(store().names()).containsExactlyInAnyOrder("client-1", "client-2");
    assertThat(store().find("client-1")).hasValue(one);
    store().destroy("client-1");
    store().destroy("client-1");
    assertThat(store().names()).containsExactly("client-2");
    assertThat(store().find("client-1")).isEmpty();
    assertThat(store().find("client-2")).hasValue(two);
    assertThat(store().create("client-2")).isNotEqualTo(two);
  }

  @Test
  void is_for_its_owner_only_and_shows_no_key() throws IOException {
    SecretKey key = store().create("client-1");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
        .isEqualTo("rwx------");
    assertThat(new String(Files.readAllBytes(file()), ISO_8859_1))
        .doesNotContain(new String(key.getEncoded(), ISO_8859_1));
    assertThat(store()).hasToString("KeyFile[" + file() + "]");
  }

  @Test
  void another_key_opens_nothing() throws IOException {
    store().create("client-1");
    byte[] other = KEY.clone();
    other[31] ^= 1;

    assertThatThrownBy(() -> KeyFile.of(file(), other).find("client-1"))
        .isInstanceOf(IOException.class)
        .hasMessage("the key store " + file() + " does not open under this key, or is damaged");
    assertThatThrownBy(() -> KeyFile.of(file(), other).create("client-2"))
        .isInstanceOf(IOException.class);
    assertThat(store().names()).containsExactly("client-1");
  }

  @Test
  void a_file_that_is_cut_or_changed_anywhere_gives_no_key() throws IOException {
    store().create("client-1");
    byte[] whole = Files.readAllBytes(file());
    for (int at = 0; at < whole.length; at++) {
      Files.write(file(), Arrays.copyOf(whole, at));
      assertThatThrownBy(() -> store().find("client-1"))
          .as("cut at %d", at)
          .isInstanceOf(IOException.class);
      byte[] changed = whole.clone();
      changed[at] ^= 0x21;
      Files.write(file(), changed);
      assertThatThrownBy(() -> store().names())
          .as("changed at %d", at)
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 31, 33, 64})
  void refuses_a_key_of_another_length(int bytes) {
    assertThatThrownBy(() -> KeyFile.of(file(), new byte[bytes]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "key has "
                + bytes
                + " bytes, must have 32 of a secure random generator; give what a person chose as a"
                + " password");
  }

  @Test
  void refuses_text_which_a_person_may_have_chosen() {
    assertThatThrownBy(() -> KeyFile.of(file(), "correct horse battery staple 123".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "key is text, must be 32 bytes of a secure random generator; decode it if it is"
                + " hexadecimal or Base64, give it as a password if a person chose it");
  }
}
