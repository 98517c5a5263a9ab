package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tacit token}: what a device enrols with. */
@Command(
    name = "token",
    description = "Bootstrap tokens, with which devices enrol.",
    subcommands = TokenCommand.Mint.class)
public final class TokenCommand {

  private TokenCommand() {}

  @Command(
      name = "mint",
      description = {
        "Make a token with which one device can enrol, once, and print it.",
        "For trials; the backend of an app makes its own."
      })
  static final class Mint implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Option(
        names = "--population",
        paramLabel = "NAME",
        required = true,
        description = "The population that the device may join.")
    private String population = "";

    @Option(
        names = "--seconds",
        paramLabel = "N",
        defaultValue = "600",
        description = "How long it lives, 1 to 600 (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      JsonNode token = address.api().mintToken(population, seconds);
      output.print(token, Cells.text(token, "token"));
      return 0;
    }
  }
}
