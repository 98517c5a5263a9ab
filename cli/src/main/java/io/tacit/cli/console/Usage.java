package io.tacit.cli.console;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Options that do not fit each other, or the data, are wrong usage and no failure. */
public final class Usage {

  private Usage() {}

  /**
   * What a supplier makes of a command's options.
   *
   * @throws ParameterException with the message of the {@link IllegalArgumentException} that the
   *     supplier throws
   */
  public static <T> T checked(CommandSpec command, Supplier<T> supplier) {
    try {
      return supplier.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
