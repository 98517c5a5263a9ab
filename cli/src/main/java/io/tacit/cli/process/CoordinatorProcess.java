package io.tacit.cli.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.ServerTrust;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A running coordinator process. It ends with this JVM, however that ends, short of a kill -9.
 * Thread-safe.
 */
public final class CoordinatorProcess implements AutoCloseable {

  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);
  private static final Duration ASK_EVERY = Duration.ofMillis(100);
  private static final int STARTS_MAX = 3;
  private static final int TAIL_LINES = 20;
  private static final int TAIL_BYTES = 8 * 1024;

  private final CoordinatorSettings settings;
  private final Process process;
  private final Ports ports;
  private final Thread stopAtExit;

  /**
   * Starts the process with its end arranged before: a Ctrl-C in the very moment of the start would
   * otherwise leave it behind.
   */
  private CoordinatorProcess(CoordinatorSettings settings, ProcessBuilder command, Ports ports)
      throws IOException {
    CompletableFuture<Process> started = new CompletableFuture<>();
    this.settings = settings;
    this.ports = ports;
    this.stopAtExit =
        new Thread(
            () ->
                started
                    .thenAccept(running -> stop(running, STOP_WITHIN))
                    .exceptionally(neverStarted -> null)
                    .join(),
            "stop-coordinator");
    Runtime.getRuntime().addShutdownHook(stopAtExit);
    try {
      this.process = command.start();
      started.complete(process);
    } finally {
      // Nothing to stop if it did not start; does nothing if it did.
      started.cancel(false);
    }
  }

  /**
   * Starts a coordinator and waits until it is ready to serve.
   *
   * @param log where its output is appended; the directory must exist
   * @param readyWithin how long to wait
   * @throws CoordinatorStartException if its jar is missing, a port is taken, it ends early (with
   *     the end of its log), or it is not ready in time (it is stopped then)
   */
  public static CoordinatorProcess start(
      CoordinatorSettings settings, Path log, Duration readyWithin)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Ports ports = Ports.reserve(settings);
      ProcessBuilder command =
          command(settings, ports)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      long logStart = Files.exists(log) ? Files.size(log) : 0;
      CoordinatorProcess coordinator = new CoordinatorProcess(settings, command, ports);
      if (coordinator.awaitReady(log, readyWithin)) {
        return coordinator;
      }
      coordinator.close();
      String tail = tail(log, logStart);
      boolean picked = settings.httpPort() == 0 || settings.grpcPort() == 0;
      if (picked && attempt < STARTS_MAX && saysPortTaken(tail)) {
        continue; // Someone took a port that was free when we picked it.
      }
      throw new CoordinatorStartException(
          "The coordinator ended with exit code %d before it was ready. The end of its log, %s:%n%s"
              .formatted(coordinator.process.exitValue(), log, tail));
    }
  }

  /**
   * Starts a coordinator that shares this process's terminal, and does not wait until it is ready.
   *
   * @throws CoordinatorStartException if its jar is missing or a port is taken
   */
  public static CoordinatorProcess startInForeground(CoordinatorSettings settings)
      throws IOException {
    Ports ports = Ports.reserve(settings);
    return new CoordinatorProcess(settings, command(settings, ports).inheritIO(), ports);
  }

  /** Address of the REST API. */
  public URI url() {
    return URI.create((settings.isEncrypted() ? "https" : "http") + "://localhost:" + ports.http());
  }

  /**
   * Whom to take for it: the authority that it made for itself, or the certificates of its
   * settings.
   *
   * @throws IOException if it has made none yet
   */
  public ServerTrust trust() throws IOException {
    return settings.isEncrypted() ? ServerTrust.pinned(authority()) : ServerTrust.platform();
  }

  /** The file for clients to pin; made by its first start, if the settings name none. */
  public Path authority() {
    String given = settings.properties().get("tacit.tls.certificate");
    Path file =
        given == null ? settings.dataDirectory().resolve("tls/authority.pem") : Path.of(given);
    return file.toAbsolutePath();
  }

  /** Its REST API, for the bearer of this token. */
  public CoordinatorApi api(AccessToken token) throws IOException {
    return new CoordinatorApi(url(), trust(), token);
  }

  /** Port of the REST API. */
  public int httpPort() {
    return ports.http();
  }

  /** Port that devices call. */
  public int grpcPort() {
    return ports.grpc();
  }

  /** The operating system's number of the process. */
  public long pid() {
    return process.pid();
  }

  /** Whether it is still running. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it ends by itself or is stopped; answers its exit code. */
  public int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /** Kills it without warning, as a power cut would, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    close();
  }

  /** Asks it to stop, kills it if it has not stopped after 15 seconds; returns when it is gone. */
  @Override
  public void close() {
    stop(STOP_WITHIN);
    try {
      Runtime.getRuntime().removeShutdownHook(stopAtExit);
    } catch (IllegalStateException e) {
      // The JVM is on its way down: the hook runs and finds the process gone.
    }
  }

  void stop(Duration within) {
    stop(process, within);
  }

  private static void stop(Process process, Duration within) {
    process.destroy();
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static ProcessBuilder command(CoordinatorSettings settings, Ports ports)
      throws IOException {
    Path jar = settings.installation().coordinatorJar();
    Files.createDirectories(settings.dataDirectory());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(settings.javaOptions());
    command.add("-Dtacit.http.port=" + ports.http());
    command.add("-Dtacit.grpc.port=" + ports.grpc());
    command.add("-Dtacit.data-directory=" + settings.dataDirectory().toAbsolutePath());
    settings.properties().forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add("-jar");
    command.add(jar.toString());
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().putAll(settings.environment());
    return process;
  }

  /** Waits until it serves; false if it ended first. */
  public boolean awaitReady() throws InterruptedException {
    return awaitReady(Duration.ofNanos(Long.MAX_VALUE)) == Readiness.READY;
  }

  /** False if the process ended first. */
  private boolean awaitReady(Path log, Duration readyWithin)
      throws IOException, InterruptedException {
    Readiness readiness = awaitReady(readyWithin);
    if (readiness == Readiness.LATE) {
      close();
      throw new CoordinatorStartException(
          "The coordinator was not ready after %s s and was stopped; is the machine very busy? The end of its log, %s:%n%s"
              .formatted(readyWithin.toSeconds(), log, tail(log, 0)));
    }
    return readiness == Readiness.READY;
  }

  private enum Readiness {
    READY,
    ENDED,
    LATE
  }

  private Readiness awaitReady(Duration within) throws InterruptedException {
    long start = System.nanoTime();
    while (!process.waitFor(ASK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      if (isReady()) {
        return Readiness.READY;
      }
      if (System.nanoTime() - start > within.toNanos()) {
        return Readiness.LATE;
      }
    }
    return Readiness.ENDED;
  }

  private boolean isReady() throws InterruptedException {
    try {
      return new CoordinatorApi(url(), trust(), null).isReady();
    } catch (IOException e) {
      return false; // It has no certificate yet.
    }
  }

  private static boolean saysPortTaken(String log) {
    return log.contains("already in use")
        || log.contains("already bound")
        || log.contains("BindException");
  }

  /** The last lines of a file, of what lies behind {@code from}. */
  private static String tail(Path file, long from) throws IOException {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long start = Math.max(from, log.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) (log.length() - start)];
      log.seek(start);
      log.readFully(bytes);
      List<String> lines = new String(bytes, UTF_8).lines().toList();
      return lines.stream()
          .skip(Math.max(0, lines.size() - TAIL_LINES))
          .collect(Collectors.joining(System.lineSeparator()));
    }
  }
}
