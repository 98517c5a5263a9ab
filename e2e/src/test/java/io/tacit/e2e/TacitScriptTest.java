package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script before any Java runs: whose Java, from where, and what it says when it can not. */
class TacitScriptTest {

  @TempDir Path directory;

  @Test
  void runs_from_any_directory_through_a_symbolic_link_with_spaces() throws Exception {
    Path link = Files.createDirectory(directory.resolve("a path with spaces")).resolve("my tacit");
    Files.createSymbolicLink(link, script());
    Run run = run(link, Map.of(), "--version");
    assertThat(run.output).contains("wire protocol 1");
    assertThat(run.exitCode).isZero();
  }

  @Test
  void prefers_java_home_and_says_what_is_wrong_with_it() throws Exception {
    Run run = run(script(), Map.of("JAVA_HOME", directory.toString()), "--version");
    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.output)
        .startsWith(
            "tacit: JAVA_HOME="
                + directory
                + " has no bin/java. Tacit needs a JDK, version 17 or newer, with the compiler.");
  }

  @Test
  void refuses_a_java_that_is_too_old() throws Exception {
    Path home = javaHome("11.0.20", true);
    Run run = run(script(), Map.of("JAVA_HOME", home.toString()), "--version");
    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.output).contains("is Java 11.0.20. Tacit needs a JDK, version 17 or newer");
  }

  @Test
  void refuses_a_java_without_a_compiler() throws Exception {
    Path home = javaHome("17.0.1", false);
    Run run = run(script(), Map.of("JAVA_HOME", home.toString()), "--version");
    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.output)
        .contains("is Java 17.0.1 without the compiler: " + home + "/bin/javac is missing.")
        .contains("apt-get install openjdk-17-jdk-headless");
  }

  @Test
  void says_so_where_there_is_no_java_at_all() throws Exception {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    for (String tool : List.of("dirname", "basename", "readlink", "sed", "sh")) {
      Files.createSymbolicLink(bin.resolve(tool), Path.of("/usr/bin", tool));
    }
    Run run = run(script(), Map.of("JAVA_HOME", "", "PATH", bin.toString()), "--version");
    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.output).startsWith("tacit: JAVA_HOME is not set and there is no java on PATH.");
  }

  @Test
  void builds_again_when_a_source_is_newer_and_only_then() throws Exception {
    Path tree = treeThatIsBuilt();
    Path source = tree.resolve("cli/src/main/Tacit.java");
    Path maven = Files.createDirectory(directory.resolve("maven"));
    Path calls = directory.resolve("maven-calls");
    Files.createFile(calls);
    Path mvn = maven.resolve("mvn");
    Files.writeString(mvn, "#!/bin/sh\necho \"$@\" >>'" + calls + "'\n");
    assertThat(mvn.toFile().setExecutable(true)).isTrue();
    Map<String, String> environment =
        Map.of("TACIT_BUILD", "", "PATH", maven + ":" + System.getenv("PATH"));

    Run built = run(tree.resolve("tacit"), environment, "--version");
    assertThat(built.output).contains("wire protocol 1").doesNotContain("building");
    assertThat(calls).isEmptyFile();

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    Run changed = run(tree.resolve("tacit"), environment, "--version");
    assertThat(changed.output)
        .contains("Sources have changed: building Tacit...")
        .contains("wire protocol 1");
    assertThat(Files.readAllLines(calls)).hasSize(1);
    assertThat(calls).content().contains("-pl cli,coordinator/service -am package");
  }

  /** The script in a tree of its own, with the command line of the real one. */
  private Path treeThatIsBuilt() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Path root = RunningCoordinator.installation().root();
    Files.copy(script(), tree.resolve("tacit"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createDirectory(tree.resolve(".mvn"));
    Files.createFile(tree.resolve("pom.xml"));
    for (String module :
        List.of(
            "testing",
            "proto",
            "client-sdk",
            "client-sdk/core",
            "coordinator",
            "coordinator/core",
            "coordinator/enrolment",
            "coordinator/service",
            "simulation",
            "cli")) {
      Files.createDirectories(tree.resolve(module).resolve("src/main"));
      Files.createFile(tree.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(tree.resolve("cli/src/main/Tacit.java"));
    Path jar = Files.createDirectories(tree.resolve("cli/target")).resolve("tacit-cli.jar");
    Files.createSymbolicLink(jar, root.resolve("cli/target/tacit-cli.jar"));
    Path service =
        Files.createDirectories(tree.resolve("coordinator/service/target/quarkus-app"))
            .resolve("quarkus-run.jar");
    Files.createFile(service);
    Path stamp = Files.createDirectory(tree.resolve(".tacit")).resolve("built");
    Files.createFile(stamp);
    Files.setLastModifiedTime(stamp, FileTime.from(Instant.now().plusSeconds(5)));
    return tree;
  }

  private Path javaHome(String version, boolean compiler) throws Exception {
    Path home = Files.createDirectory(directory.resolve("jdk"));
    Path bin = Files.createDirectory(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    for (String tool : compiler ? List.of("java", "javac") : List.of("java")) {
      Files.createFile(
          bin.resolve(tool),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return home;
  }

  private static Path script() {
    return RunningCoordinator.installation().root().resolve("tacit");
  }

  private record Run(int exitCode, String output) {}

  private Run run(Path command, Map<String, String> environment, String argument) throws Exception {
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command.toString(), argument)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    // The tests run what the build around them has just built.
    builder.environment().put("TACIT_BUILD", "skip");
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }
}
