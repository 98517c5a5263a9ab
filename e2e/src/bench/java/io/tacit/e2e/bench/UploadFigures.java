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
 * Acknowledged uploads per second over gRPC, each answered after its fsync, beside what the spool
 * alone and the transport alone do with the same updates, in turns of one run.
 *
 * <p>Each repetition on the coordinator is a round: all clients have joined before, the measured
 * time begins with the first upload and ends with the last acknowledgement, and the round has to
 * complete with every update in it. Folding goes on meanwhile. Generator and server share the
 * machine.
 */
public final class UploadFigures {

  private static final int REPETITIONS = 5;

  /** Enough for the compiler of the JVM to be done with the small case too. */
  private static final int WARM_UPS = 6;

  private UploadFigures() {}

  /** The repetitions of a case. */
  private static final class Samples {
    final List<Double> append = new ArrayList<>();
    final List<Double> chunked = new ArrayList<>();
    final List<Double> transport = new ArrayList<>();
    final List<Double> coordinator = new ArrayList<>();
    final List<Double> processorMillis = new ArrayList<>();
  }

  /** Arguments: {@code PARAMETERS:IN_FLIGHT:COUNT} each; without any, the three usual cases. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, RefusedException {
    List<String> cases =
        arguments.length > 0
            ? List.of(arguments)
            : List.of("2497:64:6000", "100000:32:600", "1000000:16:100");
    System.out.println("Acknowledged uploads a second, median (spread) of " + REPETITIONS);
    System.out.println(Machine.describe());
    System.out.println();
    System.out.println(
        "| d | in flight | uploads | spool, whole | spool, chunked | transport alone | coordinator"
            + " | of the lower | CPU ms an upload | load |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|");
    for (String text : cases) {
      UploadCase which = UploadCase.parse(text);
      print(which, measure(which));
    }
  }

  private static Samples measure(UploadCase which)
      throws IOException, InterruptedException, RefusedException {
    Installation installation = Installation.current();
    Path scratch = Coordinators.scratch(installation);
    TrainingPlan plan = which.size().plan(which.count());
    byte[] update = which.size().update(plan);
    List<IdentityKeyPair> keys = Cohort.keys(which.count());
    try (PeerProcess spool =
            PeerProcess.start(
                SpoolPeer.class,
                List.of(
                    scratch.resolve("spool").toString(),
                    Integer.toString(which.size().parameters())));
        PeerProcess transport = PeerProcess.start(TransportPeer.class, List.of());
        Connections toTransport = Connections.plain(Integer.parseInt(transport.answer()));
        CoordinatorProcess coordinator =
            Coordinators.start(installation, scratch, plan, List.of());
        Connections toCoordinator = Connections.plain(coordinator.grpcPort())) {
      Cohort strangers = new Cohort(plan.population(), toTransport, update, keys);
      strangers.joinNothing();
      Cohort clients = new Cohort(plan.population(), toCoordinator, update, keys);
      Samples samples = new Samples();
      for (int i = -WARM_UPS; i < REPETITIONS; i++) {
        Samples target = i < 0 ? new Samples() : samples;
        String amount = which.count() + " " + which.inFlight();
        target.append.add(Double.parseDouble(spool.ask("append " + amount)));
        target.chunked.add(Double.parseDouble(spool.ask("upload " + amount)));
        target.transport.add(strangers.upload(which.inFlight()));
        measureRound(which, clients, coordinator.pid(), target);
      }
      return samples;
    } finally {
      Coordinators.delete(scratch);
    }
  }

  private static void measureRound(UploadCase which, Cohort clients, long pid, Samples samples)
      throws InterruptedException {
    clients.join();
    Duration before = Machine.processorTime(pid);
    double perSecond = clients.upload(which.inFlight());
    Duration used = Machine.processorTime(pid).minus(before);
    clients.awaitCompletion();
    samples.coordinator.add(perSecond);
    samples.processorMillis.add(used.toNanos() / 1e6 / which.count());
  }

  private static void print(UploadCase which, Samples samples) {
    Spread append = Spread.of(samples.append);
    Spread chunked = Spread.of(samples.chunked);
    Spread transport = Spread.of(samples.transport);
    Spread coordinator = Spread.of(samples.coordinator);
    double limit = Math.min(Math.max(append.median(), chunked.median()), transport.median());
    System.out.printf(
        Locale.ROOT,
        "| %,d | %d | %,d | %s | %s | %s | %s | %.0f %% | %s | %.1f |%n",
        which.size().parameters(),
        which.inFlight(),
        which.count(),
        append.whole(),
        chunked.whole(),
        transport.whole(),
        coordinator.whole(),
        100 * coordinator.median() / limit,
        Spread.of(samples.processorMillis).thousandths(),
        Machine.load());
  }
}
