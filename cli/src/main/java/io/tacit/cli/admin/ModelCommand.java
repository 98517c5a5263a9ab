package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tacit.cli.console.Output;
import io.tacit.cli.console.Table;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit model}: what has been learned. */
@Command(
    name = "model",
    description = "Model versions: what has been learned, and what of it devices get.",
    subcommands = {
      ModelCommand.ListAll.class,
      ModelShow.class,
      ModelDiff.class,
      ModelMetrics.class,
      ModelCandidates.class,
      ModelMeasured.class,
      ModelPropose.class,
      ModelRelease.class,
      ModelRollback.class,
      ModelCommand.Download.class,
      ModelCommand.Bundle.class
    })
public final class ModelCommand {

  private ModelCommand() {}

  @Command(
      name = "list",
      description =
          "List the model versions of a plan, and to which share of the devices each is"
              + " released.")
  static final class ListAll implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
    private String plan;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      CoordinatorApi api = address.api();
      JsonNode models = api.models(plan);
      JsonNode releases = api.releases(plan, CoordinatorApi.RELEASES_MAX);
      Table table = new Table("VERSION", "ROUND", "PARAMETERS", "SIZE", "CREATED", "HASH", "SHARE");
      for (JsonNode model : models) {
        table.row(
            Cells.text(model, "version"),
            Cells.text(model, "round"),
            Cells.text(model, "parameters"),
            Cells.bytes(model, "bytes"),
            Cells.text(model, "createdAt"),
            Cells.shortHash(model, "hash"),
            share(releases, model));
      }
      output.print(models, table);
      return 0;
    }

    /** For which share of the devices a release of the version is in force. */
    private static String share(JsonNode releases, JsonNode model) {
      String share = Table.NOTHING;
      for (JsonNode release : releases) {
        if (release.path("inForce").asBoolean()
            && release.path("modelVersion").equals(model.path("version"))) {
          // The older of those in force has the larger share.
          share = Cells.share(release, "share");
        }
      }
      return share;
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

  @Command(
      name = "bundle",
      description =
          "Write plan, model and, for a plan over items, catalogue to a directory, for an app that"
              + " brings its first model along.")
  static final class Bundle implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "PLAN", description = "Id of the plan.")
    private String plan;

    @Parameters(
        index = "1",
        paramLabel = "VERSION",
        defaultValue = "latest",
        description = "Number of the model version, or latest (the default).")
    private String version;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "DIR",
        required = true,
        description =
            "Where to write plan.bin, model.bin and catalogue.txt; made if missing, files in it are"
                + " replaced.")
    private Path directory;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      CoordinatorApi api = address.api();
      JsonNode catalogue = api.plan(plan).path("plan").path("features").path("catalogue");
      Files.createDirectories(directory);
      api.downloadPlan(plan, directory.resolve("plan.bin"));
      if (catalogue.isTextual()) {
        api.downloadCatalogue(
            ContentHash.fromHex(catalogue.asText()), directory.resolve("catalogue.txt"));
      }
      CoordinatorApi.Download model =
          api.downloadModel(plan, version, directory.resolve("model.bin"));
      output.print(
          JsonNodeFactory.instance
              .objectNode()
              .put("directory", directory.toString())
              .put("hash", model.hash().toString()),
          "%s: plan.bin%s and model.bin, whose hash is %s"
              .formatted(directory, catalogue.isTextual() ? ", catalogue.txt" : "", model.hash()));
      return 0;
    }
  }
}
