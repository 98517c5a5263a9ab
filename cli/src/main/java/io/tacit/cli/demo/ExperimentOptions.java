package io.tacit.cli.demo;

import io.tacit.cli.process.CoordinatorStartException;
import io.tacit.cli.process.Installation;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.experiment.Experiment;
import io.tacit.simulation.experiment.ExperimentSettings;
import java.nio.file.Path;
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
      names = "--devices",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Virtual devices, one for each user (default: ${DEFAULT-VALUE}).")
  private int devices;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "60",
      description = "Rounds to run (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--cohort",
      paramLabel = "N",
      defaultValue = "128",
      description = "Devices in a round (default: ${DEFAULT-VALUE}).")
  private int cohort;

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
  Experiment prepare(double overSelection) throws CoordinatorStartException, DataSetException {
    Path msWeb = Installation.current().root().resolve(MSWEB);
    try {
      return Experiment.prepare(
          new ExperimentSettings(
              DataSetSource.parse(data), msWeb, devices, rounds, cohort, overSelection, seed));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The name of the data as it was given. */
  String data() {
    return data;
  }

  @Nullable Path report() {
    return report;
  }
}
