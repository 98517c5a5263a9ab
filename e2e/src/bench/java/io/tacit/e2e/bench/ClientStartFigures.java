package io.tacit.e2e.bench;

import io.tacit.cli.process.Installation;
import io.tacit.e2e.AppProcess;
import io.tacit.e2e.StartBundle;
import io.tacit.e2e.app.StartApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long an app waits for its first recommendations: from {@code build()} until {@code
 * recommend(10)} has answered, in a new JVM each time. With a model over 1,000 items that the app
 * brings along and has to install, and then, as on every later start, with that model in place and
 * 1,000 events; with files that are encrypted with a key of the app, with a password, and not at
 * all.
 *
 * <pre>
 * mvn -B -Pfigures -Dchecks=off -DskipTests -pl e2e -am verify -Dfigures=ClientStartFigures
 * </pre>
 */
public final class ClientStartFigures {

  private static final int JVMS = 11;
  private static final int EVENTS = 1_000;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Path root;
  private final Path scratch;
  private final List<String> javaOptions;

  private ClientStartFigures(Path root, Path scratch, List<String> javaOptions) {
    this.root = root;
    this.scratch = scratch;
    this.javaOptions = javaOptions;
  }

  /**
   * @param arguments options of the JVMs, by default none
   */
  public static void main(String[] arguments) throws Exception {
    System.out.println(Machine.describe());
    Installation installation = Installation.current();
    Path scratch = Coordinators.scratch(installation);
    try {
      new ClientStartFigures(installation.root(), scratch, List.of(arguments)).run();
    } finally {
      Coordinators.delete(scratch);
    }
  }

  private void run() throws Exception {
    StartBundle.write(scratch);
    for (String storage : List.of("key", "password", "none")) {
      List<long[]> firstStarts = new ArrayList<>();
      List<long[]> laterStarts = new ArrayList<>();
      for (int i = 0; i < JVMS; i++) {
        firstStarts.add(start(storage, i, EVENTS));
      }
      for (int i = 0; i < JVMS; i++) {
        laterStarts.add(start(storage, i, 0));
      }
      print("storage " + storage + ", first start, installs its model", firstStarts);
      print("storage " + storage + ", later start, " + EVENTS + " events", laterStarts);
    }
  }

  /** Nanoseconds until it was built, and until it had recommended. */
  private long[] start(String storage, int client, int eventsAfterwards) throws Exception {
    List<String> options = new ArrayList<>(javaOptions);
    options.add("-Dstorage=" + storage);
    try (AppProcess app =
        AppProcess.start(
            root,
            StartApp.class,
            options,
            scratch.resolve(storage + "-" + client),
            scratch,
            eventsAfterwards)) {
      String[] recommended = app.await("recommended ", WITHIN).split(" ");
      long built = Long.parseLong(app.await("built ", WITHIN).split(" ")[1]);
      if (!recommended[2].equals("10")) {
        throw new IllegalStateException("the app was recommended " + recommended[2] + " items");
      }
      app.leave();
      return new long[] {built, Long.parseLong(recommended[1])};
    }
  }

  private static void print(String what, List<long[]> starts) {
    Spread built = Spread.of(starts.stream().map(nanos -> nanos[0] / 1e6).toList());
    Spread recommended = Spread.of(starts.stream().map(nanos -> nanos[1] / 1e6).toList());
    System.out.println(
        what
            + ": build() "
            + built.whole()
            + " ms, first recommendations after "
            + recommended.whole()
            + " ms; median of "
            + starts.size()
            + " JVMs");
  }
}
