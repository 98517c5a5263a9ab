package io.tacit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedbackCommandTest {

  private static final String[] SMALL = {
    "simulate", "--feedback", "--devices", "20", "--cohort", "10", "--rounds", "4", "--days", "4"
  };

  @TempDir Path directory;

  @Test
  void prints_each_day_and_writes_it_as_json_and_as_a_page_that_fetches_nothing() throws Exception {
    Path json = directory.resolve("feedback.json");
    Path html = directory.resolve("feedback.html");

    CommandRun run = run("--report", json.toString(), "--html", html.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("20 people, each with a device, are shown 5 of 300 items a day")
        .containsPattern(
            "DAY +ROUNDS +FEDERATED +POPULARITY +RANDOM +OMNISCIENT\n +1 +1 +0\\.\\d{4}")
        .containsPattern("\n +4 +4 +0\\.\\d{4} +0\\.\\d{4} +0\\.\\d{4} +0\\.\\d{4}\n")
        .containsPattern("last 1 day\\(s\\), over popularity: [+-]0\\.\\d{4} \\+- 0\\.\\d{4}");
    JsonNode document = new ObjectMapper().readTree(json.toFile());
    assertThat(document.get("command").asText()).startsWith("tacit simulate --feedback");
    assertThat(document.get("days")).hasSize(4);
    assertThat(document.get("days").get(3).get("omniscient").asDouble()).isBetween(0.2, 1.0);
    assertThat(document.get("preferencesExchanged").asBoolean()).isFalse();
    assertThat(Files.readString(html))
        .contains("<svg", "federated", "popularity", "To repeat it")
        .doesNotContain("<script", "http://", "https://", "src=", "href=");
  }

  @Test
  void options_that_do_not_fit_are_wrong_usage() {
    assertThat(run("--data", "msweb").err())
        .startsWith("--data does not go with --feedback, which makes its own people and items");
    assertThat(CommandRun.of("simulate", "--days", "3").err())
        .startsWith("--days goes with --feedback alone");
    assertThat(CommandRun.of("simulate", "--feedback", "--devices", "20").err())
        .startsWith("--cohort is 64, must be 1 to 20");
    assertThat(CommandRun.of("simulate", "--feedback", "--days", "21").exitCode()).isEqualTo(2);
  }

  private static CommandRun run(String... more) {
    String[] arguments = Arrays.copyOf(SMALL, SMALL.length + more.length);
    System.arraycopy(more, 0, arguments, SMALL.length, more.length);
    return CommandRun.of(arguments);
  }
}
