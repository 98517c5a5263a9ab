package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.ServerTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command that a newcomer runs, as a process. */
class DemoTest {

  private static final Duration WITHIN = Duration.ofMinutes(4);

  private static final String INTERRUPTED =
      "ended by its SIGINT; a shell's background jobs, and so all that they start, ignore it";

  private final List<Process> running = new ArrayList<>();

  @TempDir Path directory;

  @Test
  void trains_on_the_shipped_clicks_and_reports_what_it_found() throws Exception {
    Path report = directory.resolve("report.json");
    Set<Path> before = scratchDirectories();
    Run run =
        runDemo(
            "--devices",
            "80",
            "--cohort",
            "24",
            "--rounds",
            "4",
            "--closing-apps",
            "0.05",
            "--report",
            report.toString());

    assertThat(run.exitCode).as(run.output).isZero();
    assertThat(run.output)
        .contains("80 devices, each with the behaviour of one user of msweb")
        .contains("Updates travel masked: the coordinator learns the sums of 2 shards of up to 12")
        .contains("participants")
        .contains("of each of which only the sum was seen")
        .contains("federated (this run)")
        .contains("item popularity")
        .contains("no collaboration")
        .contains("same model, trained centrally")
        .contains("Device 0 visited:")
        .contains("and is recommended:");
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertThat(json.path("transport").asText()).isEqualTo("grpc");
    assertThat(json.path("rounds")).hasSize(4);
    for (JsonNode round : json.path("rounds")) {
      assertThat(round.path("participants").asInt()).isBetween(12, 24);
      assertThat(round.path("hitRate").asDouble()).isBetween(0.0, 1.0);
      // What a shard took that was given up in the end was acknowledged too.
      assertThat(round.path("bytesUp").asLong())
          .isGreaterThanOrEqualTo(
              round.path("participants").asLong() * (64 + 4 * json.path("parameters").asLong()));
      assertThat(round.path("shards")).hasSize(2);
      int inSums = 0;
      for (JsonNode shard : round.path("shards")) {
        assertThat(shard.path("suite").asInt()).isEqualTo(2);
        if (shard.path("state").asText().equals("SUMMED")) {
          assertThat(shard.path("contributors").asInt())
              .isBetween(shard.path("threshold").asInt(), shard.path("roster").asInt());
          inSums += shard.path("contributors").asInt();
        }
      }
      assertThat(inSums).isEqualTo(round.path("participants").asInt());
    }
    assertThat(json.path("comparison").path("rows")).hasSize(4);
    assertThat(json.path("samples")).hasSize(3);
    for (JsonNode sample : json.path("samples")) {
      for (JsonNode title : sample.path("recommended")) {
        assertThat(sample.path("visited"))
            .as("nothing visited is recommended")
            .doesNotContain(title);
      }
    }
    Matcher process = Pattern.compile("Coordinator: process (\\d+)").matcher(run.output);
    assertThat(process.find()).isTrue();
    assertThat(ProcessHandle.of(Long.parseLong(process.group(1)))).as("process left").isEmpty();
    assertThat(scratchDirectories()).as("directories left").isEqualTo(before);
  }

  @Test
  void simulate_runs_the_same_rounds_in_one_process_and_repeats_itself() throws Exception {
    String[] arguments = {
      "simulate", "--data", "synthetic:media", "--devices", "60", "--cohort", "20", "--rounds", "3"
    };
    Run first = run(arguments);
    assertThat(first.exitCode).as(first.output).isZero();
    assertThat(first.output).contains("federated (this run)");
    // All but the seconds of the rounds is the same again.
    assertThat(withoutSeconds(run(arguments).output)).isEqualTo(withoutSeconds(first.output));
  }

  @Test
  void another_engine_that_is_not_there_is_told_with_what_to_do() throws Exception {
    Run run = run("demo", "--engine", "deeplearning4j");
    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.output)
        .isEqualTo(
            "training engine \"deeplearning4j\" is not on the class path, which has: portable; add"
                + " the artifact io.tacit:tacit-client-deeplearning4j, or use another. The tacit"
                + " script adds deeplearning4j when it is asked for, unless TACIT_BUILD=skip.\n");
  }

  @Test
  void deeplearning4j_trains_the_devices_of_a_demo_when_it_is_on_the_class_path() throws Exception {
    Run run =
        end(
            startDemo(
                List.of("-cp", System.getProperty("java.class.path"), "io.tacit.cli.Tacit"),
                "--engine",
                "deeplearning4j",
                "--devices",
                "40",
                "--cohort",
                "12",
                "--rounds",
                "2"));
    assertThat(run.exitCode).as(run.output).isZero();
    assertThat(run.output)
        .contains("Devices train with deeplearning4j.")
        .contains("federated (this run)");
  }

  private static String withoutSeconds(String output) {
    return output.replaceAll("(?m) +[0-9.]+$", "");
  }

  private static Set<Path> scratchDirectories() throws IOException {
    Set<Path> found = new TreeSet<>();
    for (Path parent :
        List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
      if (Files.isDirectory(parent)) {
        try (DirectoryStream<Path> scratch = Files.newDirectoryStream(parent, "tacit-demo-*")) {
          scratch.forEach(found::add);
        }
      }
    }
    return found;
  }

  @Test
  void ctrl_c_stops_the_coordinator_too_and_leaves_nothing_behind() throws Exception {
    Set<Path> before = scratchDirectories();
    Process demo = start("demo", "--devices", "40", "--cohort", "12", "--rounds", "10000");
    RunningCoordinator.await(
        "the coordinator process",
        Duration.ofSeconds(60),
        () -> demo.children().anyMatch(DemoTest::isCoordinator));
    ProcessHandle coordinator =
        demo.children().filter(DemoTest::isCoordinator).findFirst().orElseThrow();
    // As a terminal does: to all that it runs.
    new ProcessBuilder("kill", "-INT", Long.toString(demo.pid()), Long.toString(coordinator.pid()))
        .start()
        .waitFor();
    assertThat(demo.waitFor(30, TimeUnit.SECONDS)).as(INTERRUPTED).isTrue();
    assertThat(demo.exitValue()).isEqualTo(130);
    assertThat(output()).isEmpty();
    RunningCoordinator.await(
        "the coordinator to be gone", Duration.ofSeconds(30), () -> !coordinator.isAlive());
    assertThat(scratchDirectories()).as("directories left").isEqualTo(before);
  }

  @Test
  void keeps_the_coordinator_running_when_asked_to_until_ctrl_c() throws Exception {
    Process demo =
        startDemo(
            packaged(), "--devices", "40", "--cohort", "12", "--rounds", "1", "--keep-running");
    Pattern address = Pattern.compile("The coordinator keeps running at (\\S+); Ctrl-C stops it.");
    RunningCoordinator.await(
        "the end of the demo", WITHIN, () -> !demo.isAlive() || address.matcher(output()).find());
    Matcher found = address.matcher(output());
    assertThat(found.find()).as(output()).isTrue();
    Pattern export =
        Pattern.compile(
            "(?m)^  export TACIT_TRUST=(\\S+)\\n  export TACIT_TOKEN=(tacit-admin-[\\w-]{43})$");
    RunningCoordinator.await(
        "what to export", Duration.ofSeconds(10), () -> export.matcher(output()).find());
    MatchResult exported = export.matcher(output()).results().findFirst().orElseThrow();
    CoordinatorApi api =
        new CoordinatorApi(
            URI.create(found.group(1)),
            ServerTrust.pinned(Path.of(exported.group(1))),
            AccessToken.of(exported.group(2), "the output"));
    assertThat(api.plans().get(0).path("id").asText()).isEqualTo("msweb");

    new ProcessBuilder("kill", "-INT", Long.toString(demo.pid())).start().waitFor();

    assertThat(demo.waitFor(30, TimeUnit.SECONDS)).as(INTERRUPTED).isTrue();
    assertThat(demo.children().filter(DemoTest::isCoordinator)).isEmpty();
  }

  @Test
  void wrong_options_are_wrong_usage_and_say_what_is_allowed() throws Exception {
    Run run = run("demo", "--cohort", "5000");
    assertThat(run.exitCode).isEqualTo(2);
    assertThat(run.output).contains("--cohort is 5000, must be 1 to 1000");
    assertThat(run("serve", "--http-port", "70000").exitCode).isEqualTo(2);
    assertThat(run("demo", "--data", "nonsense").output)
        .contains("data set is \"nonsense\", must be one of: msweb | movielens:PATH");
  }

  private record Run(int exitCode, String output) {}

  private static boolean isCoordinator(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("quarkus-run.jar");
  }

  private static List<String> packaged() {
    Path jar = RunningCoordinator.installation().root().resolve("cli/target/tacit-cli.jar");
    return List.of("-jar", jar.toString());
  }

  private Process start(String... arguments) throws IOException {
    return started(command(packaged(), List.of(arguments)));
  }

  /** A demo whose coordinator, too, is started for the few seconds that it lives. */
  private Process startDemo(List<String> program, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("demo"));
    arguments.addAll(List.of(options));
    return started(TacitCommand.quickly(command(program, arguments)));
  }

  private Process started(ProcessBuilder command) throws IOException {
    Process process = command.start();
    running.add(process);
    return process;
  }

  @AfterEach
  void leaveNothingRunning() {
    for (Process process : running) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private ProcessBuilder command(List<String> program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(TacitCommand.SHORT_LIVED);
    command.add("-Dtacit.home=" + RunningCoordinator.installation().root());
    command.addAll(program);
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output").toFile());
  }

  private Run run(String... arguments) throws Exception {
    return end(start(arguments));
  }

  private Run runDemo(String... options) throws Exception {
    return end(startDemo(packaged(), options));
  }

  private Run end(Process process) throws Exception {
    assertThat(process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)).as("ended in time").isTrue();
    return new Run(process.exitValue(), output());
  }

  private String output() {
    try {
      return Files.readString(directory.resolve("output"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
