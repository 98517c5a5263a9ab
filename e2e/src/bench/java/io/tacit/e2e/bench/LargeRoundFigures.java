package io.tacit.e2e.bench;

import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.Installation;
import io.tacit.cli.rest.RefusedException;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The heap of a coordinator in a round of 1,000 updates of 1,000,000 parameters: that the round
 * completes with all of them shows that this heap suffices. The collector lets garbage lie in what
 * it may use, so that what it finds used says less than a smaller heap that suffices too.
 */
public final class LargeRoundFigures {

  private static final int CLIENTS = 1_000;
  private static final int IN_FLIGHT = 16;

  /** E.g. {@code GC(3) Pause Young (Normal) (G1 Evacuation Pause) 123M->45M(512M) 1.2ms}. */
  private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(\\d+M\\)");

  private LargeRoundFigures() {}

  /** Takes the heap in MB; 512 if absent. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, RefusedException {
    String heap = "-Xmx" + (arguments.length == 0 ? 512 : Integer.parseInt(arguments[0])) + "m";
    Installation installation = Installation.current();
    Path scratch = Coordinators.scratch(installation);
    Path collections = scratch.resolve("gc.log");
    TrainingPlan plan = ModelSize.LARGE.plan(CLIENTS);
    System.out.println(Machine.describe());
    try {
      double seconds;
      try (CoordinatorProcess coordinator =
              Coordinators.start(
                  installation, scratch, plan, List.of(heap, "-Xlog:gc:file=" + collections));
          Connections connections = Connections.plain(coordinator.grpcPort())) {
        Cohort clients =
            new Cohort(
                plan.population(), connections, ModelSize.LARGE.update(plan), Cohort.keys(CLIENTS));
        clients.join();
        seconds = CLIENTS / clients.upload(IN_FLIGHT);
        clients.awaitCompletion();
      }
      print(heap, seconds, Files.readAllLines(collections));
    } finally {
      Coordinators.delete(scratch);
    }
  }

  private static void print(String heap, double seconds, List<String> collections) {
    int before = 0;
    int after = 0;
    for (String line : collections) {
      Matcher matcher = COLLECTION.matcher(line);
      if (matcher.find()) {
        before = Math.max(before, Integer.parseInt(matcher.group(1)));
        after = Math.max(after, Integer.parseInt(matcher.group(2)));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "Completed with %,d contributors of %,d parameters, uploaded in %.1f s with %d in flight%n"
            + "%s; heap used at most %d MB before and %d MB after a collection%n",
        CLIENTS,
        ModelSize.LARGE.parameters(),
        seconds,
        IN_FLIGHT,
        heap,
        before,
        after);
  }
}
