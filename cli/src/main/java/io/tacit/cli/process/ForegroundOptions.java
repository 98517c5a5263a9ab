package io.tacit.cli.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What commands have in common that run the service in the foreground until it is stopped. */
public final class ForegroundOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--java-option",
      paramLabel = "OPTION",
      description = "An option of the service's JVM, e.g. --java-option=-Xmx2g; repeatable.")
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

  /**
   * The settings that these options and ports make.
   *
   * @throws ParameterException if a port is out of range, or both are the same
   * @throws CoordinatorStartException if the command was not started by the {@code tacit} script
   */
  public CoordinatorSettings settings(Path dataDirectory, int httpPort, int grpcPort)
      throws CoordinatorStartException {
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
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Runs it, says where it is when it serves, and waits for its end.
   *
   * @param what it is, as the first word of a sentence
   * @return its exit code
   */
  public int run(String what, CoordinatorSettings settings)
      throws IOException, InterruptedException {
    try (CoordinatorProcess service = CoordinatorProcess.startInForeground(settings)) {
      if (service.awaitReady()) {
        command
            .commandLine()
            .getErr()
            .printf(
                "%s: REST API %s, gRPC port %d, data in %s. Ctrl-C stops it.%n%s%n",
                what,
                service.url(),
                service.grpcPort(),
                settings.dataDirectory().toAbsolutePath(),
                noTls
                    ? "Unencrypted, for this machine alone."
                    : "Clients pin " + service.authority() + ".");
      }
      return service.waitFor();
    }
  }
}
