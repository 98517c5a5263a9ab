package io.tacit.cli.evaluate;

import io.tacit.cli.process.CoordinatorStartException;
import io.tacit.cli.process.Installation;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SyntheticSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which data is evaluated on, and how much of it. A picocli mixin. */
final class DataOptions {

  private static final Path MSWEB = Path.of("deploy", "data", "msweb", "anonymous-msweb.data");
  private static final int USERS_MAX = 100_000;
  private static final int SYNTHETIC_USERS = 1_000;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      defaultValue = "msweb",
      description = "Data: " + DataSetSource.FORMS + " (default: ${DEFAULT-VALUE}).")
  private String data;

  @Option(
      names = "--user-attributes",
      paramLabel = "FILE",
      description =
          "With csv: a table with a header, the user's id in the first column, an attribute in each"
              + " other.")
  private @Nullable Path userAttributes;

  @Option(
      names = "--item-attributes",
      paramLabel = "FILE",
      description = "With csv: the same of items; a column named title or name is the title.")
  private @Nullable Path itemAttributes;

  @Option(
      names = "--users",
      paramLabel = "N",
      description =
          "At most so many users, drawn at random per seed (default: all; 1000 of synthetic data).")
  private @Nullable Integer users;

  /** At most so many users take part. */
  int usersMax() {
    return users != null ? users : USERS_MAX;
  }

  /** Reads the data; options that do not fit each other are wrong usage. */
  InteractionDataSet load() throws CoordinatorStartException, DataSetException {
    DataSetSource source;
    SyntheticSettings synthetic;
    try {
      source = DataSetSource.parse(data).withAttributes(userAttributes, itemAttributes);
      synthetic = SyntheticSettings.of(users != null ? users : SYNTHETIC_USERS, 1);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          command.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return load(source, synthetic);
  }

  /** Reads data, MSWeb where it comes with Tacit. */
  static InteractionDataSet load(DataSetSource source, SyntheticSettings synthetic)
      throws CoordinatorStartException, DataSetException {
    Path msWeb =
        source instanceof DataSetSource.MsWeb
            ? Installation.current().root().resolve(MSWEB)
            : MSWEB;
    return source.load(msWeb, synthetic);
  }
}
