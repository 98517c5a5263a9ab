package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.service.LogLines;
import io.tacit.coordinator.service.rpc.GrpcServerSettings.Credentials;
import io.tacit.enrolment.ServerCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void takes_files_that_have_changed_and_says_nothing_of_those_that_have_not() throws Exception {
    Path inUse = made("in-use");
    Path next = made("next");
    ServerKeys keys =
        new ServerKeys(new Credentials(inUse.resolve("server.pem"), inUse.resolve("server.key")));
    try (LogLines log = LogLines.capture()) {
      keys.reload();
      keys.reload();
      assertThat(log.written()).isEmpty();

      copy(next, inUse, "server.pem");
      copy(next, inUse, "server.key");
      keys.reload();
      keys.reload();
      assertThat(log.written())
          .containsExactly("TLS of gRPC: new certificate from " + inUse.resolve("server.pem"));
    }
  }

  @Test
  void keeps_what_it_has_and_says_why_while_the_files_are_of_no_use() throws Exception {
    Path inUse = made("in-use");
    ServerKeys keys =
        new ServerKeys(new Credentials(inUse.resolve("server.pem"), inUse.resolve("server.key")));
    byte[] good = Files.readAllBytes(inUse.resolve("server.key"));
    try (LogLines log = LogLines.capture()) {
      Files.writeString(inUse.resolve("server.key"), "no key");
      keys.reload();
      assertThat(log.written())
          .singleElement()
          .asString()
          .startsWith("TLS of gRPC keeps its old certificate: ")
          .contains("both must be PEM, the key PKCS#8");

      Files.write(inUse.resolve("server.key"), good);
      keys.reload();
      assertThat(log.written()).as("it is what is in use").hasSize(1);
    }
  }
}
