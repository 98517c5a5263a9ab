package io.tacit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminCommandsTest {

  private static final byte[] PLAN_FILE = {8, 8};
  private static final byte[] MODEL_FILE = {1, 2, 3};

  private static final String PLAN =
      """
      {"id": "shop", "version": 2, "hash": "ab", "population": "msweb", "modelKind": "two-tower",
       "parameters": 5168, "rounds": 60, "roundsDone": 12, "state": "ACTIVE"%s}\
      """;
  private static final String APPLIED =
      "{\"id\": \"shop\", \"version\": 2, \"hash\": \"abcd\", \"state\": \"ACTIVE\"}";
  private static final String COMPLETED =
      """
      {"plan": "shop", "round": 1, "state": "COMPLETED", "modelHash": "00", "newModelHash":
       "0123456789abcdef", "rosterSize": 128, "contributors": 120, "assigned": 166, "meanLoss":
       0.69314, "bytesUp": 2480640, "openedAt": "2026-11-24T10:00:00Z", "closedAt":
       "2026-11-24T10:00:02.500Z"}\
      """;
  private static final String ABANDONED =
      """
      {"plan": "shop", "round": 2, "state": "ABANDONED", "reason": "3 of 64 updates by the deadline",
       "modelHash": "00", "rosterSize": 70, "contributors": 3, "assigned": 90, "bytesUp": 812,
       "openedAt": "2026-11-24T10:00:03Z", "closedAt": "2026-11-24T10:01:03Z"}\
      """;
  private static final String COLLECTING =
      """
      {"plan": "shop", "round": 3, "state": "COLLECTING", "modelHash": "00", "rosterSize": 128,
       "contributors": 1, "assigned": 130, "bytesUp": 20672, "openedAt": "2026-11-24T10:02:00Z"}\
      """;

  @TempDir Path directory;
  private RestCoordinator coordinator;

  @BeforeEach
  void start() throws IOException {
    coordinator = new RestCoordinator();
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  private CommandRun run(String... arguments) {
    return CommandRun.of(
        Stream.concat(Stream.of(arguments), Stream.of("--url", coordinator.url().toString()))
            .toArray(String[]::new));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void applies_a_plan_as_it_is() throws IOException {
    coordinator.json("POST /api/v1/plans", 201, APPLIED);
    String text = "id: shop # with its comments\nfeatures: {catalogue: " + "ab".repeat(32) + "}\n";

    CommandRun run = run("plan", "apply", write("plan.yaml", text).toString());

    assertThat(run).isEqualTo(new CommandRun(0, "Plan shop version 2 is ACTIVE, hash abcd.\n", ""));
    assertThat(coordinator.requests())
        .containsExactly(
            new RestCoordinator.Request("POST", "/api/v1/plans", "application/yaml", text));
  }

  @Test
  void says_that_a_plan_was_there_already() throws IOException {
    coordinator.json("POST /api/v1/plans", 200, APPLIED);

    CommandRun run = run("plan", "apply", write("plan.json", "{\"id\": \"shop\"}").toString());

    assertThat(run.out())
        .isEqualTo("Plan shop version 2 is ACTIVE (it was there already), hash abcd.\n");
    assertThat(coordinator.requests().get(0).contentType()).isEqualTo("application/json");
  }

  @Test
  void prints_the_coordinators_answer_as_json() throws IOException {
    coordinator.json("POST /api/v1/plans", 201, APPLIED);

    CommandRun run = run("plan", "apply", write("plan.yaml", "id: shop").toString(), "--json");

    assertThat(run.json().path("hash").asText()).isEqualTo("abcd");
    assertThat(run.json()).hasSize(4);
  }

  @Test
  void uploads_the_catalogue_file_first_and_refers_to_it_by_hash() throws IOException {
    String catalogue = "#tacit-catalogue 1\n1\tKälte & Wärme\n";
    write("items.tsv", catalogue);
    String hash = ContentHash.of(catalogue.getBytes(UTF_8)).toString();
    coordinator
        .json("PUT /api/v1/catalogues", 201, "{\"hash\": \"" + hash + "\", \"items\": 1}")
        .json("POST /api/v1/plans", 201, APPLIED);
    // A character beyond the basic plane in front: the YAML parser counts it once, Java twice.
    String text = "# 😀 plan\nid: shop\nfeatures: {catalogue: %s, unknown-item-buckets: 4} # end\n";

    CommandRun run =
        run("plan", "apply", write("plan.yaml", text.formatted("{file: items.tsv}")).toString());

    assertThat(run.exitCode()).isZero();
    assertThat(coordinator.requests())
        .containsExactly(
            new RestCoordinator.Request("PUT", "/api/v1/catalogues", "text/plain", catalogue),
            new RestCoordinator.Request(
                "POST", "/api/v1/plans", "application/yaml", text.formatted('"' + hash + '"')));
  }

  @Test
  void finds_the_catalogue_file_in_quoted_block_and_json_plans() throws IOException {
    write("items.tsv", "#tacit-catalogue 1\n");
    coordinator
        .json("PUT /api/v1/catalogues", 200, "{\"hash\": \"77\", \"items\": 0}")
        .json("POST /api/v1/plans", 201, APPLIED);

    run(
        "plan",
        "apply",
        write("a.yaml", "features:\n  catalogue:\n    file: 'items.tsv'\nid: a").toString());
    run(
        "plan",
        "apply",
        write("b.json", "{\"features\": {\"catalogue\": {\"file\": \"items.tsv\"}}}").toString());
    run("plan", "apply", write("c.yaml", "other: {catalogue: {file: items.tsv}}").toString());

    assertThat(coordinator.requests())
        .filteredOn(request -> request.method().equals("POST"))
        .extracting(RestCoordinator.Request::body)
        .containsExactly(
            "features:\n  catalogue:\n    \"77\"\nid: a",
            "{\"features\": {\"catalogue\": \"77\"}}",
            "other: {catalogue: {file: items.tsv}}");
  }

  @Test
  void sends_nothing_when_the_catalogue_file_is_missing() throws IOException {
    Path plan = write("plan.yaml", "features: {catalogue: {file: absent.tsv}}");

    CommandRun run = run("plan", "apply", plan.toString());

    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "Catalogue file "
                    + directory.resolve("absent.tsv")
                    + " does not exist or is no file; check the path.\n"));
    assertThat(coordinator.requests()).isEmpty();
  }

  @Test
  void leaves_a_plan_that_can_not_be_parsed_to_the_coordinator() throws IOException {
    coordinator.problem(
        "POST /api/v1/plans",
        422,
        "{\"detail\": \"not YAML\", \"line\": 1, \"column\": 12, \"remedy\": \"close it\"}");

    CommandRun run = run("plan", "apply", write("plan.yaml", "features: {").toString());

    assertThat(run)
        .isEqualTo(
            new CommandRun(
                3,
                "",
                """
                Refused: not YAML
                  line     1
                  column   12
                  remedy   close it
                """));
  }

  @Test
  void lists_plans() throws IOException {
    coordinator.json("GET /api/v1/plans", 200, "[" + PLAN.formatted("") + "]");

    assertThat(run("plan", "list"))
        .isEqualTo(
            new CommandRun(
                0,
                """
                PLAN  VERSION  POPULATION  MODEL      PARAMETERS  ROUNDS    STATE
                shop        2  msweb       two-tower        5168  12 of 60  ACTIVE
                """,
                ""));
    assertThat(run("plan", "list", "--json").json().get(0).path("roundsDone").asInt())
        .isEqualTo(12);
  }

  @Test
  void shows_a_plan_in_the_plan_files_spelling() throws IOException {
    coordinator.json(
        "GET /api/v1/plans/shop",
        200,
        PLAN.formatted(", \"plan\": {\"id\": \"shop\", \"cohort\": {\"size\": 128}}"));

    assertThat(run("plan", "show", "shop").out())
        .isEqualTo(
            """
            PLAN  VERSION  POPULATION  MODEL      PARAMETERS  ROUNDS    STATE
            shop        2  msweb       two-tower        5168  12 of 60  ACTIVE

            id: shop
            cohort:
              size: 128
            """);
    assertThat(run("plan", "show", "shop", "--json").json().at("/plan/cohort/size").asInt())
        .isEqualTo(128);
  }

  @Test
  void lists_models() throws IOException {
    coordinator.json(
        "GET /api/v1/models?plan=shop",
        200,
        """
        [{"plan": "shop", "version": 1, "round": 0, "hash": "0123456789abcdef", "parameters": 5168,
          "bytes": 20690, "createdAt": "2026-11-24T10:00:00Z"},
         {"plan": "shop", "version": 2, "round": 1, "hash": "123456789abcdef0", "parameters": 5168,
          "bytes": 20690, "createdAt": "2026-11-24T11:00:00Z"},
         {"plan": "shop", "version": 3, "round": 2, "hash": "23456789abcdef01", "parameters": 5168,
          "bytes": 20690, "createdAt": "2026-11-24T12:00:00Z"}]
        """);
    coordinator.json(
        "GET /api/v1/releases?plan=shop&limit=1000",
        200,
        """
        [{"plan": "shop", "number": 3, "modelVersion": 2, "share": 0.1, "inForce": true},
         {"plan": "shop", "number": 2, "modelVersion": 1, "share": 1.0, "inForce": true},
         {"plan": "shop", "number": 1, "modelVersion": 3, "share": 1.0, "inForce": false}]
        """);

    assertThat(run("model", "list", "shop").out())
        .isEqualTo(
            """
            VERSION  ROUND  PARAMETERS     SIZE  CREATED               HASH          SHARE
                  1      0        5168  20.7 kB  2026-11-24T10:00:00Z  0123456789ab      1
                  2      1        5168  20.7 kB  2026-11-24T11:00:00Z  123456789abc    0.1
                  3      2        5168  20.7 kB  2026-11-24T12:00:00Z  23456789abcd      -
            """);
    assertThat(run("model", "list", "shop", "--json").json().get(0).path("hash").asText())
        .isEqualTo("0123456789abcdef");
  }

  @Test
  void downloads_a_model_and_checks_its_hash() throws IOException {
    byte[] model = {1, 2, 3};
    String hash = ContentHash.of(model).toString();
    coordinator.answer(
        "GET /api/v1/models/shop/latest/file",
        200,
        "application/octet-stream",
        Map.of("ETag", '"' + hash + '"'),
        model);
    Path file = write("model.bin", "an older one");

    CommandRun run = run("model", "download", "shop", "-o", file.toString());

    assertThat(run).isEqualTo(new CommandRun(0, file + ": 3 bytes, hash " + hash + "\n", ""));
    assertThat(file).hasBinaryContent(model);
    assertThat(directory).isDirectoryContaining(file::equals);
    assertThat(
            run("model", "download", "shop", "-o", file.toString(), "--json")
                .json()
                .path("bytes")
                .asInt())
        .isEqualTo(3);
  }

  @Test
  void bundles_a_model_with_its_plan_and_catalogue() {
    byte[] catalogue = {7};
    ContentHash catalogueHash = ContentHash.of(catalogue);
    offerToBundle("shop", "{\"catalogue\":\"" + catalogueHash.toHex() + "\"}");
    coordinator.answer(
        "GET /api/v1/catalogues/" + catalogueHash.toHex(), 200, "text/plain", Map.of(), catalogue);
    Path bundle = directory.resolve("bundle");

    CommandRun run = run("model", "bundle", "shop", "4", "-o", bundle.toString());

    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                bundle
                    + ": plan.bin, catalogue.txt and model.bin, whose hash is "
                    + ContentHash.of(MODEL_FILE)
                    + "\n",
                ""));
    assertThat(bundle.resolve("plan.bin")).hasBinaryContent(PLAN_FILE);
    assertThat(bundle.resolve("catalogue.txt")).hasBinaryContent(catalogue);
    assertThat(bundle.resolve("model.bin")).hasBinaryContent(MODEL_FILE);
  }

  @Test
  void bundles_a_model_over_attributes_without_a_catalogue() {
    offerToBundle("table", "{}");
    Path bundle = directory.resolve("bundle");

    CommandRun run = run("model", "bundle", "table", "4", "-o", bundle.toString());

    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                bundle
                    + ": plan.bin and model.bin, whose hash is "
                    + ContentHash.of(MODEL_FILE)
                    + "\n",
                ""));
    assertThat(bundle).isDirectoryNotContaining("glob:**catalogue.txt");
    assertThat(bundle.resolve("plan.bin")).hasBinaryContent(PLAN_FILE);
    assertThat(bundle.resolve("model.bin")).hasBinaryContent(MODEL_FILE);
  }

  private void offerToBundle(String plan, String features) {
    coordinator.json(
        "GET /api/v1/plans/" + plan, 200, "{\"plan\":{\"features\":" + features + "}}");
    offerFile("plans/" + plan, PLAN_FILE);
    offerFile("models/" + plan + "/4", MODEL_FILE);
  }

  private void offerFile(String of, byte[] file) {
    coordinator.answer(
        "GET /api/v1/" + of + "/file",
        200,
        "application/octet-stream",
        Map.of("ETag", '"' + ContentHash.of(file).toHex() + '"'),
        file);
  }

  @Test
  void keeps_the_old_file_when_a_download_has_another_hash() throws IOException {
    String announced = "00".repeat(32);
    coordinator.answer(
        "GET /api/v1/models/shop/7/file",
        200,
        "application/octet-stream",
        Map.of("ETag", '"' + announced + '"'),
        new byte[] {1});
    Path file = write("model.bin", "an older one");

    CommandRun run = run("model", "download", "shop", "7", "-o", file.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "The downloaded model has the hash "
                + ContentHash.of(new byte[] {1})
                + " but the coordinator announced \""
                + announced
                + "\"; download it again.\n");
    assertThat(file).hasContent("an older one");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void says_where_a_download_can_not_be_written() {
    Path file = directory.resolve("absent").resolve("model.bin");
    coordinator.answer(
        "GET /api/v1/models/shop/latest/file",
        200,
        "application/octet-stream",
        Map.of(),
        new byte[1]);

    CommandRun run = run("model", "download", "shop", "-o", file.toString());

    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1, "", "Directory " + file.getParent() + " does not exist; create it first.\n"));
    assertThat(run("model", "download", "shop", "-o", "/").err())
        .isEqualTo("/ is a directory; name a file.\n");
  }

  @Test
  void lists_rounds() throws IOException {
    coordinator.json(
        "GET /api/v1/rounds?plan=shop&after=0&limit=100",
        200,
        "[" + COMPLETED + "," + ABANDONED + "," + COLLECTING + "]");

    assertThat(run("round", "list", "shop").out())
        .isEqualTo(
            """
            ROUND  STATE       ROSTER  UPDATES    LOSS       UP  SECONDS  MODEL         REASON
                1  COMPLETED      128      120  0.6931   2.5 MB      2.5  0123456789ab  -
                2  ABANDONED       70        3       -    812 B     60.0  -             3 of 64 updates by the deadline
                3  COLLECTING     128        1       -  20.7 kB        -  -             -
            """);
    assertThat(run("round", "list", "shop", "--json").json()).hasSize(3);
  }

  @Test
  void asks_for_the_rounds_it_was_told_to() {
    coordinator.json("GET /api/v1/rounds?plan=a%20b&after=7&limit=3", 200, "[]");

    assertThat(run("round", "list", "a b", "--after", "7", "--limit", "3").exitCode()).isZero();
  }

  @Test
  void watches_rounds_until_the_plan_has_ended() {
    coordinator
        .json("GET /api/v1/plans/shop", 200, PLAN.formatted(""))
        .json("GET /api/v1/plans/shop", 200, PLAN.formatted(""))
        .json("GET /api/v1/plans/shop", 200, PLAN.formatted("").replace("ACTIVE", "FINISHED"))
        .json("GET /api/v1/rounds?plan=shop&after=0&limit=100", 200, "[" + COLLECTING + "]")
        .json("GET /api/v1/rounds?plan=shop&after=0&limit=100", 200, "[" + COMPLETED + "]")
        .json("GET /api/v1/rounds?plan=shop&after=1&limit=100", 200, "[" + ABANDONED + "]")
        .json("GET /api/v1/rounds?plan=shop&after=2&limit=100", 200, "[]");

    assertThat(run("round", "watch", "shop", "--interval", "1"))
        .isEqualTo(
            new CommandRun(
                0,
                """
                round    1  COMPLETED   120 of  128 updates  loss 0.6931    2.5 MB up     2.5 s  model 0123456789ab
                round    2  ABANDONED     3 of   70 updates  loss -          812 B up    60.0 s  3 of 64 updates by the deadline
                """,
                ""));
  }

  @Test
  void watches_in_json_one_round_a_line() {
    coordinator
        .json("GET /api/v1/plans/shop", 200, PLAN.formatted("").replace("ACTIVE", "SUPERSEDED"))
        .json(
            "GET /api/v1/rounds?plan=shop&after=0&limit=100",
            200,
            "[" + COMPLETED + "," + ABANDONED + "]")
        .json("GET /api/v1/rounds?plan=shop&after=2&limit=100", 200, "[]");

    CommandRun run = run("round", "watch", "shop", "--interval", "1", "--json");

    assertThat(run.out().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("{\"plan\":\"shop\",\"round\":"));
  }

  @Test
  void proves_who_is_asking_with_the_token_of_a_file_or_an_option() throws IOException {
    coordinator.json("GET /api/v1/plans", 200, "[]");

    run("plan", "list", "--token-file", write("token", "tacit-admin-a_B\n").toString());
    run("plan", "list", "--token", "eyJ.eyJ.x-_");
    run("plan", "list");

    assertThat(coordinator.authorizations())
        .containsExactly("Bearer tacit-admin-a_B", "Bearer eyJ.eyJ.x-_", "null");
  }

  @Test
  void refuses_what_is_no_token_without_repeating_it() throws IOException {
    String secret = "secret with blanks";
    String file = write("token", secret).toString();

    CommandRun fromFile = run("plan", "list", "--token-file", file);
    assertThat(fromFile.exitCode()).isEqualTo(2);
    assertThat(fromFile.err())
        .startsWith(
            file
                + " holds 18 characters that are no token, must hold 1 to 16384 letters, digits and"
                + " ._~+/=- and nothing else\n")
        .doesNotContain(secret);
    assertThat(run("plan", "list", "--token", "ä").err())
        .startsWith("--token holds 1 characters that are no token");
    assertThat(run("plan", "list", "--token", "a", "--token-file", file).err())
        .startsWith("--token-file and --token are both given; choose one\n");
    CommandRun missing = run("plan", "list", "--token-file", file + ".none");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(coordinator.requests()).isEmpty();
  }

  @Test
  void says_what_to_do_when_the_coordinator_wants_a_token() {
    coordinator.problem(
        "GET /api/v1/plans",
        401,
        """
        {"title": "Unauthorized", "status": 401, "detail": "this needs a token and the request has\
         none", "remedy": "give one"}
        """);

    CommandRun run = run("plan", "list");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .isEqualTo("Refused: this needs a token and the request has none\n  remedy   give one\n");
  }

  private static final String LINE =
      """
      [{"number": 7, "at": "2026-11-24T10:00:00Z", "subject": "admin", "authentication":
       "admin token", "remoteAddress": "127.0.0.1", "action": "POST /api/v1/plans", "target":
       "plan shop version 2", "outcome": "201 Created", "hash": "0123456789abcdef"}]\
      """;

  @Test
  void lists_the_audit_log() throws IOException {
    coordinator.json("GET /api/v1/audit?after=6&limit=100", 200, LINE);

    CommandRun run = run("audit", "list", "--after", "6");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            NUMBER  AT                    WHO    BY                FROM  ACTION              OUTCOME      TARGET               HASH
                 7  2026-11-24T10:00:00Z  admin  admin token  127.0.0.1  POST /api/v1/plans  201 Created  plan shop version 2  0123456789ab
            """);
    assertThat(run("audit", "list", "--after", "6", "--json").json()).hasSize(1);
  }

  @Test
  void verifies_the_audit_log_and_exits_with_1_if_it_is_not_whole() throws IOException {
    coordinator
        .json(
            "GET /api/v1/audit/verification",
            200,
            "{\"intact\": true, \"entries\": 12, \"head\": \"abcd\"}")
        .json(
            "GET /api/v1/audit/verification?head=ef",
            200,
            "{\"intact\": false, \"brokenAt\": 3, \"reason\": \"line 3 is missing\"}");

    assertThat(run("audit", "verify"))
        .isEqualTo(new CommandRun(0, "The audit log is intact: 12 lines, head abcd\n", ""));
    assertThat(run("audit", "verify", "--head", "ef"))
        .isEqualTo(new CommandRun(1, "The audit log is NOT intact: line 3 is missing\n", ""));
    CommandRun json = run("audit", "verify", "--head", "ef", "--json");
    assertThat(json.exitCode()).isEqualTo(1);
    assertThat(json.json().path("brokenAt").asInt()).isEqualTo(3);
  }
}
