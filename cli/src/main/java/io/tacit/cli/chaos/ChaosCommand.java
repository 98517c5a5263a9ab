package io.tacit.cli.chaos;

import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.process.Installation;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.RefusedException;
import io.tacit.simulation.chaos.Judge;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.population.ScratchDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tacit chaos}: kills a coordinator under live devices, and looks whether it kept its word.
 */
@Command(
    name = "chaos",
    description = {
      "Kill a coordinator (kill -9) again and again while devices train over real gRPC with secure"
          + " aggregation, and check every sum and model that it published against what the devices"
          + " sent.",
      "",
      "The last line is kills=… completed=… aborted=… lost=…: sessions whose sum went into a model,"
          + " sessions that ended without one (their updates are spent), and acknowledged updates"
          + " that are missing or sums that were applied other than once, which must be 0. Exit"
          + " code 1 if it is not."
    })
public final class ChaosCommand implements Callable<Integer> {

  private static final int KILLS_MAX = 100_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often to kill it (default: ${DEFAULT-VALUE}).")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Chooses the moments of the kills (default: ${DEFAULT-VALUE}). What is under way then"
              + " depends on the machine.")
  private long seed;

  private ChaosCommand() {}

  @Override
  public Integer call()
      throws IOException, InterruptedException, RefusedException, DataSetException {
    if (kills < 1 || kills > KILLS_MAX) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--kills is " + kills + ", must be 1 to " + KILLS_MAX);
    }
    PrintWriter out = spec.commandLine().getOut();
    AccessToken token = AccessToken.generate(new SecureRandom());
    Judge.Verdict verdict;
    try (ScratchDirectory devices = ScratchDirectory.create("tacit-chaos-devices-");
        ScratchDirectory service = ScratchDirectory.onDisk("tacit-chaos-coordinator-");
        ChaosRun run =
            ChaosRun.start(
                CoordinatorSettings.of(Installation.current(), service.path().resolve("data"))
                    .withProperty("tacit.come-back-min", "50ms")
                    // With the usual grace, the next kill would come before a stage's end.
                    .withProperty("tacit.restart-grace", "5s")
                    .withAdminToken(token)
                    .withJavaOptions(List.of("-Xmx256m")),
                token,
                service.path().resolve("log"),
                devices.path(),
                seed)) {
      run.killAgainAndAgain(kills, seed, line -> print(out, line));
      verdict = run.judge();
    }
    verdict.faults().forEach(fault -> print(out, "LOST: " + fault));
    print(
        out,
        "Devices that vanished from sessions which completed, and whose masks the others took off: "
            + verdict.recovered());
    print(
        out,
        String.format(
            Locale.ROOT,
            "kills=%d completed=%d aborted=%d lost=%d",
            kills,
            verdict.completed(),
            verdict.aborted(),
            verdict.faults().size()));
    return verdict.faults().isEmpty() ? 0 : 1;
  }

  private static void print(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
