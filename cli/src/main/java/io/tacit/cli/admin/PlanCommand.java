package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tacit.cli.console.Output;
import io.tacit.cli.console.Table;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.protocol.plan.PlanArtifact;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit plan}: what the coordinator trains. */
@Command(
    name = "plan",
    description = "Training plans: what the coordinator trains, and how.",
    subcommands = {PlanCommand.Apply.class, PlanCommand.ListAll.class, PlanCommand.Show.class})
public final class PlanCommand {

  private PlanCommand() {}

  @Command(
      name = "apply",
      description = {
        "Give the coordinator a plan, or a new version of one.",
        "A plan whose features.catalogue is {file: PATH} (relative to the plan file) has that"
            + " catalogue uploaded first, and refers to it by its hash."
      })
  static final class Apply implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "The plan, YAML or (named *.json) JSON.")
    private Path file;

    @Option(
        names = "--key",
        paramLabel = "KEY",
        description = {
          "Sign the plan with this task key (tacit key create) before it is sent.",
          "The plan must have a not-after. Without --key, plans are for development only."
        })
    private @Nullable Path key;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      CoordinatorApi api = address.api();
      PlanFile plan = PlanFile.read(file);
      CoordinatorApi.Applied applied = key == null ? apply(api, plan) : applySigned(api, plan, key);
      output.print(
          applied.plan(),
          "Plan %s version %s%s is %s%s, hash %s."
              .formatted(
                  Cells.text(applied.plan(), "id"),
                  Cells.text(applied.plan(), "version"),
                  key == null ? "" : ", signed,",
                  Cells.text(applied.plan(), "state"),
                  applied.created() ? "" : " (it was there already)",
                  Cells.text(applied.plan(), "hash")));
      return 0;
    }

    private static CoordinatorApi.Applied apply(CoordinatorApi api, PlanFile plan)
        throws IOException, RefusedException, InterruptedException {
      Optional<Path> catalogue = plan.catalogueFile();
      PlanFile sent =
          catalogue.isPresent()
              ? plan.withCatalogue(api.putCatalogue(catalogue.get()).path("hash").asText())
              : plan;
      return api.applyPlan(sent.bytes(), sent.mediaType());
    }

    private static CoordinatorApi.Applied applySigned(CoordinatorApi api, PlanFile plan, Path key)
        throws IOException, RefusedException, InterruptedException {
      PlanArtifact signed = new PlanSigning(TaskKeyFile.read(key), Clock.systemUTC()).sign(plan);
      Optional<Path> catalogue = plan.catalogueFile();
      if (catalogue.isPresent()) {
        api.putCatalogue(catalogue.get());
      }
      return api.applyPlan(signed.toBytes(), "application/octet-stream");
    }
  }

  @Command(name = "list", description = "List all plans.")
  static final class ListAll implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      JsonNode plans = address.api().plans();
      output.print(plans, table(plans));
      return 0;
    }
  }

  @Command(name = "show", description = "Show a plan with all its settings.")
  static final class Show implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
    private String id;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      JsonNode plan = address.api().plan(id);
      YAMLMapper yaml =
          YAMLMapper.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .build();
      output.print(plan, table(plan) + "\n\n" + yaml.writeValueAsString(plan.path("plan")));
      return 0;
    }
  }

  /** A table of one plan or of an array of plans. */
  private static Table table(JsonNode plans) {
    Table table =
        new Table("PLAN", "VERSION", "POPULATION", "MODEL", "PARAMETERS", "ROUNDS", "STATE");
    for (JsonNode plan : plans.isArray() ? plans : List.of(plans)) {
      table.row(
          Cells.text(plan, "id"),
          Cells.text(plan, "version"),
          Cells.text(plan, "population"),
          Cells.text(plan, "modelKind"),
          Cells.text(plan, "parameters"),
          Cells.text(plan, "roundsDone") + " of " + Cells.text(plan, "rounds"),
          Cells.text(plan, "state"));
    }
    return table;
  }
}
