package io.tacit.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.ContentHash;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServerCredentialsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final List<String> HOSTS = List.of("localhost", "127.0.0.1", "::1");

  @TempDir Path directory;

  private ServerCredentials prepare(Instant now, List<String> hosts) {
    return ServerCredentials.prepare(
        directory, hosts, new SecureRandom(), Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void the_platform_accepts_the_chain_by_the_authority_that_clients_pin() throws Exception {
    ServerCredentials credentials = prepare(NOW, HOSTS);

    List<X509Certificate> chain = certificates(credentials.chain());
    X509Certificate authority = certificates(credentials.authority()).get(0);
    assertThat(chain).hasSize(2).last().isEqualTo(authority);
    assertThat(ContentHash.of(authority.getEncoded())).isEqualTo(credentials.fingerprint());
    PKIXParameters trust = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
    trust.setRevocationEnabled(false);
    trust.setDate(Date.from(NOW));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(chain.subList(0, 1)), trust);
    assertThat(names(chain.get(0)))
        .containsExactlyInAnyOrder("127.0.0.1", "0:0:0:0:0:0:0:1", "localhost");
  }

  @Test
  @EnabledOnOs(
      value = {OS.LINUX, OS.MAC},
      disabledReason = "file permissions are POSIX's; run it on Linux or macOS")
  void keys_are_for_their_owner_and_a_key_that_others_can_read_is_refused() throws Exception {
    ServerCredentials credentials = prepare(NOW, HOSTS);
    for (String key : List.of("authority.key", "server.key")) {
      assertThat(PosixFilePermissions.toString(permissions(directory.resolve(key))))
          .isEqualTo("rw-------");
    }

    Files.setPosixFilePermissions(credentials.key(), PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> prepare(NOW, HOSTS))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("has permissions rw-r--r--, must have at most rw-------");
  }

  private static Set<java.nio.file.attribute.PosixFilePermission> permissions(Path file)
      throws Exception {
    return Files.getPosixFilePermissions(file);
  }

  @Test
  void the_next_start_finds_what_the_first_one_made() throws Exception {
    ServerCredentials first = prepare(NOW, HOSTS);
    byte[] chain = Files.readAllBytes(first.chain());

    ServerCredentials second = prepare(NOW.plus(Duration.ofDays(300)), HOSTS);

    assertThat(second.chain()).hasBinaryContent(chain);
    assertThat(second.fingerprint()).isEqualTo(first.fingerprint());
  }

  @Test
  void a_certificate_near_its_end_is_replaced_and_the_pin_holds() throws Exception {
    ServerCredentials first = prepare(NOW, HOSTS);
    X509Certificate old = certificates(first.chain()).get(0);

    ServerCredentials second = prepare(NOW.plus(Duration.ofDays(340)), HOSTS);

    assertThat(certificates(second.chain()).get(0)).isNotEqualTo(old);
    assertThat(certificates(second.chain()).get(0).getPublicKey()).isNotEqualTo(old.getPublicKey());
    assertThat(second.fingerprint()).isEqualTo(first.fingerprint());
  }

  @Test
  void a_new_name_gets_a_new_certificate_of_the_same_authority() throws Exception {
    ServerCredentials first = prepare(NOW, List.of("localhost"));

    ServerCredentials second = prepare(NOW, List.of("localhost", "tacit.example.org"));

    assertThat(names(certificates(second.chain()).get(0)))
        .containsExactly("localhost", "tacit.example.org");
    assertThat(second.fingerprint()).isEqualTo(first.fingerprint());
  }

  @Test
  void a_start_that_was_killed_at_any_file_is_made_good_by_the_next() throws Exception {
    prepare(NOW, HOSTS);
    // In the order in which they are made; of what is missing everything after it is missing too.
    List<String> made = List.of("authority.key", "authority.pem", "server.key", "server.pem");
    for (int cut = made.size() - 1; cut >= 0; cut--) {
      Files.deleteIfExists(directory.resolve(made.get(cut)));

      ServerCredentials credentials = prepare(NOW, HOSTS);

      assertThat(certificates(credentials.chain())).as("cut before %s", made.get(cut)).hasSize(2);
      for (String later : made.subList(cut, made.size())) {
        Files.delete(directory.resolve(later));
      }
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void a_damaged_authority_is_named_and_not_replaced() throws Exception {
    prepare(NOW, HOSTS);
    Files.writeString(directory.resolve("authority.pem"), "no certificate");

    assertThatThrownBy(() -> prepare(NOW, HOSTS))
        .hasMessageStartingWith("TLS files in " + directory + " are damaged (")
        .hasMessageEndingWith(
            "restore them, or remove the directory to make new ones, which clients must then pin");
    assertThat(directory.resolve("authority.pem")).hasContent("no certificate");
  }

  @Test
  void refuses_to_be_for_nobody() {
    assertThatThrownBy(() -> prepare(NOW, List.of()))
        .hasMessage("a server certificate is for 0 names, must be 1 to 32");
  }

  private static List<X509Certificate> certificates(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(X509Certificate.class::cast)
          .toList();
    }
  }

  private static List<String> names(X509Certificate certificate) throws Exception {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    Iterator<List<?>> all = names.iterator();
    return Stream.generate(all::next)
        .limit(names.size())
        .map(name -> (String) name.get(1))
        .toList();
  }
}
