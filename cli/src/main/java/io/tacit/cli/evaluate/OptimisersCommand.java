package io.tacit.cli.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.cli.console.ProgressBar;
import io.tacit.cli.console.Table;
import io.tacit.cli.console.Usage;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.TrainingRecipe;
import io.tacit.simulation.quality.OptimiserExperiment;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tacit evaluate optimisers}: rounds that server rules and FedProx take to a hit rate. */
@Command(
    name = "optimisers",
    description = {
      "Compare server rules (mean, scaled mean, FedAdagrad, FedAdam) and FedProx by the rounds that"
          + " they take to a hit rate, with all devices in each round and with few.",
      "",
      "The server's rate is chosen on validation items for each rule. Runs in this process; what is"
          + " finished is kept in the state directory, as tacit evaluate does."
    })
final class OptimisersCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final DataOptions data = new DataOptions();

  @Option(
      names = "--seeds",
      paramLabel = "SEEDS",
      defaultValue = "1",
      description = "Seeds: " + Seeds.FORMS + " (default: ${DEFAULT-VALUE}).")
  private String seeds;

  @Option(
      names = "--cohorts",
      paramLabel = "N,N...",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "all,128",
      description = "Devices in a round, or all; each is tried (default: ${DEFAULT-VALUE}).")
  private List<String> cohorts;

  @Option(
      names = "--target",
      paramLabel = "X",
      defaultValue = "0.6",
      description = "HR@10 to reach, among sampled negatives (default: ${DEFAULT-VALUE}).")
  private double target;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "100",
      description = "Give a training up after so many rounds (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "tacit-evaluation",
      description = "Where finished trainings are kept (default: ./${DEFAULT-VALUE}).")
  private Path state;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the table as JSON; docs/reference/evaluation.md names the fields.")
  private @Nullable Path json;

  private OptimisersCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException, DataSetException {
    PrintWriter out = spec.commandLine().getOut();
    InteractionDataSet loaded = data.load();
    TrainingRecipe recipe = Usage.checked(spec, () -> recipe(loaded));
    OptimiserExperiment experiment =
        Usage.checked(spec, () -> new OptimiserExperiment(loaded, recipe, terms(), state));
    out.println("Training: " + recipe.describe() + "; server rule, passes and cohort vary.");
    out.println("Finished trainings are kept in " + state + ".");
    out.println();
    out.flush();
    ProgressBar bar =
        new ProgressBar(spec.commandLine().getErr(), System.console() != null, "Training", 1);
    List<OptimiserExperiment.Row> rows = experiment.run(bar::show);
    bar.hide();
    out.println(table(rows));
    out.println();
    out.println(
        String.format(
            Locale.ROOT,
            "Rounds until HR@10 is %s, judged in every round, mean over %d seed(s); - where a seed"
                + " did not get there in %d rounds. RATE was chosen on validation items; test items"
                + " chose nothing.",
            target,
            Seeds.parse(seeds).size(),
            rounds));
    out.flush();
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), document(loaded, recipe, rows));
    }
    return 0;
  }

  private TrainingRecipe recipe(InteractionDataSet loaded) {
    return TrainingRecipe.usualFor(
            HonestSplit.of(loaded, Seeds.parse(seeds).get(0), data.usersMax()))
        .withRounds(rounds);
  }

  private OptimiserExperiment.Terms terms() {
    List<Integer> sizes = new ArrayList<>();
    cohorts.forEach(text -> sizes.add(RecipeOptions.cohortOf("--cohorts", text)));
    return new OptimiserExperiment.Terms(Seeds.parse(seeds), data.usersMax(), sizes, target);
  }

  private static String cohort(int size) {
    return size == TrainingRecipe.EVERYBODY ? "all" : Integer.toString(size);
  }

  private static Table table(List<OptimiserExperiment.Row> rows) {
    Table table =
        new Table(
            "COHORT",
            "SERVER AND CLIENT",
            "RATE",
            "ROUNDS (VALIDATION)",
            "ROUNDS (TEST)",
            "BEST HR@10");
    for (OptimiserExperiment.Row row : rows) {
      table.row(
          cohort(row.cohort()),
          row.group(),
          Double.toString(row.serverRate()),
          rounds(row.validationRounds()),
          rounds(row.testRounds()),
          String.format(Locale.ROOT, "%.4f", row.bestHitRate()));
    }
    return table;
  }

  private static String rounds(Optional<Double> rounds) {
    return rounds.map(mean -> String.format(Locale.ROOT, "%.1f", mean)).orElse("");
  }

  private ObjectNode document(
      InteractionDataSet loaded, TrainingRecipe recipe, List<OptimiserExperiment.Row> rows) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("data", loaded.name());
    document.put("recipe", recipe.describe());
    document.put("target", target);
    document.put("roundsMax", rounds);
    ArrayNode used = document.putArray("seeds");
    Seeds.parse(seeds).forEach(used::add);
    ArrayNode list = document.putArray("rows");
    for (OptimiserExperiment.Row row : rows) {
      ObjectNode node = list.addObject();
      node.put("cohort", cohort(row.cohort()));
      node.put("group", row.group());
      node.put("serverRate", row.serverRate());
      row.validationRounds().ifPresent(mean -> node.put("roundsOnValidation", mean));
      row.testRounds().ifPresent(mean -> node.put("roundsOnTest", mean));
      node.put("bestHitRate", row.bestHitRate());
    }
    return document;
  }
}
