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
 * What TLS costs: acknowledged uploads per second on two coordinators, one with TLS 1.3 and one
 * without, in turns of one run. Each repetition is a round as in {@link UploadFigures}. The
 * generator, which encrypts too, shares the machine.
 *
 * <pre>
 * mvn -B -Pfigures -Dchecks=off -DskipTests -pl e2e -am verify -Dfigures=TlsFigures
 * </pre>
 */
public final class TlsFigures {

  private static final int REPETITIONS = 9;
  private static final int WARM_UPS = 6;

  private TlsFigures() {}

  /** The repetitions on one coordinator. */
  private static final class Side {

    private final CoordinatorProcess coordinator;
    private final Cohort clients;
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> processorMillis = new ArrayList<>();

    Side(CoordinatorProcess coordinator, Cohort clients) {
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
        "| d | in flight | uploads | plain | TLS 1.3 | TLS of plain"
            + " | CPU ms an upload, plain | TLS 1.3 | load |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
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
            Coordinators.startEncrypted(installation, scratch.resolve("tls"), plan);
        Connections toOpen = Connections.plain(open.grpcPort());
        Connections toClosed = Connections.encrypted(closed.grpcPort(), closed.authority())) {
      Side plain = new Side(open, new Cohort(plan.population(), toOpen, update, keys));
      Side tls = new Side(closed, new Cohort(plan.population(), toClosed, update, keys));
      for (int i = -WARM_UPS; i < REPETITIONS; i++) {
        // Whoever comes first finds the caches of the other; so they take turns in that too.
        List<Side> order = i % 2 == 0 ? List.of(plain, tls) : List.of(tls, plain);
        for (Side side : order) {
          side.measure(which.inFlight(), which.count(), i >= 0);
        }
      }
      print(which, plain, tls);
    } finally {
      Coordinators.delete(scratch);
    }
  }

  private static void print(UploadCase which, Side plain, Side tls) {
    Spread withoutTls = Spread.of(plain.perSecond);
    Spread withTls = Spread.of(tls.perSecond);
    System.out.printf(
        Locale.ROOT,
        "| %,d | %d | %,d | %s | %s | %.0f %% | %s | %s | %.1f |%n",
        which.size().parameters(),
        which.inFlight(),
        which.count(),
        withoutTls.whole(),
        withTls.whole(),
        100 * withTls.median() / withoutTls.median(),
        Spread.of(plain.processorMillis).thousandths(),
        Spread.of(tls.processorMillis).thousandths(),
        Machine.load());
  }
}
