package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.console.Table;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tacit model candidates}: what may be released. */
@Command(
    name = "candidates",
    description = {
      "List the versions that devices do not have yet, with what held-back devices measured of each"
          + " and what speaks against it.",
      "Where the plan has differential privacy the figures have noise, which the errors count; else"
          + " they are exact, and no noise protects a device of a small group."
    })
final class ModelCandidates implements Callable<Integer> {

  @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
  @Mixin private final Output output = new Output();

  @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
  private String plan;

  @Override
  public Integer call() throws IOException, RefusedException, InterruptedException {
    JsonNode candidates = address.api().candidates(plan);
    Table table = new Table("VERSION", "DEVICES", "MEAN", "RELEASED", "DIFFERENCE", "+-", "STATE");
    for (JsonNode candidate : candidates) {
      table.row(
          Cells.text(candidate, "modelVersion"),
          Cells.text(candidate, "devices"),
          Cells.decimal(candidate, "mean"),
          Cells.decimal(candidate, "releasedMean"),
          Cells.decimal(candidate, "difference"),
          Cells.decimal(candidate, "standardError"),
          state(candidate));
    }
    output.print(candidates, table);
    return 0;
  }

  private static String state(JsonNode candidate) {
    if (candidate.path("objection").isTextual()) {
      return candidate.path("objection").asText();
    }
    return candidate.path("proposed").asBoolean() ? "proposed" : "may be proposed";
  }
}
