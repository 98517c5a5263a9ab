package io.tacit.coordinator.service.people;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.coordinator.database.Database;
import io.tacit.protocol.ContentHash;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {

  private static final String SENTENCE =
      "Admin token, printed only now (tacit reads it from TACIT_TOKEN): ";

  @TempDir Path directory;

  private final Database database = Database.inMemory();
  private final AuditLog audit = new AuditLog(database, Clock.systemUTC());
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void the_first_start_makes_a_token_prints_it_once_and_keeps_its_hash_only() throws Exception {
    AdminToken first = start(Map.of());
    String token = printedToken();

    assertThat(token).matches("tacit-admin-[A-Za-z0-9_-]{43}");
    assertThat(first.matches(token)).isTrue();
    assertThat(first.matches(token + "A")).isFalse();
    assertThat(first.matches("")).isFalse();
    Path file = directory.resolve("admin-token.sha256");
    assertThat(file).content().isEqualTo(ContentHash.of(token.getBytes(UTF_8)).toHex() + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining("glob:**.new");

    AdminToken second = start(Map.of());
    assertThat(printed.toString(UTF_8)).isEmpty();
    assertThat(second.matches(token)).isTrue();
  }

  @Test
  void a_new_token_makes_the_old_one_void() {
    start(Map.of());
    String old = printedToken();

    AdminToken rotated = start(Map.of("tacit.people.new-admin-token", "true"));
    String next = printedToken();

    assertThat(next).isNotEqualTo(old);
    assertThat(rotated.matches(next)).isTrue();
    assertThat(rotated.matches(old)).isFalse();
    assertThat(start(Map.of()).matches(next)).isTrue();
  }

  @Test
  void making_a_token_is_recorded_without_the_token() {
    start(Map.of());
    String token = printedToken();

    assertThat(audit.list(0, 10))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.event().action()).isEqualTo("make a new admin token");
              assertThat(entry.toString()).doesNotContain(token, token.substring(12));
            });
  }

  @Test
  void takes_the_hash_of_a_token_that_somebody_brings() {
    String token = "tacit-admin-of-a-secret-store";
    String hash = ContentHash.of(token.getBytes(UTF_8)).toHex();

    assertThat(start(Map.of("tacit.people.admin-token-hash", hash)).matches(token)).isTrue();
    assertThat(directory).isEmptyDirectory();
    assertThat(printed.toString(UTF_8)).isEmpty();
    assertThatThrownBy(() -> start(Map.of("tacit.people.admin-token-hash", token)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "tacit.people.admin-token-hash has 29 characters, must be 64 hex digits: the SHA-256 of"
                + " the token, not the token");
  }

  @Test
  void there_is_none_beside_an_issuer() {
    AdminToken none =
        start(
            Map.of(
                "tacit.people.issuer", "https://id.example.com", "tacit.people.audience", "tacit"));

    assertThat(none.isInForce()).isFalse();
    assertThat(none.matches("tacit-admin-x")).isFalse();
    assertThat(directory).isEmptyDirectory();
    assertThat(printed.toString(UTF_8)).isEmpty();
  }

  @Test
  void says_what_to_do_about_a_damaged_file() throws Exception {
    Files.writeString(directory.resolve("admin-token.sha256"), "damaged");

    assertThatThrownBy(() -> start(Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            directory.resolve("admin-token.sha256")
                + " is damaged, must hold a hash of 64 hex digits; delete it and start again: a new"
                + " admin token is made and printed");
  }

  private AdminToken start(Map<String, String> settings) {
    printed.reset();
    return new AdminToken(
        people(settings),
        new AdminTokenFile(directory.resolve("admin-token.sha256")),
        audit,
        new SecureRandom(),
        new PrintStream(printed, true, UTF_8));
  }

  static PeopleConfiguration people(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withMapping(PeopleConfiguration.class)
        .withDefaultValues(settings)
        .build()
        .getConfigMapping(PeopleConfiguration.class);
  }

  private String printedToken() {
    String line = printed.toString(UTF_8).strip();
    assertThat(line).startsWith(SENTENCE).hasLineCount(1);
    return line.substring(SENTENCE.length());
  }
}
