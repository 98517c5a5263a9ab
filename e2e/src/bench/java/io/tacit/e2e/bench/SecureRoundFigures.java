package io.tacit.e2e.bench;

import com.sun.management.OperatingSystemMXBean;
import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.Installation;
import io.tacit.cli.rest.RefusedException;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whole rounds of secure aggregation over real gRPC on loopback: all devices in this process, the
 * coordinator in its own, on the same cores. Devices bring an update that they have not trained;
 * all else is what an app does, from poll to result. Beside it the cryptography of the same session
 * alone, and how many times as long the round takes as that would on all cores.
 */
public final class SecureRoundFigures {

  /** Before what is measured: so many rounds, and so long, until the JVM has compiled its code. */
  private static final int ROUNDS_WARM = 5;

  private static final Duration WARM = Duration.ofSeconds(60);

  private static final int ROUNDS_MEASURED = 5;

  private static final List<String> CASES =
      List.of(
          "2497:64:0:1",
          "2497:64:0:2",
          "100000:50:0:1",
          "100000:50:20:1",
          "100000:100:0:1",
          "100000:100:10:1",
          "100000:100:0:2",
          "1000000:50:0:1",
          "1000000:100:0:1",
          "1000000:100:10:1",
          "1000000:100:0:2");

  private SecureRoundFigures() {}

  /**
   * One measurement.
   *
   * @param parameters d
   * @param devices n, all in one shard
   * @param vanishPercent how many of them vanish after they have shared their keys
   * @param suite of the keys
   */
  private record Case(int parameters, int devices, int vanishPercent, Suite suite) {

    static Case parse(String text) {
      String[] parts = text.split(":");
      if (parts.length != 4) {
        throw new IllegalArgumentException(
            "case is " + text + ", must be PARAMETERS:DEVICES:VANISH_PERCENT:SUITE");
      }
      return new Case(
          Integer.parseInt(parts[0]),
          Integer.parseInt(parts[1]),
          Integer.parseInt(parts[2]),
          Suite.ofNumber(Integer.parseInt(parts[3])));
    }

    int vanishing() {
      return devices * vanishPercent / 100;
    }
  }

  /** Takes cases, {@code PARAMETERS:DEVICES:VANISH_PERCENT:SUITE}; all usual ones if absent. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, RefusedException {
    List<String> cases = arguments.length == 0 ? CASES : List.of(arguments);
    System.out.println(Machine.describe());
    System.out.println(
        "| d | n | vanish | suite | round, s | CPU s a round | devices' | coordinator's"
            + " | cryptography, CPU s | round / (cryptography / cores) |");
    for (String text : cases) {
      measure(Case.parse(text));
    }
  }

  private static void measure(Case wanted)
      throws IOException, InterruptedException, RefusedException {
    Installation installation = Installation.current();
    Path scratch = Coordinators.scratch(installation);
    TrainingPlan plan =
        ModelSize.of(wanted.parameters())
            .securePlan(wanted.devices(), wanted.vanishing(), wanted.suite());
    // First, as it compiles what the rounds need: with a hundred threads of devices the compiler
    // hardly gets a turn, and they would mask with the interpreter's AES for minutes.
    List<Double> cryptography = cryptography(plan, wanted);
    try (CoordinatorProcess coordinator =
            Coordinators.start(installation, scratch, plan, List.of("-Xmx1g"));
        SecureDevices devices =
            SecureDevices.make(
                plan, coordinator.grpcPort(), scratch, wanted.devices(), wanted.vanishing())) {
      List<Double> seconds = new ArrayList<>();
      List<Double> devicesCpu = new ArrayList<>();
      List<Double> coordinatorCpu = new ArrayList<>();
      for (WarmUp warm = new WarmUp(); seconds.size() < ROUNDS_MEASURED; warm.countRound()) {
        long start = System.nanoTime();
        Duration ownBefore = ownProcessorTime();
        Duration otherBefore = Machine.processorTime(coordinator.pid());
        devices.takePart();
        if (warm.isOver()) {
          seconds.add((System.nanoTime() - start) / 1e9);
          devicesCpu.add(seconds(ownProcessorTime().minus(ownBefore)));
          coordinatorCpu.add(seconds(Machine.processorTime(coordinator.pid()).minus(otherBefore)));
        }
      }
      print(wanted, seconds, devicesCpu, coordinatorCpu, cryptography);
    } finally {
      Coordinators.delete(scratch);
    }
  }

  /** How long the JVM has had to compile what is to be measured. */
  private static final class WarmUp {

    private final long began = System.nanoTime();
    private int rounds;

    void countRound() {
      rounds++;
    }

    boolean isOver() {
      return rounds >= ROUNDS_WARM && System.nanoTime() - began > WARM.toNanos();
    }
  }

  /** Processor seconds of sessions in which nobody vanishes. */
  private static List<Double> cryptography(TrainingPlan plan, Case wanted) {
    List<Double> spent = new ArrayList<>();
    List<IdentityKeyPair> identities = SecureCryptography.identities(wanted.devices());
    for (WarmUp warm = new WarmUp(); spent.size() < ROUNDS_MEASURED; warm.countRound()) {
      Duration time = SecureCryptography.run(plan, identities);
      if (warm.isOver()) {
        spent.add(seconds(time));
      }
    }
    return spent;
  }

  private static void print(
      Case wanted,
      List<Double> seconds,
      List<Double> devices,
      List<Double> coordinator,
      List<Double> cryptography) {
    List<Double> both = new ArrayList<>();
    for (int i = 0; i < devices.size(); i++) {
      both.add(devices.get(i) + coordinator.get(i));
    }
    System.out.printf(
        Locale.ROOT,
        "| %,d | %d | %d %% | %d | %s | %s | %.2f | %.2f | %s | %s |%n",
        wanted.parameters(),
        wanted.devices(),
        wanted.vanishPercent(),
        wanted.suite().number(),
        Spread.of(seconds).hundredths(),
        Spread.of(both).hundredths(),
        Spread.of(devices).median(),
        Spread.of(coordinator).median(),
        Spread.of(cryptography).hundredths(),
        wanted.vanishing() > 0 ? "" : ratio(seconds, cryptography));
  }

  private static String ratio(List<Double> seconds, List<Double> cryptography) {
    double onAllCores =
        Spread.of(cryptography).median() / Runtime.getRuntime().availableProcessors();
    return String.format(Locale.ROOT, "%.2f", Spread.of(seconds).median() / onAllCores);
  }

  private static Duration ownProcessorTime() {
    return Duration.ofNanos(
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime());
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
