package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tacit.cli.console.Output;
import io.tacit.cli.console.Table;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit model}: what has been learned. */
@Command(
    name = "model",
    description = "Model versions: what has been learned.",
    subcommands = {ModelCommand.ListAll.class, ModelCommand.Download.class})
public final class ModelCommand {

  private ModelCommand() {}

  @Command(name = "list", description = "List the model versions of a plan.")
  static final class ListAll implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
    private String plan;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      JsonNode models = address.api().models(plan);
      Table table = new Table("VERSION", "ROUND", "PARAMETERS", "SIZE", "CREATED", "HASH");
      for (JsonNode model : models) {
        table.row(
            Cells.text(model, "version"),
            Cells.text(model, "round"),
            Cells.text(model, "parameters"),
            Cells.bytes(model, "bytes"),
            Cells.text(model, "createdAt"),
            Cells.shortHash(model, "hash"));
      }
      output.print(models, table);
      return 0;
    }
  }

  @Command(
      name = "download",
      description = "Write a model to a file, checked against the hash that the coordinator names.")
  static final class Download implements Callable<Integer> {

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

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        required = true,
        description = "Where to write it; an existing file is replaced.")
    private Path file;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      CoordinatorApi.Download download = address.api().downloadModel(plan, version, file);
      output.print(
          JsonNodeFactory.instance
              .objectNode()
              .put("file", file.toString())
              .put("bytes", download.bytes())
              .put("hash", download.hash().toString()),
          "%s: %d bytes, hash %s".formatted(file, download.bytes(), download.hash()));
      return 0;
    }
  }
}
