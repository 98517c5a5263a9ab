package io.tacit.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.cli.process.Installation;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.e2e.AppProcess;
import io.tacit.e2e.app.StartApp;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How long an app waits for its first recommendations: from {@code build()} until {@code
 * recommend(10)} has answered, in a new JVM each time. With a model over 1,000 items that the app
 * brings along and has to install, and then, as on every later start, with that model in place and
 * 1,000 events.
 *
 * <pre>
 * mvn -B -Pfigures -Dchecks=off -DskipTests -pl e2e -am verify -Dfigures=ClientStartFigures
 * </pre>
 */
public final class ClientStartFigures {

  private static final int JVMS = 11;
  private static final int ITEMS = 1_000;
  private static final int EVENTS = 1_000;
  private static final int DIMENSION = 32;
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
    writeBundle();
    List<long[]> firstStarts = new ArrayList<>();
    List<long[]> laterStarts = new ArrayList<>();
    for (int i = 0; i < JVMS; i++) {
      firstStarts.add(start("client-" + i, EVENTS));
    }
    for (int i = 0; i < JVMS; i++) {
      laterStarts.add(start("client-" + i, 0));
    }
    print("first start, installs its model", firstStarts);
    print("later start, " + EVENTS + " events", laterStarts);
  }

  /** Nanoseconds until it was built, and until it had recommended. */
  private long[] start(String client, int eventsAfterwards) throws Exception {
    try (AppProcess app =
        AppProcess.start(
            root,
            StartApp.class,
            javaOptions,
            scratch.resolve(client),
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

  private void writeBundle() throws Exception {
    List<Catalogue.Item> items = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      items.add(new Catalogue.Item("item-" + i, "Item " + i));
    }
    Catalogue catalogue = Catalogue.of(items);
    TrainingPlan plan = plan(catalogue);
    byte[] model = ModelParameters.initial(plan.model()).toBytes();
    Files.write(scratch.resolve("plan"), plan.toBytes());
    Files.write(scratch.resolve("catalogue"), catalogue.toBytes());
    Files.write(scratch.resolve("model"), model);
    Files.write(scratch.resolve("sha256"), ContentHash.of(model).toHex().getBytes(UTF_8));
  }

  private static TrainingPlan plan(Catalogue catalogue) {
    FeatureSchema.Items features =
        new FeatureSchema.Items(
            catalogue.contentHash(), catalogue.size(), 16, Set.of(BehaviourEvent.CLICK));
    return new TrainingPlan(
        new PlanId("start"),
        1,
        StartApp.POPULATION,
        new ModelSpecification.TwoTower(features.rows(), DIMENSION, true, 1),
        features,
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, 1_000, true, 0),
        new CohortSettings(64, 32, 1.3),
        new DeadlineSettings(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(1)),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 1e-3),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.UNIFORM, 100),
        new EvaluationSettings(0),
        60);
  }
}
