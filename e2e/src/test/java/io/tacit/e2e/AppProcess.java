package io.tacit.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An app of {@link io.tacit.e2e.app} in a process of its own, and the lines that it prints. */
public final class AppProcess implements AutoCloseable {

  /** Starts in a quarter of a second: most of what a short life costs is the compiler. */
  public static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx64m");

  private static final int ENDS_WITHIN_SECONDS = 30;

  private final Process process;
  private final Thread reader;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private AppProcess(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "app-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts an app.
   *
   * @param root of the tree
   * @param app its main class
   * @param javaOptions of its JVM
   * @param arguments of the app
   */
  public static AppProcess start(
      Path root, Class<?> app, List<String> javaOptions, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.add("-cp");
    command.add(classPath(root));
    command.add(app.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new AppProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private static String classPath(Path root) throws IOException {
    List<Path> classPath = new ArrayList<>(ClientClassPath.resolve(root).all());
    classPath.add(root.resolve("e2e/target/test-classes"));
    return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private void read() {
    try (BufferedReader output = process.inputReader(UTF_8)) {
      String line = output.readLine();
      while (line != null) {
        add(line);
        line = output.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      end();
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** All lines so far, standard error among them. */
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** The rest of each line so far that begins with this word. */
  public synchronized List<String> linesOf(String word) {
    return lines.stream()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.substring(word.length() + 1))
        .toList();
  }

  /**
   * Waits for the first line, of those printed already too, that begins like this.
   *
   * @throws AssertionError if it does not come, with all lines
   */
  public String await(String prefix, Duration within) throws InterruptedException {
    return awaitAny(List.of(prefix), within);
  }

  /** Waits for the first line that begins like one of these, as {@link #await} does. */
  synchronized String awaitAny(List<String> prefixes, Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    int seen = 0;
    while (true) {
      for (; seen < lines.size(); seen++) {
        if (prefixes.stream().anyMatch(lines.get(seen)::startsWith)) {
          return lines.get(seen);
        }
      }
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (ended || millis <= 0) {
        throw new AssertionError(
            "the app "
                + (ended ? "ended" : "is stuck")
                + " without a line of "
                + prefixes
                + " within "
                + within.toSeconds()
                + " s; it printed:\n"
                + String.join("\n", lines));
      }
      wait(millis);
    }
  }

  /** Ends it as the system does with an app in the background: kill -9. */
  public void kill() throws InterruptedException {
    // Process.destroyForcibly would close the output too, and lose the last lines.
    process.toHandle().destroyForcibly();
    awaitEnd();
  }

  /** Lets it leave by itself. */
  public void leave() throws IOException, InterruptedException {
    process.getOutputStream().close();
    awaitEnd();
    assertThat(process.exitValue()).as("exit code of the app").isZero();
  }

  private void awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)).as("app ended").isTrue();
    reader.join();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
