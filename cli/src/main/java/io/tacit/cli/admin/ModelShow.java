package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.console.Table;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tacit model show}: where a version comes from, and which releases gave it to devices. */
@Command(
    name = "show",
    description = "Show where a model version comes from and which releases gave it to devices.")
final class ModelShow implements Callable<Integer> {

  @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
  @Mixin private final Output output = new Output();

  @Parameters(index = "0", paramLabel = "PLAN", description = "Id of the plan.")
  private String plan;

  @Parameters(
      index = "1",
      paramLabel = "VERSION",
      defaultValue = "latest",
      description = "Number of the version, or latest (the default).")
  private String version;

  @Override
  public Integer call() throws IOException, RefusedException, InterruptedException {
    CoordinatorApi api = address.api();
    JsonNode model = api.model(plan, version);
    JsonNode releases = api.releases(plan, CoordinatorApi.RELEASES_MAX);
    ArrayNode ofThis = JsonNodeFactory.instance.arrayNode();
    Table table = new Table("RELEASE", "AT", "SHARE", "SIGNED WITH", "STATE");
    for (JsonNode release : releases) {
      if (release.path("modelVersion").equals(model.path("version"))) {
        ofThis.add(release);
        table.row(
            Cells.text(release, "number"),
            Cells.text(release, "releasedAt"),
            Cells.share(release, "share"),
            Cells.shortHash(release, "signedBy"),
            release.path("inForce").asBoolean() ? "in force" : "replaced");
      }
    }
    ObjectNode document = model.deepCopy();
    document.set("releases", ofThis);
    output.print(document, text(model) + "\n" + (ofThis.isEmpty() ? "Not released." : table));
    return 0;
  }

  private static String text(JsonNode model) {
    return """
    plan             %s
    version          %s
    parent           %s
    round            %s
    updates          %s
    mean loss        %s
    hash             %s
    optimiser state  %s
    parameters       %s, %s
    created          %s
    """
        .formatted(
            Cells.text(model, "plan"),
            Cells.text(model, "version"),
            Cells.text(model, "parent"),
            Cells.text(model, "round"),
            Cells.text(model, "clients"),
            Cells.decimal(model, "meanLoss"),
            Cells.text(model, "hash"),
            Cells.text(model, "optimiserState"),
            Cells.text(model, "parameters"),
            Cells.bytes(model, "bytes"),
            Cells.text(model, "createdAt"));
  }
}
