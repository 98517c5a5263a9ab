package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The packaged example shop as a process with one customer, who types and reads. */
final class ShopProcess implements AutoCloseable {

  private static final int ANSWER_SECONDS = 60;

  private final Process process;
  private final BufferedWriter typed;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private ShopProcess(Process process) {
    this.process = process;
    this.typed = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(() -> read(process.inputReader(StandardCharsets.UTF_8)), "shop-out");
    reader.setDaemon(true);
    reader.start();
  }

  static ShopProcess enter(Path data, RunningCoordinator coordinator) throws IOException {
    Path jar =
        RunningCoordinator.installation()
            .root()
            .resolve("client-sdk/example-shop/target/tacit-example-shop.jar");
    return new ShopProcess(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString(),
                "--data",
                data.toString(),
                "--coordinator",
                "localhost:" + coordinator.process().grpcPort(),
                "--trust",
                coordinator.process().authority().toString())
            .redirectErrorStream(true)
            .start());
  }

  private void read(BufferedReader out) {
    try (out) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Types a line and does not wait. */
  void type(String line) {
    try {
      typed.write(line + "\n");
      typed.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the shop prints from now on, up to a line with this text. */
  List<String> readUntil(String text) throws InterruptedException {
    List<String> read = new ArrayList<>();
    while (read.isEmpty() || !read.get(read.size() - 1).contains(text)) {
      String line = lines.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
      assertThat(line).as("a line with \"%s\" after %s", text, read).isNotNull();
      read.add(line);
    }
    return read;
  }

  /** Types a line, and reads all that the shop answers to it. */
  List<String> say(String line) throws InterruptedException {
    type(line);
    // A command that does not exist marks the end of the answer.
    type("mark");
    List<String> answer = readUntil("There is no command \"mark\"");
    return answer.subList(0, answer.size() - 1);
  }

  /** Says goodbye, as a customer would. */
  int quit() throws InterruptedException {
    type("quit");
    assertThat(process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)).as("shop has ended").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
