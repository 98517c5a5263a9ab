package io.tacit.cli.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.cli.rest.AccessToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CoordinatorProcessTest {

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  @TempDir Path directory;
  private CoordinatorSettings settings;
  private Path log;

  @BeforeEach
  void install() throws IOException {
    Installation installation = installFakeService(directory.resolve("with a space"));
    settings =
        CoordinatorSettings.of(installation, directory.resolve("the data")).withoutEncryption();
    log = directory.resolve("coordinator.log");
  }

  @Test
  void starts_on_free_ports_and_is_ready() throws Exception {
    AccessToken token = AccessToken.generate(new SecureRandom());
    CoordinatorSettings more =
        settings
            .withAdminToken(token)
            .withProperty("tacit.http.host", "localhost")
            .withJavaOptions(List.of("-Xmx64m", "-Dfake.option=a b"));
    try (CoordinatorProcess coordinator = CoordinatorProcess.start(more, log, READY_WITHIN)) {
      assertThat(coordinator.isAlive()).isTrue();
      assertThat(get(coordinator.url()).lines())
          .containsExactly(
              String.valueOf(coordinator.pid()),
              String.valueOf(coordinator.grpcPort()),
              directory.resolve("the data").toString(),
              "localhost",
              "a b",
              token.hash().toHex(),
              "null",
              "null",
              "null",
              "null");
      assertThat(
              ProcessHandle.of(coordinator.pid()).flatMap(process -> process.info().commandLine()))
          .hasValueSatisfying(line -> assertThat(line).doesNotContain(token.reveal(), "HASH"));
      assertThat(directory.resolve("the data")).isDirectory();
      assertThat(log).content().startsWith("fake service, mode ready");
    }
  }

  @Test
  void starts_again_on_the_same_ports_after_a_kill() throws Exception {
    CoordinatorProcess first = CoordinatorProcess.start(settings, log, READY_WITHIN);
    first.kill();
    assertThat(first.isAlive()).isFalse();
    assertThat(first.waitFor()).isEqualTo(128 + 9);

    CoordinatorSettings same = settings.withPorts(first.httpPort(), first.grpcPort());
    try (CoordinatorProcess second = CoordinatorProcess.start(same, log, READY_WITHIN)) {
      assertThat(second.url()).isEqualTo(first.url());
      assertThat(second.pid()).isNotEqualTo(first.pid());
    }
  }

  @Test
  void stops_the_process_and_kills_one_that_does_not_stop() throws Exception {
    CoordinatorProcess polite = CoordinatorProcess.start(settings, log, READY_WITHIN);
    polite.close();
    assertThat(polite.waitFor()).isEqualTo(128 + 15);

    CoordinatorSettings stubborn = settings.withProperty("fake.mode", "ignores-stop");
    try (CoordinatorProcess coordinator = CoordinatorProcess.start(stubborn, log, READY_WITHIN)) {
      coordinator.stop(Duration.ofMillis(200));
      assertThat(coordinator.waitFor()).isEqualTo(128 + 9);
    }
  }

  @Test
  void shows_the_end_of_the_log_when_the_process_dies() throws IOException {
    Files.writeString(log, "of an earlier run\n");
    CoordinatorSettings dying = settings.withProperty("fake.mode", "dies");

    assertThatThrownBy(() -> CoordinatorProcess.start(dying, log, READY_WITHIN))
        .isInstanceOf(CoordinatorStartException.class)
        .hasMessageStartingWith(
            "The coordinator ended with exit code 3 before it was ready. The end of its log, "
                + log
                + ":\nline 11 before the end\n")
        .hasMessageEndingWith("line 30 before the end");
  }

  @Test
  void stops_a_process_that_is_not_ready_in_time() {
    CoordinatorSettings slow = settings.withProperty("fake.mode", "never-ready");

    assertThatThrownBy(() -> CoordinatorProcess.start(slow, log, Duration.ofSeconds(1)))
        .isInstanceOf(CoordinatorStartException.class)
        .hasMessageStartingWith(
            "The coordinator was not ready after 1 s and was stopped; is the machine very busy?");
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void names_a_port_that_is_taken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      assertThatThrownBy(
              () -> CoordinatorProcess.start(settings.withPorts(port, 0), log, READY_WITHIN))
          .isInstanceOf(CoordinatorStartException.class)
          .hasMessage(
              "HTTP port "
                  + port
                  + " can not be used (Address already in use); stop the process that has it, or"
                  + " choose another with --http-port.");
      assertThatThrownBy(
              () -> CoordinatorProcess.start(settings.withPorts(0, port), log, READY_WITHIN))
          .isInstanceOf(CoordinatorStartException.class)
          .hasMessageStartingWith("gRPC port " + port + " can not be used");
    }
    assertThat(log).doesNotExist();
  }

  @Test
  void says_how_to_build_a_coordinator_that_is_missing() {
    Path empty = directory.resolve("empty");

    assertThatThrownBy(
            () ->
                CoordinatorProcess.start(
                    CoordinatorSettings.of(new Installation(empty), directory), log, READY_WITHIN))
        .isInstanceOf(CoordinatorStartException.class)
        .hasMessage(
            "The coordinator is not built: "
                + empty.resolve("coordinator/service/target/quarkus-app/quarkus-run.jar")
                + " is missing. Run the tacit script without TACIT_BUILD=skip, or build it with mvn"
                + " -pl coordinator/service -am package.");
  }

  @Test
  void refuses_ports_out_of_range() {
    assertThatThrownBy(() -> settings.withPorts(65_536, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("HTTP port is 65536, must be 0 (any free one) to 65535");
    assertThatThrownBy(() -> settings.withPorts(9000, 9000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("HTTP port and gRPC port are both 9000; choose two");
  }

  @Test
  void serve_ends_with_the_coordinators_exit_code() throws Exception {
    Process serve = serve("--java-option=-Dfake.mode=dies");

    assertThat(serve.waitFor()).isEqualTo(3);
    assertThat(log)
        .content()
        .contains("line 30 before the end")
        .doesNotContain("Coordinator: REST API");
  }

  @Test
  void serve_says_its_address_when_the_coordinator_answers() throws Exception {
    int port = freePort();
    Process serve = serve("--no-tls", "--http-port", String.valueOf(port));

    String line = "Coordinator: REST API http://localhost:" + port + ", gRPC port ";
    while (serve.isAlive() && !Files.readString(log).contains(line)) {
      serve.waitFor(50, TimeUnit.MILLISECONDS);
    }

    assertThat(log).content().contains(line);
    serve.destroy();
    assertThat(serve.waitFor()).isEqualTo(128 + 15);
  }

  @Test
  void serve_asks_for_a_new_admin_token_when_told_to() throws Exception {
    int port = freePort();
    Process serve = serve("--no-tls", "--http-port", String.valueOf(port), "--new-admin-token");

    assertThat(getWhenUp(serve, URI.create("http://localhost:" + port)).lines())
        .endsWith("null", "true", "null", "null", "null");
    serve.destroy();
    assertThat(serve.waitFor()).isEqualTo(128 + 15);
  }

  @Test
  void ca_serve_runs_an_authority_of_devices_and_no_coordinator() throws Exception {
    int port = freePort();
    Process serve =
        tacit(
            "ca",
            "serve",
            settings.dataDirectory().toString(),
            "--population",
            "shop,news",
            "--token-key",
            "ab12",
            "--no-tls",
            "--grpc-port",
            "0",
            "--http-port",
            String.valueOf(port));

    assertThat(getWhenUp(serve, URI.create("http://localhost:" + port)).lines())
        .contains(settings.dataDirectory().toString())
        .endsWith("authority", "shop,news", "ab12");
    serve.destroy();
    assertThat(serve.waitFor()).isEqualTo(128 + 15);
  }

  @Test
  void serve_takes_the_coordinator_with_it_when_it_is_stopped() throws Exception {
    int port = freePort();
    Process serve = serve("--no-tls", "--http-port", String.valueOf(port));
    URI url = URI.create("http://localhost:" + port);
    ProcessHandle coordinator =
        ProcessHandle.of(Long.parseLong(getWhenUp(serve, url).lines().findFirst().orElseThrow()))
            .orElseThrow();

    serve.destroy(); // SIGTERM
    assertThat(serve.waitFor()).isEqualTo(128 + 15);

    coordinator.onExit().get(30, TimeUnit.SECONDS);
    assertThat(coordinator.isAlive()).isFalse();
  }

  private static Installation installFakeService(Path root) throws IOException {
    Path jar = root.resolve("coordinator/service/target/quarkus-app/quarkus-run.jar");
    Files.createDirectories(jar.getParent());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
    String file = FakeService.class.getName().replace('.', '/') + ".class";
    try (InputStream bytes = requireNonNull(FakeService.class.getResourceAsStream("/" + file));
        JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      entries.putNextEntry(new JarEntry(file));
      bytes.transferTo(entries);
    }
    return new Installation(root);
  }

  private Process serve(String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "serve",
                "--data-directory",
                settings.dataDirectory().toString(),
                "--grpc-port",
                "0"));
    arguments.addAll(List.of(options));
    if (!arguments.contains("--http-port")) {
      arguments.addAll(List.of("--http-port", "0"));
    }
    return tacit(arguments.toArray(String[]::new));
  }

  /** The command as a process of its own, its output in the log file. */
  private Process tacit(String... arguments) throws IOException {
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-D" + Installation.HOME_PROPERTY + "=" + settings.installation().root(),
            "io.tacit.cli.Tacit");
    command.command().addAll(List.of(arguments));
    return command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static String getWhenUp(Process process, URI url) throws Exception {
    while (process.isAlive()) {
      try {
        return get(url);
      } catch (IOException e) {
        process.waitFor(50, TimeUnit.MILLISECONDS); // It does not listen yet.
      }
    }
    throw new AssertionError("serve ended with " + process.exitValue());
  }

  private static String get(URI url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
        .body();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
