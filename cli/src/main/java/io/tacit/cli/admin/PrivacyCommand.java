package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.console.Table;
import io.tacit.cli.evaluate.PrivacyCurveCommand;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit privacy}: what models let be learnt about a device. */
@Command(
    name = "privacy",
    description = "Differential privacy: what models let be learnt about one device.",
    subcommands = {
      PrivacyPlan.class,
      PrivacyCommand.Show.class,
      PrivacyCommand.Restored.class,
      PrivacyCurveCommand.class
    })
public final class PrivacyCommand {

  private PrivacyCommand() {}

  @Command(
      name = "show",
      description = {
        "Show what a plan's rounds let be learnt so far, from the coordinator's ledger.",
        "Every sum is charged to it before it can be known. Always both epsilons: against whoever"
            + " sees the models, and against the coordinator, which also sees the sum of each"
            + " shard; by updates, by what devices measure where they report that, and by all of"
            + " it."
      })
  static final class Show implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
    private String plan;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      JsonNode standing = address.api().privacy(plan);
      output.print(standing, text(standing));
      return 0;
    }

    static String text(JsonNode standing) {
      StringBuilder text =
          new StringBuilder(
              """
              plan                      %s version %s
              mechanism                 %s
              delta                     %s
              participations at most    %s
              rounds charged            %s, without noise %s

              """
                  .formatted(
                      Cells.text(standing, "plan"),
                      Cells.text(standing, "version"),
                      Cells.text(standing, "mechanism"),
                      Cells.text(standing, "delta"),
                      Cells.text(standing, "participationsMax"),
                      Cells.text(standing, "rounds"),
                      Cells.text(standing, "roundsWithoutNoise")));
      text.append(table(standing)).append("\n\n");
      for (JsonNode line : standing.path("assumptions")) {
        text.append("- ").append(line.asText()).append('\n');
      }
      if (standing.path("stop").isTextual()) {
        text.append("\nNo more rounds: ").append(standing.path("stop").asText()).append(".\n");
      }
      return text.toString();
    }

    /** By updates, by metrics, and always by all that devices send. */
    private static Table table(JsonNode standing) {
      Table table = new Table("BY", "EPSILON AGAINST", "NOISE", "SO FAR", "AT THE CAP", "BUDGET");
      rows(table, "updates", standing.path("updates"));
      if (standing.path("metrics").isObject()) {
        rows(table, "metrics", standing.path("metrics"));
      }
      rows(table, "all", standing);
      return table;
    }

    private static void rows(Table table, String by, JsonNode part) {
      row(table, by, part, "models", "noiseMultiplier");
      row(table, by, part, "coordinator", "shardNoiseMultiplier");
    }

    private static void row(Table table, String by, JsonNode part, String adversary, String noise) {
      table.row(
          by,
          adversary,
          Cells.decimal(part, noise),
          epsilon(part.path("soFar").path(adversary)),
          epsilon(part.path("atCap").path(adversary)),
          part.has("budget") ? limit(part.path("budget").path(adversary)) : Table.NOTHING);
    }

    /** Rounded up, so that it never looks better than it is. */
    private static String epsilon(JsonNode value) {
      return value.isNumber()
          ? String.format(Locale.ROOT, "%.2f", Math.ceil(value.asDouble() * 100) / 100)
          : "unbounded";
    }

    private static String limit(JsonNode value) {
      return value.isNumber() ? value.asText() : "none";
    }
  }

  @Command(
      name = "restored",
      description = {
        "Tell a coordinator whose database was put back from a backup which rounds it lost.",
        "They are counted in the privacy ledger at the noise of the version in force, and their"
            + " numbers are not used again: devices have spent them and would refuse.",
        "Apply the newest version of the plan first. A round that was opened again since counts"
            + " twice, which is the safe side."
      })
  static final class Restored implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
    private String plan;

    @Option(
        names = "--after",
        paramLabel = "ROUND",
        required = true,
        description =
            "The last round that the backup holds, not counting those opened since; rather too low"
                + " than too high.")
    private long after;

    @Option(
        names = "--to",
        paramLabel = "ROUND",
        required = true,
        description =
            "The last round that took place, as logs or any device's ledger say; rather too high"
                + " than too low.")
    private long last;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      JsonNode standing = address.api().noteLostRounds(plan, after, last);
      output.print(standing, Show.text(standing));
      return 0;
    }
  }
}
