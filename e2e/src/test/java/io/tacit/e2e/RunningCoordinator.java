package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.process.Installation;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.client.CoordinatorAddress;
import io.tacit.client.connection.GrpcConnectionSettings;
import io.tacit.client.connection.GrpcCoordinatorConnection;
import io.tacit.client.connection.PinnedTrust;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.e2e.app.Coordinators;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The packaged coordinator as a process over one data directory. It keeps its ports when it is
 * started again, as a service behind a name would, so that devices find it.
 */
final class RunningCoordinator implements AutoCloseable {

  static final Duration READY_WITHIN = Duration.ofSeconds(90);

  /** Of a coordinator that lives for seconds: most of what its start costs is the compiler. */
  static final List<String> SHORT_LIVED =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final AccessToken token = AccessToken.generate(new SecureRandom());
  private final CoordinatorSettings settings;
  private final Path log;
  private CoordinatorProcess process;

  RunningCoordinator(Path directory) throws Exception {
    this(directory, Map.of());
  }

  /** Starts it with more settings, until the next start. */
  RunningCoordinator(Path directory, Map<String, String> properties) throws Exception {
    this.log = directory.resolve("coordinator.log");
    CoordinatorSettings usual =
        CoordinatorSettings.of(installation(), directory.resolve("data"))
            .withProperty("tacit.come-back-min", "100ms")
            .withAdminToken(token)
            .withJavaOptions(SHORT_LIVED);
    this.process = CoordinatorProcess.start(with(usual, properties), log, READY_WITHIN);
    this.settings = usual.withPorts(process.httpPort(), process.grpcPort());
  }

  private static CoordinatorSettings with(
      CoordinatorSettings settings, Map<String, String> properties) {
    CoordinatorSettings with = settings;
    for (Map.Entry<String, String> property : properties.entrySet()) {
      with = with.withProperty(property.getKey(), property.getValue());
    }
    return with;
  }

  static Installation installation() {
    return new Installation(Path.of(System.getProperty("tacit.root")));
  }

  CoordinatorProcess process() {
    return process;
  }

  /** The admin token, the same after each start. */
  AccessToken token() {
    return token;
  }

  CoordinatorApi api() throws IOException {
    return process.api(token);
  }

  GrpcCoordinatorConnection connect() throws IOException {
    try (InputStream authority = Files.newInputStream(process.authority())) {
      return GrpcCoordinatorConnection.open(
          GrpcConnectionSettings.tls("localhost", process.grpcPort())
              .withTrust(PinnedTrust.managers(authority))
              .withChannels(2));
    }
  }

  /** What apps of the tests call it. */
  String word() {
    return Coordinators.word(process.grpcPort(), process.authority());
  }

  /** Where a client finds it. */
  CoordinatorAddress address() throws IOException {
    return Coordinators.of(word());
  }

  void apply(TrainingPlan plan) throws Exception {
    api().applyPlan(PlanFile.toYaml(plan).getBytes(StandardCharsets.UTF_8), "application/yaml");
  }

  /** Ends the process as a power cut would. */
  void kill() throws Exception {
    process.kill();
  }

  /** Waits until a fault hook has ended the process by itself. */
  void awaitDeath() throws Exception {
    assertThat(process.waitFor()).as("exit code of a halted process").isEqualTo(137);
    process.close();
  }

  void startAgain() throws Exception {
    process = CoordinatorProcess.start(settings, log, READY_WITHIN);
  }

  /** Stops it and starts it with more settings, until the next start. */
  void startAgainWith(Map<String, String> properties) throws Exception {
    process.close();
    process = CoordinatorProcess.start(with(settings, properties), log, READY_WITHIN);
  }

  /** The rounds that the coordinator knows, in order. */
  JsonNode rounds(TrainingPlan plan) {
    try {
      return api().rounds(plan.id().value(), 0, 100);
    } catch (Exception e) {
      throw new AssertionError("the coordinator does not list its rounds", e);
    }
  }

  static void await(String what, Duration within, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
