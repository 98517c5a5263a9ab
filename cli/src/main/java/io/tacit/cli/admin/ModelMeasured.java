package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tacit.cli.console.Output;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit model measured}: sums of what devices measured of a version. */
@Command(
    name = "measured",
    description = {
      "Add what a group of devices measured of a version: exact sums of one value between 0 and 1"
          + " for each device. Reports of one version and group add up.",
      "For plans whose devices do not report by themselves (evaluation.metrics); where they do, it"
          + " is refused."
    })
final class ModelMeasured implements Callable<Integer> {

  @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
  @Mixin private final Output output = new Output();

  @Parameters(index = "0", paramLabel = "PLAN", description = "Id of the plan.")
  private String plan;

  @Parameters(index = "1", paramLabel = "VERSION", description = "Number of the version.")
  private int version;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      defaultValue = "held-back",
      description = "Which devices; those that train none, ${DEFAULT-VALUE}, decide (the default).")
  private String group;

  @Option(names = "--devices", paramLabel = "N", required = true, description = "How many.")
  private long devices;

  @Option(
      names = "--total",
      paramLabel = "X",
      required = true,
      description = "Sum of their values, such as the number of those with a hit.")
  private double total;

  @Option(
      names = "--squares",
      paramLabel = "X",
      required = true,
      description = "Sum of the squares of their values; of hits the same as the total.")
  private double squares;

  @Override
  public Integer call() throws IOException, RefusedException, InterruptedException {
    JsonNode measured =
        address
            .api()
            .addMetrics(
                plan,
                version,
                JsonNodeFactory.instance
                    .objectNode()
                    .put("group", group)
                    .put("devices", devices)
                    .put("total", total)
                    .put("squares", squares));
    output.print(measured, text(measured));
    return 0;
  }

  private String text(JsonNode measured) {
    return measured.path("suppressed").asBoolean()
        ? String.format(
            Locale.ROOT,
            "Version %d of plan %s was measured by too few devices of group %s to show what they"
                + " found; it is kept.",
            version,
            plan,
            group)
        : String.format(
            Locale.ROOT,
            "Version %d of plan %s was measured by %d devices of group %s: mean %.4f.",
            version,
            plan,
            measured.path("devices").asLong(),
            group,
            measured.path("mean").asDouble());
  }
}
