package io.tacit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class TacitTest {

  private RestCoordinator coordinator;

  @BeforeEach
  void start() throws IOException {
    coordinator = new RestCoordinator();
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  static Stream<List<String>> commands() {
    return paths(List.of(), Tacit.commandLine());
  }

  private static Stream<List<String>> paths(List<String> path, CommandLine command) {
    Stream<List<String>> below =
        command.getSubcommands().entrySet().stream()
            .flatMap(
                entry ->
                    paths(
                        Stream.concat(path.stream(), Stream.of(entry.getKey())).toList(),
                        entry.getValue()));
    return Stream.concat(Stream.of(path), below);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void every_command_explains_itself_and_its_exit_codes(List<String> path) {
    CommandRun run =
        CommandRun.of(Stream.concat(path.stream(), Stream.of("--help")).toArray(String[]::new));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith(
            "Usage: " + String.join(" ", Stream.concat(Stream.of("tacit"), path.stream()).toList()))
        .contains("  3   refused by the coordinator", "  4   no coordinator answers")
        .contains("130   ended by Ctrl-C");
  }

  @Test
  void tells_its_version_and_protocol() {
    CommandRun run = CommandRun.of("--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).matches("tacit .*, wire protocol 1\n");
  }

  @Test
  void wrong_usage_exits_with_2_and_shows_the_usage() {
    assertThat(CommandRun.of().exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("plan").err())
        .startsWith("Missing required subcommand\nUsage: tacit plan");
    assertThat(CommandRun.of("plan", "frob").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of("model", "download", "p").err())
        .startsWith("Missing required option: '--output=FILE'");

    CommandRun noAddress = CommandRun.of("plan", "list", "--url", "localhost:8080");
    assertThat(noAddress.exitCode()).isEqualTo(2);
    assertThat(noAddress.err())
        .startsWith(
            "Invalid value for option '--url': 'localhost:8080' is no http address; write it like"
                + " https://localhost:8443\n");
  }

  @Test
  void numbers_and_files_that_can_not_work_are_refused_before_the_work(@TempDir Path directory) {
    assertThat(CommandRun.of("simulate", "--judge-every", "0"))
        .returns(2, CommandRun::exitCode)
        .satisfies(
            run -> assertThat(run.err()).startsWith("--judge-every is 0, must be 1 to 10000\n"));
    assertThat(CommandRun.of("simulate", "--tower", "8,0"))
        .returns(2, CommandRun::exitCode)
        .satisfies(run -> assertThat(run.err()).startsWith("--tower is 0, must be 1 to 512\n"));
    assertThat(CommandRun.of("round", "watch", "p", "--interval", "-1"))
        .returns(2, CommandRun::exitCode)
        .satisfies(
            run -> assertThat(run.err()).startsWith("--interval is -1, must be 1 to 3600000\n"));
    for (Path report : List.of(directory, directory.resolve("absent/report.json"))) {
      assertThat(CommandRun.of("demo", "--report", report.toString()))
          .returns(2, CommandRun::exitCode)
          .satisfies(
              run ->
                  assertThat(run.err())
                      .startsWith(
                          "--report is "
                              + report
                              + ", must be a file that can be written, in a directory that exists;"
                              + " make the directory or name another file\n"));
    }
  }

  @Test
  void an_absent_coordinator_exits_with_4_the_address_and_what_to_do() throws IOException {
    String url = "http://localhost:" + unusedPort();
    String message =
        "No coordinator answers at "
            + url
            + " (connection refused). Start one with \"tacit serve\", or name another address with"
            + " --url or TACIT_URL.";

    CommandRun run = CommandRun.of("plan", "list", "--url", url);
    assertThat(run).isEqualTo(new CommandRun(4, "", message + "\n"));

    CommandRun json = CommandRun.of("plan", "list", "--url", url, "--json");
    assertThat(json.exitCode()).isEqualTo(4);
    assertThat(json.json().path("title").asText()).isEqualTo("No coordinator answers");
    assertThat(json.json().path("detail").asText()).isEqualTo(message);
  }

  @Test
  void a_refusal_exits_with_3_and_says_what_value_allowed_and_remedy() throws IOException {
    String problem =
        """
        {"type": "about:blank", "title": "Invalid plan", "status": 422,
         "detail": "cohort.minimum is 200, must be 1 to 128; lower it",
         "field": "cohort.minimum", "value": "200", "allowed": "1 to 128", "remedy": "lower it"}
        """;
    coordinator.problem("GET /api/v1/plans", 422, problem);

    CommandRun run = CommandRun.of("plan", "list", "--url", coordinator.url().toString());
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                3,
                "",
                """
                Refused: cohort.minimum is 200, must be 1 to 128; lower it
                  field    cohort.minimum
                  value    200
                  allowed  1 to 128
                  remedy   lower it
                """));

    CommandRun json =
        CommandRun.of("plan", "list", "--json", "--url", coordinator.url().toString());
    assertThat(json.exitCode()).isEqualTo(3);
    assertThat(json.json().path("allowed").asText()).isEqualTo("1 to 128");
    assertThat(json.err()).isEmpty();
  }

  @Test
  void a_refusal_without_details_is_its_title() {
    coordinator.problem("GET /api/v1/plans/no", 404, "{\"title\": \"No such plan\"}");

    CommandRun run = CommandRun.of("plan", "show", "no", "--url", coordinator.url().toString());

    assertThat(run).isEqualTo(new CommandRun(3, "", "Refused: No such plan\n"));
  }

  @Test
  void a_server_that_is_no_coordinator_exits_with_1() {
    String url = coordinator.url().toString();
    coordinator.answer("GET /api/v1/plans", 200, "text/html", Map.of(), "<html>".getBytes(UTF_8));
    coordinator.problem("GET /api/v1/models?plan=p", 500, "{\"title\": \"Broken\"}");

    assertThat(CommandRun.of("plan", "list", "--url", url))
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "GET "
                    + url
                    + "/api/v1/plans answered with status 200 and nothing that a Tacit coordinator"
                    + " sends; check the address and the coordinator's log.\n"));
    assertThat(CommandRun.of("model", "list", "p", "--url", url).exitCode()).isEqualTo(1);
  }

  @Test
  void failures_are_json_too_where_json_was_asked_for() throws IOException {
    CommandRun run = CommandRun.of("plan", "apply", "absent.yaml", "--json");

    assertThat(run.exitCode()).isEqualTo(1);
    JsonNode problem = run.json();
    assertThat(problem.path("detail").asText())
        .isEqualTo("Plan file absent.yaml does not exist or is no file; check the path.");
  }

  @Test
  void a_file_to_trust_that_holds_no_certificate_or_is_not_there_is_named(@TempDir Path directory)
      throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    Path missing = directory.resolve("missing.pem");

    assertThat(CommandRun.of("plan", "list", "--trust", empty.toString()))
        .isEqualTo(
            new CommandRun(
                1,
                "",
                empty
                    + ": pinned trust has 0 certificates, must have 1 to 16; give the coordinator's"
                    + " or its authority's, such as tls/authority.pem of its data directory\n"));
    assertThat(CommandRun.of("plan", "list", "--trust", missing.toString()))
        .isEqualTo(
            new CommandRun(
                1, "", missing + ": NoSuchFileException; check the path and its permissions.\n"));
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
