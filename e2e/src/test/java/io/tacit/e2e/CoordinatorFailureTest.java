package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.SessionState;
import io.tacit.protocol.Stage;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The packaged coordinator lacks what it needs, says so, and goes on when it has it. */
class CoordinatorFailureTest {

  /** Of 1.6 MB each. */
  private static final int UNITS = 100_000;

  @TempDir Path directory;

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      disabledReason = "a process's files are limited with prlimit; run it on Linux")
  void a_full_disk_refuses_updates_until_there_is_room_and_loses_none() throws Exception {
    TrainingPlan plan = OneRoundPlan.of(4, UNITS);
    try (RunningCoordinator coordinator = new RunningCoordinator(directory);
        CoordinatorConnection connection = coordinator.connect()) {
      coordinator.apply(plan);
      List<ScriptedDevice> devices = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        ScriptedDevice device = new ScriptedDevice(connection, plan, i / 1_000f);
        device.join();
        devices.add(device);
      }
      assertThat(devices.get(0).awaitAfter(Stage.ADVERTISE).stage()).isEqualTo(Stage.INPUT);
      devices.get(0).upload();
      devices.get(1).upload();

      limitFiles(coordinator.process(), "4000000");
      for (ScriptedDevice device : devices.subList(2, 4)) {
        ConnectionException full =
            catchThrowableOfType(ConnectionException.class, device::tryUpload);
        assertThat(full.reason()).isEqualTo(ConnectionException.Reason.UNAVAILABLE);
        assertThat(full.isRetryable()).isTrue();
        assertThat(full.retryAfter()).contains(Duration.ofSeconds(5));
        assertThat(full)
            .hasMessageContaining("the coordinator's storage is not available; nothing was stored");
      }
      assertThat(coordinator.rounds(plan)).as("it still answers").hasSize(1);

      limitFiles(coordinator.process(), "unlimited");
      devices.get(2).upload();
      devices.get(3).upload();
      SessionState end = devices.get(3).awaitAfter(Stage.INPUT);
      assertThat(end.stage()).isEqualTo(Stage.COMPLETED);
      assertThat(end.contributors()).isEqualTo(4);
    }
  }

  /** To write beyond the limit then fails as it does on a full disk. */
  private static void limitFiles(CoordinatorProcess process, String bytes) throws Exception {
    Process limit =
        new ProcessBuilder("prlimit", "--pid", "" + process.pid(), "--fsize=" + bytes + ":")
            .inheritIO()
            .start();
    assertThat(limit.waitFor()).as("exit code of prlimit").isZero();
  }

  @Test
  void a_port_in_use_is_named_and_ends_the_start() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatItEndsNaming(taken.getLocalPort(), "tacit.http.port");
      assertThatItEndsNaming(taken.getLocalPort(), "tacit.grpc.port");
    }
  }

  private void assertThatItEndsNaming(int port, String setting)
      throws IOException, InterruptedException {
    assertThat(lastWordsOf("-D" + setting + "=" + port, "-Dtacit.data-directory=" + setting))
        .contains("" + port)
        .contains("in use");
  }

  @Test
  void a_data_directory_in_use_is_named_in_one_line_and_ends_the_start_of_either_role()
      throws Exception {
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      for (String role : List.of("coordinator", "authority")) {
        assertThat(lastWordsOf("-Dtacit.role=" + role, "-Dtacit.data-directory=data"))
            .as(role)
            .isEqualToIgnoringNewLines(
                "The coordinator can not start: Cannot use data directory data: another coordinator"
                    + " or authority is running on it; stop that one, or choose another one with"
                    + " tacit.data-directory");
      }
      assertThat(coordinator.api().plans()).as("the first one goes on").isEmpty();
      coordinator.kill();
      coordinator.startAgain();
    }
  }

  /** What a service writes that ends by itself instead of starting, in this test's directory. */
  private String lastWordsOf(String... properties) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(RunningCoordinator.SHORT_LIVED);
    command.add("-Dtacit.http.port=0");
    command.add("-Dtacit.grpc.port=0");
    command.addAll(List.of(properties));
    command.add("-jar");
    command.add(RunningCoordinator.installation().coordinatorJar().toAbsolutePath().toString());
    Path log = directory.resolve("last-words.log");
    Process service =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(service.waitFor(RunningCoordinator.READY_WITHIN.toSeconds(), TimeUnit.SECONDS))
          .as("the service ends by itself")
          .isTrue();
      assertThat(service.exitValue()).isNotZero();
      return Files.readString(log);
    } finally {
      service.destroyForcibly();
    }
  }
}
