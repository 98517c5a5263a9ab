package io.tacit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {

  private static final int SYSTEMS = 7;

  @TempDir Path directory;

  private List<String> arguments(String state, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "evaluate",
                "--data",
                "synthetic:news",
                "--users",
                "60",
                "--rounds",
                "2",
                "--cohort",
                "all",
                "--state",
                directory.resolve(state).toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private CommandRun run(String state, String... more) {
    return CommandRun.of(arguments(state, more).toArray(String[]::new));
  }

  @Test
  void prints_every_system_with_its_errors_the_rules_and_the_training() {
    CommandRun run = run("state");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("Data: synthetic-news, 60 users, 400 items", "Seeds 1. Sampler honest.")
        .contains("Training: two-tower of dimension 16; 2 rounds of all devices; client sgd 0.1")
        .containsPattern("SYSTEM +HR@10 +\\+-USERS +\\+-SEEDS +NDCG@10")
        .containsPattern("federated +0\\.\\d{4} +0\\.\\d{4} +- +0\\.\\d{4}")
        .contains("same model, centralised", "EASE", "item popularity", "last-position table")
        .contains("local only", "no collaboration")
        .contains("Chance: HR@10 0.100, NDCG@10 0.045.")
        .contains("Ties count against the model")
        .contains("Training negatives (sampler honest)");
  }

  @Test
  void writes_json_and_a_page_that_fetches_nothing() throws Exception {
    Path json = directory.resolve("report.json");
    Path html = directory.resolve("report.html");

    CommandRun run =
        run(
            "state",
            "--seeds",
            "4-5",
            "--cold-start",
            "--json",
            json.toString(),
            "--html",
            html.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode document = new ObjectMapper().readTree(json.toFile());
    assertThat(document.path("sampler").asText()).isEqualTo("honest");
    assertThat(document.path("comparableWithHonestFigures").asBoolean()).isTrue();
    assertThat(document.path("seeds")).hasSize(2);
    assertThat(document.path("transport").asText()).isEqualTo("in-process");
    assertThat(document.path("rows")).hasSize(SYSTEMS);
    assertThat(document.path("cells")).hasSize(2 * SYSTEMS);
    assertThat(document.path("coldStart").path("rows")).hasSize(6);
    assertThat(run.out()).containsPattern("first 3 events +0\\.\\d{4}");
    JsonNode federated = document.path("rows").path(0);
    assertThat(federated.path("system").asText()).isEqualTo("federated");
    assertThat(federated.path("sampled").path("hitRate").path("standardErrorOverSeeds").isNumber())
        .isTrue();
    String page = Files.readString(html);
    assertThat(page)
        .startsWith("<!DOCTYPE html>")
        .contains("<svg", "prefers-color-scheme: dark", "4, 5")
        .contains("tacit evaluate --data synthetic:news --users 60")
        .doesNotContain("<script", "src=", "href=", "url(", "http:", "https:", "@import")
        .doesNotContain("PAPERS");
    assertThat(Pattern.compile("<svg").matcher(page).results().count()).isEqualTo(5);
  }

  @Test
  void marks_every_output_of_the_papers_sampler() throws Exception {
    Path json = directory.resolve("report.json");
    Path html = directory.resolve("report.html");

    CommandRun run =
        run(
            "state",
            "--sampler",
            "papers-sampler",
            "--seeds",
            "1",
            "--json",
            json.toString(),
            "--html",
            html.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    String warning = "PAPERS' SAMPLER: training negatives exclude the held-out items";
    assertThat(run.out()).contains("Sampler papers-sampler.", warning);
    JsonNode document = new ObjectMapper().readTree(json.toFile());
    assertThat(document.path("comparableWithHonestFigures").asBoolean()).isFalse();
    assertThat(document.path("warning").asText()).startsWith(warning);
    assertThat(document.path("rows"))
        .allSatisfy(row -> assertThat(row.path("sampler").asText()).isEqualTo("papers-sampler"));
    String page = Files.readString(html);
    assertThat(Pattern.compile("class='warning'>PAPERS&#39;").matcher(page).results().count())
        .as("above the figures, above the plots and above each seed")
        .isEqualTo(3);
    assertThat(Pattern.compile("\\(papers&#39; sampler\\)</text>").matcher(page).results().count())
        .as("in the title of each plot, which may be copied alone")
        .isEqualTo(4);
  }

  @Test
  void wrong_options_exit_with_2_and_say_what_is_possible() {
    assertThat(run("state", "--sampler", "nice").err())
        .startsWith("--sampler is \"nice\", must be one of: honest, papers-sampler\n");
    assertThat(run("state", "--seeds", "many").err())
        .startsWith("--seeds is \"many\", must be one of: N (seeds 1 to N) | A-B | A,B,...\n");
    assertThat(run("state", "--model", "forest").err())
        .startsWith(
            "--model is \"forest\", must be one of: two-tower, matrix-factorisation, neural-cf\n");
    assertThat(run("state", "--tower", "8").err())
        .startsWith("--tower goes with --model neural-cf only; leave it out with two-tower\n");
    assertThat(run("state", "--recency", "2").err())
        .startsWith("recency share is 2.0, must be 0 to 1");
    assertThat(run("state", "--recency", "0.5,5,1").err())
        .startsWith("--recency has 3 numbers, must be SHARE or SHARE,N such as 0.8,5\n");
    assertThat(run("state", "--recency", "0.5", "--model", "neural-cf").err())
        .startsWith("--recency goes with --model two-tower only; leave it out with neural-cf\n");
    assertThat(run("state", "--transport", "pigeon").err())
        .startsWith("--transport is \"pigeon\", must be one of: in-process, grpc\n");
    assertThat(
            CommandRun.of("evaluate", "--data", "synthetic:news", "--secure", "--cohort", "9")
                .err())
        .startsWith("--cohort is 9, must be at least 10 with secure aggregation");
    assertThat(CommandRun.of("evaluate", "--data", "synthetic:news", "--cohort", "none").err())
        .startsWith("--cohort is \"none\", must be a number from 1 or all\n");
    assertThat(run("state", "--clip", "-1").exitCode()).isEqualTo(2);
    assertThat(run("state", "--item-attributes", "x.csv").err())
        .startsWith("--user-attributes and --item-attributes are tables that go with --data csv");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void recency_is_trained_with_if_it_is_asked_for() {
    CommandRun recent = run("state", "--recency", "0.5");
    CommandRun none = run("state", "--recency", "0");

    assertThat(recent.out())
        .contains("Training: two-tower of dimension 16, recency 0.5 of half-life 5; 2 rounds");
    assertThat(none.out()).contains("Training: two-tower of dimension 16; 2 rounds");
    assertThat(table(recent.out())).isNotEqualTo(table(none.out()));
  }

  @Test
  void a_tower_is_trained_and_masked_updates_give_the_same_figures() {
    List<String> tower = List.of("--model", "neural-cf", "--tower", "8,4", "--dimension", "8");
    CommandRun plain =
        run(
            "plain",
            Stream.concat(tower.stream(), Stream.of("--attributes")).toArray(String[]::new));
    CommandRun masked =
        run(
            "masked",
            Stream.concat(tower.stream(), Stream.of("--secure", "--no-attributes"))
                .toArray(String[]::new));
    CommandRun ids =
        run(
            "ids",
            Stream.concat(tower.stream(), Stream.of("--no-attributes")).toArray(String[]::new));

    assertThat(plain.exitCode()).as(plain.err()).isZero();
    assertThat(plain.out())
        .contains("Training: neural-cf of dimension 8, tower [8, 4]; 2 rounds of all devices;");
    assertThat(masked.out()).contains("tower [8, 4], without attributes; 2 rounds");
    assertThat(table(masked.out())).isEqualTo(table(ids.out()));
    assertThat(table(plain.out()))
        .as("attributes make another model")
        .isNotEqualTo(table(ids.out()));
  }

  @Test
  void compares_server_rules_and_goes_on_where_it_was() throws Exception {
    Path json = directory.resolve("optimisers.json");
    String[] arguments = {
      "evaluate",
      "optimisers",
      "--data",
      "synthetic:news",
      "--users",
      "30",
      "--cohorts",
      "all,10",
      "--rounds",
      "2",
      "--target",
      "0.05",
      "--state",
      directory.resolve("state").toString(),
      "--json",
      json.toString()
    };

    CommandRun run = CommandRun.of(arguments);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("COHORT +SERVER AND CLIENT +RATE +ROUNDS \\(VALIDATION\\)")
        .containsPattern("all +mean, 1 local pass +1\\.0 ")
        .containsPattern("10 +fed-adam, 5 local passes, FedProx 10 +0\\.1 ")
        .contains("Rounds until HR@10 is 0.05, judged in every round, mean over 1 seed(s)");
    JsonNode document = new ObjectMapper().readTree(json.toFile());
    assertThat(document.path("rows")).hasSize(14);
    assertThat(document.path("rows").path(0).path("cohort").asText()).isEqualTo("all");
    assertThat(document.path("rows").path(0).path("bestHitRate").isNumber()).isTrue();
    assertThat(CommandRun.of(arguments).out()).isEqualTo(run.out());
    arguments[11] = "2";
    assertThat(CommandRun.of(arguments).err())
        .startsWith("--target is 2.0, must be above 0 and at most 1; 0.6 is usual on ML-100K\n");
  }

  @Test
  void a_table_that_can_not_be_read_exits_with_1_and_names_the_line() throws Exception {
    Path table = Files.writeString(directory.resolve("clicks.csv"), "u1,a,2\nu1,b,many\n");

    CommandRun run = CommandRun.of("evaluate", "--data", "csv:" + table, "--json", "report.json");

    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                table
                    + ", line 2: found \"u1,b,many\", expected a number in column 3, the value\n"));
  }

  @Test
  @Timeout(300)
  void goes_on_after_a_kill_and_comes_to_the_same_figures() throws Exception {
    Process process = start(arguments("killed", "--seeds", "2"));
    Path state = directory.resolve("killed");
    while (finishedCells(state) < 1) {
      assertThat(process.isAlive()).as("running before it is killed: %s", log()).isTrue();
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly().waitFor(); // SIGKILL
    long kept = finishedCells(state);
    assertThat(kept).isBetween(1L, 2L * SYSTEMS - 1);

    CommandRun resumed = run("killed", "--seeds", "2");
    CommandRun whole = run("whole", "--seeds", "2");

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(Pattern.compile("kept from an earlier run").matcher(resumed.out()).results().count())
        .isEqualTo(kept);
    assertThat(table(resumed.out())).isEqualTo(table(whole.out())).contains("federated");
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  private static String table(String out) {
    return out.substring(out.indexOf("SYSTEM"), out.indexOf("Chance:"));
  }

  private static long finishedCells(Path state) throws IOException {
    if (!Files.isDirectory(state)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(state)) {
      return files.filter(file -> file.toString().endsWith(".cell")).count();
    }
  }

  private Process start(List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Tacit.class.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }
}
