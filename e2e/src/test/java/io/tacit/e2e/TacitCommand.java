package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged command line, each run a process of its own, and the keys of its owners. */
final class TacitCommand {

  /** Of a JVM that runs one command: most of what that costs is the compiler. */
  static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

  private final Path directory;

  /**
   * @param directory for keys and outputs
   */
  TacitCommand(Path directory) {
    this.directory = directory;
  }

  record Run(int exitCode, String output) {}

  Run run(String... arguments) throws Exception {
    return run(Duration.ofSeconds(60), command(arguments));
  }

  /** Runs a command that takes its time and may start a coordinator, which is short-lived too. */
  Run runWithin(Duration time, String... arguments) throws Exception {
    return run(time, quickly(command(arguments)));
  }

  /** Has what the process starts itself run as it does; it says so in its first line. */
  static ProcessBuilder quickly(ProcessBuilder process) {
    process.environment().put("JDK_JAVA_OPTIONS", String.join(" ", SHORT_LIVED));
    return process;
  }

  private static ProcessBuilder command(String... arguments) {
    Path root = RunningCoordinator.installation().root();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SHORT_LIVED);
    command.add("-Dtacit.home=" + root);
    command.addAll(List.of("-jar", root.resolve("cli/target/tacit-cli.jar").toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private Run run(Duration time, ProcessBuilder command) throws Exception {
    Path output = directory.resolve("output");
    Process process = command.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(process.waitFor(time.toSeconds(), TimeUnit.SECONDS)).as("ended in time").isTrue();
    return new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  /** Runs a command that asks a coordinator. */
  Run at(RunningCoordinator coordinator, String... arguments) throws Exception {
    String token =
        Files.writeString(directory.resolve("token"), coordinator.token().reveal()).toString();
    Stream<String> access =
        Stream.of(
            "--url",
            coordinator.process().url().toString(),
            "--trust",
            coordinator.process().authority().toString(),
            "--token-file",
            token);
    return run(Stream.concat(Stream.of(arguments), access).toArray(String[]::new));
  }

  /** Makes a task key; its public half is beside it, see {@link #publicHalf}. */
  Path createKey(String name) throws Exception {
    Path key = directory.resolve(name + ".pem");
    Run run = run("key", "create", "--out", key.toString());
    assertThat(run.exitCode).as(run.output).isZero();
    Files.writeString(publicHalf(key), run("key", "show", key.toString()).output);
    return key;
  }

  static Path publicHalf(Path key) {
    return key.resolveSibling(key.getFileName() + ".public");
  }
}
