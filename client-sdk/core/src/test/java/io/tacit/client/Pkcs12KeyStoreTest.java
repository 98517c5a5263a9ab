package io.tacit.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Pkcs12KeyStoreTest {

  private static final char[] PASSWORD = "correct horse".toCharArray();

  private static final byte[] SECRET = new byte[32];
  private static final char[] HEXADECIMAL =
      "f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f".toCharArray();

  static {
    for (int i = 0; i < 32; i++) {
      SECRET[i] = (byte) Integer.parseInt(new String(HEXADECIMAL, 2 * i, 2), 16);
    }
  }

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("private/keys.p12");
  }

  private Pkcs12KeyStore underSecret(byte[] secret) {
    return Pkcs12KeyStore.underSecret(file(), secret);
  }

  private static String inLatin1(Path file) throws IOException {
    return new String(Files.readAllBytes(file), ISO_8859_1);
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
  void under_a_secret_it_is_such_a_file_too_with_the_secret_in_hexadecimal() throws Exception {
    SecretKey key = underSecret(SECRET).create("client-1");

    assertThat(underSecret(SECRET).find("client-1")).hasValue(key);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file())) {
      store.load(in, HEXADECIMAL);
    }
    assertThat(store.getKey("client-1", HEXADECIMAL)).isEqualTo(key);
    byte[] other = SECRET.clone();
    other[31] ^= 1;
    assertThatThrownBy(() -> underSecret(other).find("client-1"))
        .isInstanceOf(IOException.class)
        .hasMessage("the key store " + file() + " gives no key with this password, or is damaged");
  }

  /** Salt of 20 bytes, then the number of iterations, in DER. */
  @Test
  void guesses_at_a_password_are_slow_and_a_secret_is_not_waited_for() throws IOException {
    store().create("client-1");
    assertThat(inLatin1(file())).containsPattern("(?s)\\x04\\x14.{20}\\x02\\x02\\x27\\x10");

    Files.delete(file());
    underSecret(SECRET).create("client-1");
    assertThat(inLatin1(file())).containsPattern("(?s)\\x04\\x14.{20}\\x02\\x01\\x01");
  }

  @Test
  void refuses_a_secret_that_is_short_or_that_a_person_may_have_chosen() {
    assertThatThrownBy(() -> underSecret(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "secret has 31 bytes, must have 32 to 1024, all random; give what a person chose as a"
                + " password");
    assertThatThrownBy(() -> underSecret(new byte[1025]))
        .hasMessageStartingWith("secret has 1025 bytes, must have 32 to 1024");
    for (String text :
        List.of(
            "correct horse battery staple, twice",
            new String(HEXADECIMAL) + new String(HEXADECIMAL))) {
      assertThatThrownBy(() -> Storage.encryptedUnderSecret(text.getBytes(UTF_8)))
          .hasMessage(
              "secret is text, must be random bytes; decode it if it is hexadecimal or Base64, else"
                  + " give it as a password");
    }
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
