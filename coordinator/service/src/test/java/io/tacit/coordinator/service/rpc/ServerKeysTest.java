package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.coordinator.service.LogLines;
import io.tacit.enrolment.ServerCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done, and said, when the files of the certificate are looked at again. */
class ServerKeysTest {

  @TempDir Path directory;

  private Path made(String name) {
    Path made = directory.resolve(name);
    ServerCredentials.prepare(made, List.of("localhost"), new SecureRandom(), Clock.systemUTC());
    return made;
  }

  private static void copy(Path from, Path to, String file) throws Exception {
    Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  private static ServerKeys keysIn(Path made) {
    return new ServerKeys(made.resolve("server.pem"), made.resolve("server.key"));
  }

  private static X509Certificate shown(ServerKeys keys) {
    return keys.manager()
        .getCertificateChain(keys.manager().chooseServerAlias("EC", null, null))[0];
  }

  @Test
  void takes_files_that_have_changed_and_says_nothing_of_those_that_have_not() throws Exception {
    Path inUse = made("in-use");
    Path next = made("next");
    ServerKeys keys = keysIn(inUse);
    try (LogLines log = LogLines.capture()) {
      keys.reload();
      keys.reload();
      assertThat(log.written()).isEmpty();

      copy(next, inUse, "server.pem");
      copy(next, inUse, "server.key");
      keys.reload();
      keys.reload();
      assertThat(log.written())
          .containsExactly("TLS: new certificate from " + inUse.resolve("server.pem"));
    }
  }

  @Test
  void keeps_what_it_has_and_says_why_while_the_files_are_of_no_use() throws Exception {
    Path inUse = made("in-use");
    ServerKeys keys = keysIn(inUse);
    byte[] good = Files.readAllBytes(inUse.resolve("server.key"));
    try (LogLines log = LogLines.capture()) {
      Files.writeString(inUse.resolve("server.key"), "no key");
      keys.reload();
      assertThat(log.written())
          .singleElement()
          .asString()
          .startsWith("TLS keeps its old certificate: ")
          .contains("both must be PEM, the key PKCS#8");

      Files.write(inUse.resolve("server.key"), good);
      keys.reload();
      assertThat(log.written()).as("it is what is in use").hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"server.key", "server.pem"})
  void is_not_harmed_by_a_file_that_is_being_written(String file) throws Exception {
    Path inUse = made("in-use");
    ServerKeys keys = keysIn(inUse);
    X509Certificate before = shown(keys);
    String whole = Files.readString(inUse.resolve(file));
    for (int written = 0; written < whole.length(); written += 19) {
      Files.writeString(inUse.resolve(file), whole.substring(0, written));
      keys.reload();

      assertThat(shown(keys)).as("after %d characters", written).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"server.key", "server.pem"})
  void takes_neither_file_before_the_other_fits_it(String writtenFirst) throws Exception {
    Path inUse = made("in-use");
    Path next = made("next");
    ServerKeys keys = keysIn(inUse);
    X509Certificate before = shown(keys);
    try (LogLines log = LogLines.capture()) {
      copy(next, inUse, writtenFirst);
      keys.reload();

      assertThat(shown(keys)).isEqualTo(before);
      assertThat(log.written())
          .singleElement()
          .asString()
          .startsWith("TLS keeps its old certificate: ")
          .contains("the key is not that of the certificate");

      copy(next, inUse, writtenFirst.equals("server.key") ? "server.pem" : "server.key");
      keys.reload();
      assertThat(shown(keys)).isEqualTo(shown(keysIn(next)));
    }
  }

  @Test
  void does_not_begin_with_a_key_of_another_kind_than_its_certificate() throws Exception {
    Path made = made("in-use");
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    byte[] key = rsa.generateKeyPair().getPrivate().getEncoded();
    Files.writeString(
        made.resolve("server.key"),
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(key)));

    assertThatThrownBy(() -> keysIn(made))
        .hasMessageContaining("the key is for RSA, its certificate for EC");
  }
}
