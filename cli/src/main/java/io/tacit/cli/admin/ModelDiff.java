package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.console.Table;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.protocol.model.ModelParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tacit model diff}: what is different between two versions. */
@Command(
    name = "diff",
    description = "Show what is different between two model versions, also in their parameters.")
final class ModelDiff implements Callable<Integer> {

  @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
  @Mixin private final Output output = new Output();

  @Parameters(index = "0", paramLabel = "PLAN", description = "Id of the plan.")
  private String plan;

  @Parameters(index = "1", paramLabel = "FROM", description = "Number of one version, or latest.")
  private String from;

  @Parameters(
      index = "2",
      paramLabel = "TO",
      defaultValue = "latest",
      description = "Number of the other, or latest (the default).")
  private String to;

  @Override
  public Integer call() throws IOException, RefusedException, InterruptedException {
    CoordinatorApi api = address.api();
    JsonNode old = api.model(plan, from);
    JsonNode other = api.model(plan, to);
    ParameterDistance distance =
        ParameterDistance.between(parameters(api, old), parameters(api, other));
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.set("from", old);
    document.set("to", other);
    document
        .putObject("parameters")
        .put("different", distance.different())
        .put("distance", distance.distance())
        .put("largest", distance.largest())
        .put("cosine", distance.cosine());
    output.print(document, text(old, other, distance));
    return 0;
  }

  private ModelParameters parameters(CoordinatorApi api, JsonNode model)
      throws IOException, RefusedException, InterruptedException {
    Path directory = Files.createTempDirectory("tacit-diff");
    Path copy = directory.resolve("model.bin");
    try {
      api.downloadModel(plan, Cells.text(model, "version"), copy);
      return ModelParameters.fromBytes(Files.readAllBytes(copy), model.path("parameters").asInt());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "Version %s is no model: %s.".formatted(Cells.text(model, "version"), e.getMessage()), e);
    } finally {
      Files.deleteIfExists(copy);
      Files.deleteIfExists(directory);
    }
  }

  private static String text(JsonNode old, JsonNode other, ParameterDistance distance) {
    Table table =
        new Table("VERSION", "ROUND", "PARENT", "UPDATES", "MEAN LOSS", "CREATED", "HASH");
    for (JsonNode model : new JsonNode[] {old, other}) {
      table.row(
          Cells.text(model, "version"),
          Cells.text(model, "round"),
          Cells.text(model, "parent"),
          Cells.text(model, "clients"),
          Cells.decimal(model, "meanLoss"),
          Cells.text(model, "createdAt"),
          Cells.shortHash(model, "hash"));
    }
    return String.format(
        Locale.ROOT,
        "%s%n%d of %s parameters are different: distance %.6g, largest difference %.6g, cosine"
            + " %.6f",
        table,
        distance.different(),
        Cells.text(old, "parameters"),
        distance.distance(),
        distance.largest(),
        distance.cosine());
  }
}
