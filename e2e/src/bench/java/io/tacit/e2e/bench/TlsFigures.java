package io.tacit.e2e.bench;

import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.Installation;
import io.tacit.cli.rest.RefusedException;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What TLS costs: acknowledged uploads per second on three coordinators, without TLS, with TLS 1.3
 * as it comes, and with that of the JDK, in turns of one run. Each repetition is a round as in
 * {@link UploadFigures}. The generator, which encrypts too, shares the machine.
 *
 * <pre>
 * mvn -B -Pfigures -Dchecks=off -DskipTests -pl e2e -am verify -Dfigures=TlsFigures
 * </pre>
 */
public final class TlsFigures {

  private static final int REPETITIONS = 9;

  /** As many uploads as let the compiler be done with the ciphers too. */
  private static final int WARM_UPS = 12;

  private static final List<String> BY_THE_JDK = List.of("-Dio.netty.handler.ssl.noOpenSsl=true");

  private TlsFigures() {}

  /** The repetitions on one coordinator. */
  private static final class Side {

    private final String name;
    private final CoordinatorProcess coordinator;
    private final Cohort clients;
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> processorMillis = new ArrayList<>();

    Side(String name, CoordinatorProcess coordinator, Cohort clients) {
      this.name = name;
      this.coordinator = coordinator;
      this.clients = clients;
    }

    void measure(int inFlight, int count, boolean counts) throws InterruptedException {
      clients.join();
      Duration before = Machine.processorTime(coordinator.pid());
      double rate = clients.upload(inFlight);
      Duration used = Machine.processorTime(coordinator.pid()).minus(before);
      clients.awaitCompletion();
      if (counts) {
        perSecond.add(rate);
        processorMillis.add(used.toNanos() / 1e6 / count);
      }
    }
  }

  /** Arguments: {@code PARAMETERS:IN_FLIGHT:COUNT} each; without any, 100,000 parameters. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, RefusedException {
    List<String> cases = arguments.length > 0 ? List.of(arguments) : List.of("100000:32:600");
    System.out.println("Acknowledged uploads a second, median (spread) of " + REPETITIONS);
    System.out.println(Machine.describe());
    System.out.println();
    System.out.println(
        "| d | in flight | uploads | TLS | uploads a second | of plain | CPU ms an upload | load"
            + " |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (String text : cases) {
      UploadCase which = UploadCase.parse(text);
      measure(which);
    }
  }

  private static void measure(UploadCase which)
      throws IOException, InterruptedException, RefusedException {
    Installation installation = Installation.current();
    Path scratch = Coordinators.scratch(installation);
    TrainingPlan plan = which.size().plan(which.count());
    byte[] update = which.size().update(plan);
    List<IdentityKeyPair> keys = Cohort.keys(which.count());
    try (CoordinatorProcess open =
            Coordinators.start(installation, scratch.resolve("plain"), plan, List.of());
        CoordinatorProcess closed =
            Coordinators.startEncrypted(installation, scratch.resolve("tls"), plan, List.of());
        CoordinatorProcess java =
            Coordinators.startEncrypted(installation, scratch.resolve("jdk"), plan, BY_THE_JDK);
        Connections toOpen = Connections.plain(open.grpcPort());
        Connections toClosed = Connections.encrypted(closed.grpcPort(), closed.authority());
        Connections toJava = Connections.encrypted(java.grpcPort(), java.authority())) {
      String population = plan.population();
      List<Side> sides =
          List.of(
              new Side("none", open, new Cohort(population, toOpen, update, keys)),
              new Side("as it comes", closed, new Cohort(population, toClosed, update, keys)),
              new Side("of the JDK", java, new Cohort(population, toJava, update, keys)));
      for (int i = -WARM_UPS; i < REPETITIONS; i++) {
        // Whoever comes first finds the caches of the others; so they take turns in that too.
        for (int j = 0; j < sides.size(); j++) {
          Side side = sides.get(Math.floorMod(i + j, sides.size()));
          side.measure(which.inFlight(), which.count(), i >= 0);
        }
      }
      print(which, sides);
    } finally {
      Coordinators.delete(scratch);
    }
  }

  private static void print(UploadCase which, List<Side> sides) {
    double plain = Spread.of(sides.get(0).perSecond).median();
    for (Side side : sides) {
      Spread rate = Spread.of(side.perSecond);
      System.out.printf(
          Locale.ROOT,
          "| %,d | %d | %,d | %s | %s | %.0f %% | %s | %.1f |%n",
          which.size().parameters(),
          which.inFlight(),
          which.count(),
          side.name,
          rate.whole(),
          100 * rate.median() / plain,
          Spread.of(side.processorMillis).thousandths(),
          Machine.load());
    }
  }
}
