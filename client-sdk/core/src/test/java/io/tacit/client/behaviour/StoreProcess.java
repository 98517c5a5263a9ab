package io.tacit.client.behaviour;

import static io.tacit.client.behaviour.Stores.NOON;

import io.tacit.client.storage.InUseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Another process with a store. Prints one line per thing that it has done. */
final class StoreProcess {

  private StoreProcess() {}

  /** Starts one; its standard error is the caller's. */
  static Process start(List<String> jvm, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.add("-Dtacit.test.encrypted=" + Stores.encrypted);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), StoreProcess.class.getName()));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Takes what to do and the directory. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "try" -> tryToOpen(directory);
      case "record" -> recordUntilKilled(directory);
      case "large" -> readLarge(directory);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void tryToOpen(Path directory) throws IOException {
    try (FileBehaviourStore store = Stores.open(directory)) {
      System.out.println("opened with " + store.count());
    } catch (InUseException e) {
      System.out.println("in use");
    }
  }

  private static void recordUntilKilled(Path directory) throws IOException {
    FileBehaviourStore store = Stores.openSmall(directory);
    for (int i = store.count(); ; i++) {
      store.record(BehaviourEvent.click("item-" + i, NOON));
      System.out.println(i + 1);
      System.out.flush();
    }
  }

  /** Opens, looks at the window of 10 000 events, reads all and records one. */
  private static void readLarge(Path directory) throws IOException {
    Retention retention = Retention.latest(Retention.EVENTS_MAX);
    try (FileBehaviourStore store = Stores.open(directory, retention, Clock.systemUTC())) {
      int window = store.events().size();
      int[] visited = new int[1];
      IntegrityReport report = store.scan(event -> visited[0]++);
      store.recordDurably(Stores.clicks(1));
      System.out.println(store.count() + " " + window + " " + visited[0] + " " + report.isIntact());
    }
  }
}
