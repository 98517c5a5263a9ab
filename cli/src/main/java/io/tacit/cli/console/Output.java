package io.tacit.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The standard output of a command: text for people, or with {@code --json} one JSON document for
 * programs. A picocli mixin.
 */
public final class Output {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(names = "--json", description = "Print JSON, for programs.")
  private boolean json;

  /** Prints the document if {@code --json} was given, else the text and a line break. */
  public void print(JsonNode document, Object text) {
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      print(out, document);
    } else {
      out.println(text.toString().stripTrailing());
      out.flush();
    }
  }

  /** Whether {@code --json} was given. */
  public boolean isJson() {
    return json;
  }

  /** Prints a JSON document, indented. */
  public static void print(PrintWriter out, JsonNode document) {
    out.println(document.toPrettyString());
    out.flush();
  }
}
