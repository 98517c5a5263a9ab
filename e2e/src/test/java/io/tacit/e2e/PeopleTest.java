package io.tacit.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged coordinator, its printed admin token, and its audit log after a kill. */
class PeopleTest {

  private static final Pattern TOKEN = Pattern.compile("tacit-admin-[\\w-]{43}");

  @TempDir Path directory;
  private Path log;
  private CoordinatorSettings settings;

  @BeforeEach
  void prepare() {
    log = directory.resolve("coordinator.log");
    settings =
        CoordinatorSettings.of(RunningCoordinator.installation(), directory.resolve("data"))
            .withJavaOptions(RunningCoordinator.SHORT_LIVED);
  }

  private CoordinatorProcess start(CoordinatorSettings with) throws Exception {
    return CoordinatorProcess.start(with, log, RunningCoordinator.READY_WITHIN);
  }

  private List<String> printedTokens() throws Exception {
    return TOKEN.matcher(Files.readString(log)).results().map(MatchResult::group).toList();
  }

  @Test
  void prints_a_token_at_the_first_start_only_and_another_when_told_to() throws Exception {
    CoordinatorApi first;
    try (CoordinatorProcess coordinator = start(settings)) {
      assertThat(printedTokens()).hasSize(1);
      first = api(coordinator, printedTokens().get(0));
      assertThat(first.plans()).isEmpty();
      assertThatThrownBy(
              () -> new CoordinatorApi(coordinator.url(), coordinator.trust(), null).plans())
          .isInstanceOf(RefusedException.class)
          .hasMessageStartingWith("Refused: this needs a token and the request has none");
    }
    try (CoordinatorProcess coordinator = start(settings)) {
      assertThat(printedTokens()).as("printed by the second start").hasSize(1);
      assertThat(api(coordinator, printedTokens().get(0)).plans()).isEmpty();
    }
    CoordinatorSettings rotating = settings.withProperty("tacit.people.new-admin-token", "true");
    try (CoordinatorProcess coordinator = start(rotating)) {
      assertThat(printedTokens()).hasSize(2);
      assertThat(api(coordinator, printedTokens().get(1)).plans()).isEmpty();
      assertThatThrownBy(() -> api(coordinator, printedTokens().get(0)).plans())
          .isInstanceOf(RefusedException.class)
          .hasMessageStartingWith("Refused: the token is not accepted");
    }
  }

  private static CoordinatorApi api(CoordinatorProcess coordinator, String token)
      throws IOException {
    return coordinator.api(AccessToken.of(token, "the log"));
  }

  @Test
  void what_was_answered_for_is_in_the_audit_log_after_a_kill() throws Exception {
    Path catalogue = directory.resolve("catalogue.tsv");
    CoordinatorProcess killed = start(settings);
    CoordinatorApi api = api(killed, printedTokens().get(0));
    for (int i = 0; i < 5; i++) {
      Files.write(catalogue, ("#tacit-catalogue 1\ni" + i + "\tItem\n").getBytes(UTF_8));
      api.putCatalogue(catalogue);
    }
    String head = api.auditVerification(null).path("head").asText();
    killed.kill();

    try (CoordinatorProcess coordinator = start(settings)) {
      api = api(coordinator, printedTokens().get(0));
      JsonNode found = api.auditVerification(head);
      assertThat(found.path("intact").asBoolean()).as(found.toString()).isTrue();
      assertThat(api.audit(0, 100))
          .extracting(line -> line.path("action").asText())
          .startsWith("make a new admin token", "PUT /api/v1/catalogues")
          .hasSize(6);
    }
  }
}
