package io.tacit.cli;

import io.tacit.cli.process.ForegroundOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the coordinator in the foreground, as a process of its own, until it ends or is stopped. */
@Command(
    name = "serve",
    description = "Run a coordinator in the foreground. Ctrl-C stops it; its data stays.")
final class ServeCommand implements Callable<Integer> {

  @Mixin private final ForegroundOptions foreground = new ForegroundOptions();

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

  @Override
  public Integer call() throws IOException, InterruptedException {
    return foreground.run("Coordinator", foreground.settings(dataDirectory, httpPort, grpcPort));
  }
}
