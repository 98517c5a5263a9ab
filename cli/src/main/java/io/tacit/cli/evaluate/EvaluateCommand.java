package io.tacit.cli.evaluate;

import io.tacit.cli.console.ProgressBar;
import io.tacit.cli.console.Usage;
import io.tacit.cli.demo.ServiceTransport;
import io.tacit.cli.page.Provenance;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.models.TrainingRecipe;
import io.tacit.simulation.quality.Evaluation;
import io.tacit.simulation.quality.InProcessTransport;
import io.tacit.simulation.quality.QualityReport;
import io.tacit.simulation.quality.QualitySettings;
import io.tacit.simulation.quality.RoundSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tacit evaluate}: how good a federated model is, beside all its controls. */
@Command(
    name = "evaluate",
    subcommands = OptimisersCommand.class,
    description = {
      "Measure recommendation quality under the honest protocol: held-out items, sampled and full"
          + " ranking, several seeds, and every control beside the federated model.",
      "",
      "Runs in this process, with the code of client and coordinator, unless --transport says"
          + " otherwise. What is finished is kept in the state directory: after an interruption,"
          + " the same command goes on where it was."
    })
public final class EvaluateCommand implements Callable<Integer> {

  private static final String SEEDS_FOR_REPORTS = "5";
  private static final String SEEDS_QUICK = "1";

  @Spec private CommandSpec spec;

  @Mixin private final DataOptions data = new DataOptions();

  @Option(
      names = "--seeds",
      paramLabel = "SEEDS",
      description =
          "Seeds: " + Seeds.FORMS + " (default: 5 with --json or --html, else 1 for a quick look).")
  private @Nullable String seeds;

  @Option(
      names = "--sampler",
      paramLabel = "SAMPLER",
      defaultValue = "honest",
      description = {
        "honest: training negatives come from all that a user has not trained on.",
        "papers-sampler: they exclude the test item, as in many published codes; for comparison"
            + " with published tables only (default: ${DEFAULT-VALUE})."
      })
  private String sampler;

  @Option(
      names = "--judge-every",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Judge the model on validation every so many rounds, and at the last (default:"
              + " ${DEFAULT-VALUE}).")
  private int judgeEvery;

  @Option(
      names = "--cold-start",
      description =
          "Also measure new devices: a tenth of the users is left out of training and ranks with"
              + " its first 0, 1, 3 and 5 events.")
  private boolean coldStart;

  @Option(
      names = "--transport",
      paramLabel = "TRANSPORT",
      defaultValue = "in-process",
      description = {
        "What carries the rounds of the federated row: in-process, or grpc for a coordinator"
            + " process of its own (default: ${DEFAULT-VALUE}).",
        "Cohorts, trainings and roundings are the same, and so are the models."
      })
  private String transport;

  @Option(
      names = "--secure",
      description = "Mask the updates of the federated row: the coordinator learns sums only.")
  private boolean secure;

  @Mixin private final RecipeOptions recipe = new RecipeOptions();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "tacit-evaluation",
      description = "Where finished parts are kept (default: ./${DEFAULT-VALUE}).")
  private Path state;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write everything as JSON; docs/reference/evaluation.md names the fields.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with tables and plots; it needs nothing else to be read.")
  private @Nullable Path html;

  private EvaluateCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException, DataSetException {
    PrintWriter out = spec.commandLine().getOut();
    QualitySettings settings = Usage.checked(spec, this::settings);
    InteractionDataSet loaded = data.load();
    TrainingRecipe chosen = Usage.checked(spec, () -> recipe.recipe(split(loaded, settings)));
    RoundSource.Transport carried = Usage.checked(spec, this::transport);
    Evaluation evaluation =
        Usage.checked(spec, () -> Evaluation.of(loaded, settings, chosen, carried, state));
    Announcer announcer =
        new Announcer(
            out,
            new ProgressBar(
                spec.commandLine().getErr(), System.console() != null, "Evaluating", 1));
    announcer.begin(loaded, settings, chosen, state);
    QualityReport report = evaluation.run(announcer);
    announcer.end(report);
    ReportFrame frame =
        ReportFrame.of(
            report,
            Provenance.of(spec.commandLine().getParseResult().originalArgs(), Clock.systemUTC()));
    if (json != null) {
      new JsonReport(frame).write(json);
      announcer.line("Wrote " + json + ".");
    }
    if (html != null) {
      new HtmlReport(frame).write(html);
      announcer.line("Wrote " + html + ".");
    }
    return 0;
  }

  private QualitySettings settings() {
    boolean forReport = json != null || html != null;
    List<Long> chosen =
        Seeds.parse(seeds != null ? seeds : forReport ? SEEDS_FOR_REPORTS : SEEDS_QUICK);
    return new QualitySettings(chosen, data.usersMax(), samplerOf(sampler), coldStart, judgeEvery);
  }

  private RoundSource.Transport transport() {
    AggregationSettings.Mode mode =
        secure ? AggregationSettings.Mode.SECURE : AggregationSettings.Mode.PLAIN;
    return switch (transport) {
      case "in-process" -> new InProcessTransport(mode);
      case "grpc" -> new ServiceTransport(mode);
      default ->
          throw new IllegalArgumentException(
              "--transport is \"" + transport + "\", must be one of: in-process, grpc");
    };
  }

  private static NegativeSampling samplerOf(String label) {
    return Arrays.stream(NegativeSampling.values())
        .filter(sampling -> sampling.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--sampler is \""
                        + label
                        + "\", must be one of: "
                        + Arrays.stream(NegativeSampling.values())
                            .map(NegativeSampling::label)
                            .collect(Collectors.joining(", "))));
  }

  private static HonestSplit split(InteractionDataSet data, QualitySettings settings) {
    return HonestSplit.of(data, settings.seeds().get(0), settings.usersMax());
  }
}
