package io.tacit.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.rest.RefusedException;
import io.tacit.cli.rest.UnreachableException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Turns what a command throws into a message and an exit code. With {@code --json} the one document
 * on standard output is then the problem: the coordinator's own, or title and detail.
 */
final class Failures implements IExecutionExceptionHandler {

  static final int FAILED = 1;
  static final int REFUSED = 3;
  static final int UNREACHABLE = 4;
  static final int INTERRUPTED = 130;

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (isEnding()) {
      return INTERRUPTED; // It failed because of that; who pressed Ctrl-C needs no reason.
    }
    boolean json = wantsJson(command.getParseResult());
    if (failure instanceof RefusedException refused) {
      report(command, json, refused.problem().describe(), refused.problem().document());
      return REFUSED;
    }
    if (failure instanceof UnreachableException) {
      String message = String.valueOf(failure.getMessage());
      report(command, json, message, problem("No coordinator answers", message));
      return UNREACHABLE;
    }
    if (failure instanceof IOException) {
      String message = message(failure);
      report(command, json, message, problem("Failed", message));
      return FAILED;
    }
    // Anything else is a bug: picocli prints the stack trace and exits with 1.
    throw failure;
  }

  /** Whether this process is on its way down, by Ctrl-C or another signal. */
  private static boolean isEnding() {
    Thread probe = new Thread(() -> {}, "probe");
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** Whether standard output is JSON; where {@code --json} takes a file, it is not. */
  private static boolean wantsJson(ParseResult parsed) {
    return parsed.hasMatchedOption("--json")
        && parsed.matchedOption("--json").typeInfo().isBoolean();
  }

  /** The JDK names only the file when the operating system refuses one. */
  private static String message(Exception failure) {
    if (failure instanceof FileSystemException refused && refused.getReason() == null) {
      return "%s: %s; check the path and its permissions."
          .formatted(refused.getFile(), refused.getClass().getSimpleName());
    }
    return String.valueOf(failure.getMessage());
  }

  private static void report(
      CommandLine command, boolean json, String message, ObjectNode document) {
    if (json) {
      Output.print(command.getOut(), document);
    } else {
      command.getErr().println(message);
      command.getErr().flush();
    }
  }

  private static ObjectNode problem(String title, String detail) {
    return JsonNodeFactory.instance.objectNode().put("title", title).put("detail", detail);
  }
}
