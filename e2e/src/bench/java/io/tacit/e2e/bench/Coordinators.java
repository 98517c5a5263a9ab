package io.tacit.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.process.Installation;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.RefusedException;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The packaged coordinator as these figures start it. */
final class Coordinators {

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  private Coordinators() {}

  /** An empty directory on the disk of the build, for one run. */
  static Path scratch(Installation installation) throws IOException {
    Path parent = installation.root().resolve("e2e/target");
    Files.createDirectories(parent);
    return Files.createTempDirectory(parent, "bench");
  }

  /** Further options of the coordinator's JVM, e.g. for a profiler, divided by blanks. */
  private static final String OPTIONS = System.getProperty("coordinator.options", "");

  /** Starts a coordinator without TLS, with the plan. */
  static CoordinatorProcess start(
      Installation installation, Path directory, TrainingPlan plan, List<String> javaOptions)
      throws IOException, InterruptedException, RefusedException {
    return start(
        settings(installation, directory).withoutEncryption(), directory, plan, javaOptions);
  }

  /** Starts a coordinator with the certificate that it makes for itself, with the plan. */
  static CoordinatorProcess startEncrypted(
      Installation installation, Path directory, TrainingPlan plan, List<String> javaOptions)
      throws IOException, InterruptedException, RefusedException {
    return start(settings(installation, directory), directory, plan, javaOptions);
  }

  private static CoordinatorSettings settings(Installation installation, Path directory) {
    return CoordinatorSettings.of(installation, directory.resolve("data"));
  }

  private static CoordinatorProcess start(
      CoordinatorSettings settings, Path directory, TrainingPlan plan, List<String> javaOptions)
      throws IOException, InterruptedException, RefusedException {
    Files.createDirectories(directory);
    List<String> options = new ArrayList<>(javaOptions);
    if (!OPTIONS.isBlank()) {
      options.addAll(List.of(OPTIONS.strip().split("\\s+")));
    }
    AccessToken token = AccessToken.generate(new SecureRandom());
    CoordinatorProcess coordinator =
        CoordinatorProcess.start(
            settings.withAdminToken(token).withJavaOptions(options),
            directory.resolve("coordinator.log"),
            READY_WITHIN);
    coordinator.api(token).applyPlan(PlanFile.toYaml(plan).getBytes(UTF_8), "application/yaml");
    return coordinator;
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
