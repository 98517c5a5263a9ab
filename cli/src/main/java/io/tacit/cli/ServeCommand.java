package io.tacit.cli;

import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.process.CoordinatorSettings;
import io.tacit.cli.process.CoordinatorStartException;
import io.tacit.cli.process.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the coordinator in the foreground, as a process of its own, until it ends or is stopped. */
@Command(
    name = "serve",
    description = "Run a coordinator in the foreground. Ctrl-C stops it; its data stays.")
final class ServeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--data-directory",
      paramLabel = "DIR",
      defaultValue = "tacit-data",
      description = "Where plans, rounds and models are kept (default: ./${DEFAULT-VALUE}).")
  private Path dataDirectory;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "8443",
      description = "Port of the REST API (default: ${DEFAULT-VALUE}).")
  private int httpPort;

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      defaultValue = "9000",
      description = "Port that devices call (default: ${DEFAULT-VALUE}).")
  private int grpcPort;

  @Option(
      names = "--java-option",
      paramLabel = "OPTION",
      description = "An option of the coordinator's JVM, e.g. --java-option=-Xmx2g; repeatable.")
  private List<String> javaOptions = List.of();

  @Option(
      names = "--new-admin-token",
      description =
          "Make and print a new admin token; the one before is void. The first start does so by"
              + " itself.")
  private boolean newAdminToken;

  @Option(
      names = "--no-tls",
      description = "Serve unencrypted, to this machine alone; for development.")
  private boolean noTls;

  @Override
  public Integer call() throws IOException, InterruptedException {
    CoordinatorSettings settings = settings();
    try (CoordinatorProcess coordinator = CoordinatorProcess.startInForeground(settings)) {
      if (coordinator.awaitReady()) {
        spec.commandLine()
            .getErr()
            .printf(
                "Coordinator: REST API %s, gRPC port %d, data in %s. Ctrl-C stops it.%n%s%n",
                coordinator.url(),
                coordinator.grpcPort(),
                dataDirectory.toAbsolutePath(),
                noTls
                    ? "Unencrypted, for this machine alone."
                    : "Clients pin " + coordinator.authority() + ".");
      }
      return coordinator.waitFor();
    }
  }

  private CoordinatorSettings settings() throws CoordinatorStartException {
    try {
      CoordinatorSettings settings =
          CoordinatorSettings.of(Installation.current(), dataDirectory)
              .withPorts(httpPort, grpcPort)
              .withJavaOptions(javaOptions);
      if (newAdminToken) {
        settings = settings.withProperty("tacit.people.new-admin-token", "true");
      }
      return noTls ? settings.withoutEncryption() : settings;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
