package io.tacit.cli.evaluate;

import io.tacit.cli.console.ProgressBar;
import io.tacit.cli.console.Usage;
import io.tacit.cli.page.Provenance;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.LabelledImages;
import io.tacit.simulation.fedavg.FedAvgExperiment;
import io.tacit.simulation.fedavg.FedAvgExperiment.Choice;
import io.tacit.simulation.fedavg.FedAvgRun;
import io.tacit.simulation.fedavg.FedAvgSettings;
import io.tacit.simulation.fedavg.Method;
import io.tacit.simulation.fedavg.Partition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tacit fedavg}: rounds to an accuracy on images, as McMahan et al. 2017 count them. */
@Command(
    name = "fedavg",
    description = {
      "Measure federated averaging itself on images: rounds to an accuracy, beside federated"
          + " gradient descent (FedSGD), on devices that are alike and on devices that know two"
          + " classes each, as McMahan et al. 2017 count them.",
      "",
      "Runs in this process, with the code of client and coordinator. Finished runs are kept in the"
          + " state directory: after an interruption, the same command goes on with the run it was"
          + " at."
    })
public final class FedAvgCommand implements Callable<Integer> {

  private static final String ALL = "all";

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description =
          "Directory with the four IDX files of MNIST or Fashion-MNIST, packed (.gz) or not. Debian"
              + " has Fashion-MNIST as dataset-fashion-mnist, in"
              + " /usr/share/datasets/fashion-mnist.")
  private Path data;

  @Option(
      names = "--methods",
      paramLabel = "LIST",
      defaultValue = ALL,
      description =
          "Of fedavg, fedavg-dropout, fedsgd, with commas; or all (default: ${DEFAULT-VALUE}).")
  private String methods;

  @Option(
      names = "--partitions",
      paramLabel = "LIST",
      defaultValue = ALL,
      description = "Of iid, two-shards, with commas; or all (default: ${DEFAULT-VALUE}).")
  private String partitions;

  @Option(
      names = "--clients",
      paramLabel = "K",
      defaultValue = "100",
      description = "Devices that share the images (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--share",
      paramLabel = "C",
      defaultValue = "0.1",
      description = "How much of them a round takes (default: ${DEFAULT-VALUE}).")
  private double share;

  @Option(
      names = "--epochs",
      paramLabel = "E",
      defaultValue = "1",
      description = "Passes over a device's images; FedSGD has 1 (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "10",
      description = "Images in a step; FedSGD takes all (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--rate",
      paramLabel = "X",
      defaultValue = "0.1",
      description = "Learning rate on the device (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--sgd-rate",
      paramLabel = "X",
      defaultValue = "0.1",
      description = "The same of FedSGD (default: ${DEFAULT-VALUE}).")
  private double sgdRate;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "100",
      description = "Rounds to run (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--sgd-rounds",
      paramLabel = "N",
      defaultValue = "500",
      description = "The same of FedSGD, which needs many (default: ${DEFAULT-VALUE}).")
  private int sgdRounds;

  @Option(
      names = "--over-selection",
      paramLabel = "X",
      defaultValue = "1.3",
      description =
          "With fedavg-dropout, so many times the cohort are assigned (default: ${DEFAULT-VALUE}).")
  private double overSelection;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      defaultValue = "0.1",
      description =
          "With fedavg-dropout, the share of participations that end early: half of them while the"
              + " device trains, half when its update is to leave (default: ${DEFAULT-VALUE}).")
  private double dropout;

  @Option(
      names = "--targets",
      paramLabel = "LIST",
      defaultValue = "0.80,0.83,0.85",
      split = ",",
      hideParamSyntax = true,
      description = "Accuracies to count rounds to (default: ${DEFAULT-VALUE}).")
  private double[] targets;

  @Option(
      names = "--judge-every",
      paramLabel = "N",
      defaultValue = "1",
      description = "Test every so many rounds, and after the last (default: ${DEFAULT-VALUE}).")
  private int judgeEvery;

  @Option(
      names = "--seeds",
      paramLabel = "SEEDS",
      defaultValue = "1",
      description = "Seeds: " + Seeds.FORMS + " (default: ${DEFAULT-VALUE}).")
  private String seeds;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "tacit-fedavg",
      description = "Where finished runs are kept (default: ./${DEFAULT-VALUE}).")
  private Path state;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write everything as JSON; docs/reference/evaluation.md names the fields.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with table and plots; it needs nothing else to be read.")
  private @Nullable Path html;

  private FedAvgCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException, DataSetException {
    FedAvgSettings settings = Usage.checked(spec, this::settings);
    List<Choice> choices = Usage.checked(spec, this::choices);
    Usage.checked(spec, this::requireTargets);
    LabelledImages.Sets images = LabelledImages.read(data);
    FedAvgExperiment experiment =
        Usage.checked(spec, () -> new FedAvgExperiment(images, settings, state));
    FedAvgAnnouncer announcer =
        new FedAvgAnnouncer(
            spec.commandLine().getOut(),
            new ProgressBar(spec.commandLine().getErr(), System.console() != null, "Training", 1),
            targets);
    announcer.begin(images, settings, state);
    List<FedAvgRun> runs = experiment.run(choices, announcer);
    FedAvgReport report =
        new FedAvgReport(
            settings,
            images,
            targets.clone(),
            runs,
            Provenance.of(spec.commandLine().getParseResult().originalArgs(), Clock.systemUTC()));
    announcer.end(report);
    if (json != null) {
      report.writeJson(json);
      announcer.line("Wrote " + json + ".");
    }
    if (html != null) {
      report.writeHtml(html);
      announcer.line("Wrote " + html + ".");
    }
    return 0;
  }

  private FedAvgSettings settings() {
    return new FedAvgSettings(
        clients,
        share,
        epochs,
        batch,
        rate,
        sgdRate,
        rounds,
        sgdRounds,
        overSelection,
        dropout,
        judgeEvery);
  }

  /** What can be compared is run side by side: first all of one partition. */
  private List<Choice> choices() {
    List<Choice> choices = new ArrayList<>();
    List<Long> chosenSeeds = Seeds.parse(seeds);
    List<Method> chosenMethods = named("--methods", methods, Method.values(), Method::label);
    for (Partition partition :
        named("--partitions", partitions, Partition.values(), Partition::label)) {
      for (Method method : chosenMethods) {
        chosenSeeds.forEach(seed -> choices.add(new Choice(method, partition, seed)));
      }
    }
    return choices;
  }

  private boolean requireTargets() {
    for (double target : targets) {
      if (!(target > 0 && target <= 1)) {
        throw new IllegalArgumentException(
            "--targets has " + target + ", must be above 0 to 1: shares of the test images");
      }
    }
    return true;
  }

  private static <T> List<T> named(
      String option, String list, T[] values, Function<T, String> label) {
    if (list.equals(ALL)) {
      return List.of(values);
    }
    return Arrays.stream(list.split(",", -1))
        .map(name -> one(option, name, values, label))
        .distinct()
        .toList();
  }

  private static <T> T one(String option, String name, T[] values, Function<T, String> label) {
    return Arrays.stream(values)
        .filter(value -> label.apply(value).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    option
                        + " has \""
                        + name
                        + "\", must be all or some of: "
                        + Arrays.stream(values).map(label).collect(Collectors.joining(", "))));
  }
}
