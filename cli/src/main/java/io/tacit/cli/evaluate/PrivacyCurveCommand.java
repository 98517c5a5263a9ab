package io.tacit.cli.evaluate;

import io.tacit.cli.console.ProgressBar;
import io.tacit.cli.console.Usage;
import io.tacit.cli.page.Provenance;
import io.tacit.protocol.plan.PrivacySettings.Mechanism;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.privacy.HonestShare;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.TrainingRecipe;
import io.tacit.simulation.privacy.PrivacyCurve;
import io.tacit.simulation.privacy.PrivacyCurveSettings;
import io.tacit.simulation.privacy.PrivacyPoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tacit privacy curve}: what privacy costs in quality, on one's own data. */
@Command(
    name = "curve",
    description = {
      "Train the same model at several epsilons and measure what that costs in quality.",
      "",
      "Runs in this process, with the code of client and coordinator. Every device takes part as"
          + " often as the others, and the last model counts: choosing one would have to be paid"
          + " for."
    })
public final class PrivacyCurveCommand implements Callable<Integer> {

  private static final int SYNTHETIC_USERS = 1_000;
  private static final String NONE = "none";

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      defaultValue = "msweb",
      description = "Data: " + DataSetSource.FORMS + " (default: ${DEFAULT-VALUE}).")
  private String data;

  @Option(
      names = "--epsilons",
      paramLabel = "LIST",
      defaultValue = "none,8,4,2",
      description = "Targets against whoever sees the models, or none (default: ${DEFAULT-VALUE}).")
  private String epsilons;

  @Option(
      names = "--mechanisms",
      paramLabel = "LIST",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "distributed,central",
      description = "Who adds the noise: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Mechanism[] mechanisms;

  @Option(
      names = "--delta",
      paramLabel = "D",
      defaultValue = "1e-5",
      description = "Below one over the devices (default: ${DEFAULT-VALUE}).")
  private double delta;

  @Option(
      names = "--participations",
      paramLabel = "M",
      defaultValue = "5",
      description = "Rounds that a device takes part in at the most (default: ${DEFAULT-VALUE}).")
  private int participations;

  @Option(
      names = "--shard-size",
      paramLabel = "N",
      defaultValue = "128",
      description = "Devices in a shard at the most (default: ${DEFAULT-VALUE}).")
  private int shardSize;

  @Option(
      names = "--dishonest",
      paramLabel = "HOW-MANY",
      defaultValue = "tenth",
      description =
          "On a roster, not counted on to add noise: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private HonestShare.Dishonest dishonest;

  @Option(
      names = "--survivors",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description =
          "Of a roster, must be in the sum or the shard is given up, 67 to 100; 0 for the two"
              + " thirds that secure aggregation takes in any case (default: ${DEFAULT-VALUE}).")
  private int survivors;

  @Option(
      names = "--items-min",
      paramLabel = "N",
      defaultValue = "2",
      description = {
        "Train also on users with so many items; tested are those with "
            + HonestSplit.ITEMS_PER_USER_MIN
            + " (default: ${DEFAULT-VALUE})."
      })
  private int itemsMin;

  @Option(
      names = "--seeds",
      paramLabel = "SEEDS",
      defaultValue = "1",
      description = "Seeds: " + Seeds.FORMS + " (default: ${DEFAULT-VALUE}).")
  private String seeds;

  @Mixin private final RecipeOptions recipe = new RecipeOptions();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Keep finished trainings there, and go on where a run was stopped (default: keep none).")
  private @Nullable Path state;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write everything as JSON; docs/reference/evaluation.md names the fields.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with table and plot; it needs nothing else to be read.")
  private @Nullable Path html;

  private PrivacyCurveCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException, DataSetException {
    PrivacyCurveSettings settings = Usage.checked(spec, this::settings);
    InteractionDataSet loaded = load();
    TrainingRecipe chosen =
        Usage.checked(spec, () -> recipe.recipe(HonestSplit.of(loaded, settings.seeds().get(0))));
    PrivacyCurve curve =
        Usage.checked(spec, () -> new PrivacyCurve(loaded, chosen, settings, state));
    PrivacyCurve.Base base = curve.base();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "Data: %s. %d devices train, %d are tested on; popularity has HR@10 %.4f.%nTraining: %s.%n",
        loaded.name(),
        base.devices(),
        base.tested(),
        base.popularity().mean(),
        chosen.describe());
    out.flush();
    List<PrivacyPoint> points = curve.run(new Narration(out));
    PrivacyCurveReport report =
        new PrivacyCurveReport(
            loaded.name(),
            chosen.describe(),
            base,
            points,
            Provenance.of(spec.commandLine().getParseResult().originalArgs(), Clock.systemUTC()));
    out.printf("%n%s%n%n", report.table());
    report.notes().forEach(out::println);
    write(report, out);
    return 0;
  }

  private void write(PrivacyCurveReport report, PrintWriter out) throws IOException {
    if (json != null) {
      report.writeJson(json);
      out.println("Wrote " + json + ".");
    }
    if (html != null) {
      report.writeHtml(html);
      out.println("Wrote " + html + ".");
    }
    out.flush();
  }

  private final class Narration implements PrivacyCurve.Listener {

    private final PrintWriter out;
    private final ProgressBar bar =
        new ProgressBar(spec.commandLine().getErr(), System.console() != null, "Training", 1);
    private String what = "";

    Narration(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void started(double epsilon, @Nullable Mechanism mechanism, long seed) {
      what =
          "seed %d, epsilon %s%s"
              .formatted(
                  seed,
                  Double.isInfinite(epsilon) ? NONE : epsilon,
                  mechanism == null ? "" : ", " + mechanism.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void round(int done, int of) {
      bar.show(what, done, of);
    }

    @Override
    public void finished(PrivacyPoint point) {
      bar.hide();
      out.printf(
          Locale.ROOT, "%s: HR@10 %.4f (%.0f s)%n", what, point.hitRate().mean(), point.seconds());
      out.flush();
    }
  }

  private PrivacyCurveSettings settings() {
    return new PrivacyCurveSettings(
        targets(),
        Arrays.stream(mechanisms).distinct().toList(),
        Seeds.parse(seeds),
        delta,
        participations,
        new ShardSettings(shardSize, shardSize, ShardSettings.SuiteChoice.AUTO, survivors),
        dishonest,
        itemsMin);
  }

  private List<Double> targets() {
    List<Double> targets = new ArrayList<>();
    for (String word : epsilons.split(",", -1)) {
      try {
        targets.add(word.equals(NONE) ? Double.POSITIVE_INFINITY : Double.parseDouble(word));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "--epsilons has \"" + word + "\", must be numbers above 0, or " + NONE, e);
      }
    }
    return targets;
  }

  private InteractionDataSet load() throws IOException, DataSetException {
    return DataOptions.load(
        Usage.checked(spec, () -> DataSetSource.parse(data)),
        SyntheticSettings.of(SYNTHETIC_USERS, 1));
  }
}
