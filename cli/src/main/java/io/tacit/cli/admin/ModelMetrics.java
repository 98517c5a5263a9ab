package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.console.Table;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tacit model metrics}: what devices measured. */
@Command(
    name = "metrics",
    description = {
      "Show what devices measured of the versions of a plan's model, by group of devices: means of"
          + " both metrics with their standard errors.",
      "Where the plan has differential privacy all figures have noise, which the errors count. A"
          + " group with too few devices, after noise, is suppressed."
    })
final class ModelMetrics implements Callable<Integer> {

  @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
  @Mixin private final Output output = new Output();

  @Parameters(index = "0", paramLabel = "PLAN", description = "Id of the plan.")
  private String plan;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "Number of the version; the newest 20 if it is left out.")
  private @Nullable Integer version;

  @Override
  public Integer call() throws IOException, RefusedException, InterruptedException {
    JsonNode metrics = address.api().metrics(plan, version);
    Table table =
        new Table(
            "VERSION",
            "GROUP",
            "DEVICES",
            Cells.text(metrics, "firstMetric"),
            "+-",
            Cells.text(metrics, "secondMetric"),
            "+-",
            "SUMS");
    for (JsonNode group : metrics.path("measured")) {
      table.row(
          Cells.text(group, "modelVersion"),
          Cells.text(group, "group"),
          devices(group),
          Cells.decimal(group, "first"),
          Cells.decimal(group, "firstError"),
          Cells.decimal(group, "second"),
          Cells.decimal(group, "secondError"),
          sums(group));
    }
    output.print(metrics, table);
    return 0;
  }

  private static String devices(JsonNode group) {
    JsonNode devices = group.path("devices");
    return devices.isNumber()
        ? String.format(Locale.ROOT, "%.0f", devices.asDouble())
        : Table.NOTHING;
  }

  /** Where the sums come from and how exact they are. */
  private static String sums(JsonNode group) {
    double noise = group.path("noise").asDouble();
    String exactness =
        noise > 0 ? String.format(Locale.ROOT, "with noise of %.2f", noise) : "exact";
    String source =
        group.path("source").asText().equals("report")
            ? "report"
            : "round " + Cells.text(group, "round");
    return group.path("suppressed").asBoolean()
        ? "suppressed, " + source
        : exactness + ", " + source;
  }
}
