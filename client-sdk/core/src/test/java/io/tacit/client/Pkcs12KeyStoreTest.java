package io.tacit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Pkcs12KeyStoreTest {

  private static final char[] PASSWORD = "correct horse".toCharArray();

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("private/keys.p12");
  }

  private Pkcs12KeyStore store() {
    return Pkcs12KeyStore.of(file(), PASSWORD);
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
  void is_a_file_that_other_tools_open_with_the_password() throws Exception {
    SecretKey key = store().create("client-1");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file())) {
      store.load(in, PASSWORD);
    }
    assertThat(store.getKey("client-1", PASSWORD)).isEqualTo(key);
  }

  @Test
  void is_for_its_owner_only() throws IOException {
    store().create("client-1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void says_that_the_password_is_wrong() throws IOException {
    store().create("client-1");
    assertThatThrownBy(() -> Pkcs12KeyStore.of(file(), "battery".toCharArray()).find("client-1"))
        .isInstanceOf(IOException.class)
        .hasMessage("the key store " + file() + " gives no key with this password, or is damaged");
    assertThatThrownBy(() -> Pkcs12KeyStore.of(file(), new char[0]))
        .hasMessage("the password of " + file() + " is empty, must have at least 1 character");
    assertThat(store()).hasToString("Pkcs12KeyStore[" + file() + "]");
  }

  /** A changed byte may give another key, which then opens nothing; see the vault. */
  @Test
  void a_cut_or_changed_file_gives_a_key_or_a_reason_and_nothing_else() throws IOException {
    SecretKey key = store().create("client-1");
    byte[] whole = Files.readAllBytes(file());
    for (int at = 0; at < whole.length; at++) {
      Files.write(file(), Arrays.copyOf(whole, at));
      assertThat(faultOrNothing(key)).as("cut at %d", at).isNotEmpty();
      byte[] changed = whole.clone();
      changed[at] ^= 0x21;
      Files.write(file(), changed);
      faultOrNothing(key);
    }
  }

  private String faultOrNothing(SecretKey key) {
    try {
      Optional<SecretKey> found = store().find("client-1");
      return found.isPresent() && found.get().equals(key) ? "" : "no key";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
