package io.tacit.cli.demo;

import io.tacit.cli.process.CoordinatorStartException;
import io.tacit.cli.process.Installation;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingEngines;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.experiment.Experiment;
import io.tacit.simulation.experiment.ExperimentSettings;
import io.tacit.simulation.feedback.FeedbackSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say what is tried; the same for {@code demo} and {@code simulate}. */
final class ExperimentOptions {

  private static final Path MSWEB = Path.of("deploy", "data", "msweb", "anonymous-msweb.data");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      defaultValue = "msweb",
      description = "Data: " + DataSetSource.FORMS + " (default: ${DEFAULT-VALUE}).")
  private String data;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = PortableEngine.NAME,
      description = {
        "Training engine of the devices: portable or deeplearning4j (default: ${DEFAULT-VALUE}).",
        "The tacit script fetches Deeplearning4j (127 MB) when it is first asked for. It is slower"
            + " on small models, so there are fewer devices and rounds by default."
      })
  private String engine;

  @Option(
      names = "--devices",
      paramLabel = "N",
      description = "Virtual devices, one for each user (default: 1000, with deeplearning4j 300).")
  private @Nullable Integer devices;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds to run (default: 60, with deeplearning4j 20).")
  private @Nullable Integer rounds;

  @Option(
      names = "--cohort",
      paramLabel = "N",
      defaultValue = "64",
      description = "Devices in a round (default: ${DEFAULT-VALUE}).")
  private int cohort;

  @Option(
      names = "--tower",
      paramLabel = "N,N...",
      split = ",",
      hideParamSyntax = true,
      description =
          "Train a neural-cf model with hidden layers of so many units instead of the usual model.")
  private List<Integer> tower = List.of();

  @Option(
      names = "--aggregation",
      paramLabel = "MODE",
      description = {
        "How updates travel: secure (masked; the coordinator learns sums of at least ten) or plain"
            + " (in the clear, for development).",
        "The models are the same. Default: secure in demo; plain in simulate, where there is no"
            + " network and nobody to hide from."
      })
  private AggregationSettings.@Nullable Mode aggregation;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Chooses users, held-out items and the model's start (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also write everything as JSON; docs/reference/report.md names the fields.")
  private @Nullable Path report;

  /** The experiment; options that do not fit each other or the data are wrong usage. */
  Experiment prepare(double overSelection, AggregationSettings.Mode usualMode)
      throws CoordinatorStartException, DataSetException {
    try {
      requireWritable(report);
      // Options are looked at before files are looked for.
      ExperimentSettings settings =
          new ExperimentSettings(
              DataSetSource.parse(data),
              MSWEB,
              or(devices, 1_000, 300),
              or(rounds, 60, 20),
              cohort,
              overSelection,
              seed,
              aggregation != null ? aggregation : usualMode,
              tower);
      return Experiment.prepare(
          settings.withMsWebFile(Installation.current().root().resolve(MSWEB)));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The feedback loop.
   *
   * @throws IllegalArgumentException if an option is out of range, naming it, its value and range
   */
  FeedbackSettings feedback(int usualDevices, int usualRounds, int days, boolean exchanged) {
    requireWritable(report);
    return new FeedbackSettings(
        devices != null ? devices : usualDevices,
        days,
        rounds != null ? rounds : usualRounds,
        cohort,
        exchanged,
        seed);
  }

  /** Said before the training and not after it. */
  private static void requireWritable(@Nullable Path report) {
    if (report == null) {
      return;
    }
    Path written = Files.exists(report) ? report : report.toAbsolutePath().getParent();
    if (Files.isDirectory(report) || written == null || !Files.isWritable(written)) {
      throw new IllegalArgumentException(
          "--report is "
              + report
              + ", must be a file that can be written, in a directory that exists; make the"
              + " directory or name another file");
    }
  }

  private int or(@Nullable Integer given, int usual, int fewer) {
    return given != null ? given : isPortable() ? usual : fewer;
  }

  private boolean isPortable() {
    return engine.equals(PortableEngine.NAME);
  }

  /**
   * The training engine that was asked for.
   *
   * @throws IOException if it is not on the class path; says what to do
   */
  TrainingEngine engine() throws IOException {
    try {
      return TrainingEngines.named(engine);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          e.getMessage()
              + ". The tacit script adds deeplearning4j when it is asked for, unless"
              + " TACIT_BUILD=skip.",
          e);
    }
  }

  /** The name of the engine. */
  String engineName() {
    return engine;
  }

  /** What a run by another engine than the usual one should say first; null otherwise. */
  @Nullable String engineNotice() {
    return isPortable()
        ? null
        : "Devices train with "
            + engine
            + ". It is slower on small models than the portable engine, so there are fewer devices"
            + " and rounds by default: enough to see that it works, not how good the model gets."
            + " For that, give --devices 1000 --rounds 60.";
  }

  /** The name of the data as it was given. */
  String data() {
    return data;
  }

  @Nullable Path report() {
    return report;
  }
}
