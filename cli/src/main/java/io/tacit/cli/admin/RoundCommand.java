package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.console.Table;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tacit round}: how training goes. */
@Command(
    name = "round",
    description = "Rounds: how training goes.",
    subcommands = {RoundCommand.ListAll.class, RoundCommand.Watch.class, RoundCommand.Record.class})
public final class RoundCommand {

  private RoundCommand() {}

  @Command(name = "list", description = "List rounds of a plan, the oldest first.")
  static final class ListAll implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
    private String plan;

    @Option(
        names = "--after",
        paramLabel = "ROUND",
        defaultValue = "0",
        description = "Only rounds with a higher number (default: ${DEFAULT-VALUE}).")
    private long after;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100",
        description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      JsonNode rounds = address.api().rounds(plan, after, limit);
      Table table =
          new Table(
              "ROUND", "STATE", "ROSTER", "UPDATES", "LOSS", "UP", "SECONDS", "MODEL", "REASON");
      for (JsonNode round : rounds) {
        table.row(
            Cells.text(round, "round"),
            Cells.text(round, "state"),
            Cells.text(round, "rosterSize"),
            Cells.text(round, "contributors"),
            Cells.decimal(round, "meanLoss"),
            Cells.bytes(round, "bytesUp"),
            seconds(round),
            Cells.shortHash(round, "newModelHash"),
            Cells.text(round, "reason"));
      }
      output.print(rounds, table);
      return 0;
    }
  }

  @Command(
      name = "watch",
      description = {
        "Print each round of a plan as it ends, until the plan is finished or superseded.",
        "With --json, one JSON document a line for each round."
      })
  static final class Watch implements Callable<Integer> {

    private static final int PAGE = 100;
    private static final long INTERVAL_MILLIS_MAX = 3_600_000;

    @Spec private CommandSpec spec;
    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
    private String plan;

    @Option(
        names = "--after",
        paramLabel = "ROUND",
        defaultValue = "0",
        description = "Only rounds with a higher number (default: ${DEFAULT-VALUE}).")
    private long after;

    @Option(
        names = "--interval",
        paramLabel = "MILLIS",
        defaultValue = "1000",
        description = "Milliseconds between two questions (default: ${DEFAULT-VALUE}).")
    private long intervalMillis;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      if (intervalMillis < 1 || intervalMillis > INTERVAL_MILLIS_MAX) {
        throw new ParameterException(
            spec.commandLine(),
            "--interval is " + intervalMillis + ", must be 1 to " + INTERVAL_MILLIS_MAX);
      }
      CoordinatorApi api = address.api();
      while (true) {
        // Asked before the rounds: when the plan had ended by then, the rounds that follow are all.
        boolean active = Cells.text(api.plan(plan), "state").equals("ACTIVE");
        int ended = printEnded(api.rounds(plan, after, PAGE));
        if (!active && ended == 0) {
          return 0;
        }
        if (ended < PAGE) {
          Thread.sleep(intervalMillis);
        }
      }
    }

    /** Prints the rounds in front that have ended, and moves on behind them. */
    private int printEnded(JsonNode rounds) {
      PrintWriter out = spec.commandLine().getOut();
      int ended = 0;
      for (JsonNode round : rounds) {
        if (!round.hasNonNull("closedAt")) {
          break;
        }
        out.println(output.isJson() ? round.toString() : line(round));
        after = round.path("round").asLong();
        ended++;
      }
      out.flush();
      return ended;
    }

    private static String line(JsonNode round) {
      String end =
          round.hasNonNull("reason")
              ? Cells.text(round, "reason")
              : "model " + Cells.shortHash(round, "newModelHash");
      return String.format(
          "round %4s  %-9s  %4s of %4s updates  loss %-6s  %8s up  %6s s  %s",
          Cells.text(round, "round"),
          Cells.text(round, "state"),
          Cells.text(round, "contributors"),
          Cells.text(round, "rosterSize"),
          Cells.decimal(round, "meanLoss"),
          Cells.bytes(round, "bytesUp"),
          seconds(round),
          end);
    }
  }

  @Command(
      name = "record",
      description =
          "Download the record of a completed round of secure aggregation; tacit verify-round"
              + " checks it.")
  static final class Record implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "PLAN", description = "Id of the plan.")
    private String plan;

    @Parameters(index = "1", paramLabel = "ROUND", description = "Number of the round.")
    private long round;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        required = true,
        description = "Where to write it.")
    private Path file;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      CoordinatorApi.Download download = address.api().downloadRecord(plan, round, file);
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("file", file.toString());
      document.put("bytes", download.bytes());
      document.put("hash", download.hash().toHex());
      output.print(
          document, "%s: %d bytes, hash %s".formatted(file, download.bytes(), download.hash()));
      return 0;
    }
  }

  /** From opened to closed; nothing while the round is running. */
  private static String seconds(JsonNode round) {
    if (!round.hasNonNull("openedAt") || !round.hasNonNull("closedAt")) {
      return Table.NOTHING;
    }
    Instant opened = Instant.parse(round.path("openedAt").asText());
    Instant closed = Instant.parse(round.path("closedAt").asText());
    return String.format(Locale.ROOT, "%.1f", Duration.between(opened, closed).toMillis() / 1000.0);
  }
}
