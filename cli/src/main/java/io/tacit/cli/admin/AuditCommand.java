package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.console.Table;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tacit audit}: what people did. */
@Command(
    name = "audit",
    description = "The audit log: what people did, and whether the log of it is whole.",
    subcommands = {AuditCommand.ListAll.class, AuditCommand.Verify.class})
public final class AuditCommand {

  private AuditCommand() {}

  @Command(name = "list", description = "List lines of the audit log, the oldest first.")
  static final class ListAll implements Callable<Integer> {

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Option(
        names = "--after",
        paramLabel = "NUMBER",
        defaultValue = "0",
        description = "Only lines with a higher number (default: ${DEFAULT-VALUE}).")
    private long after;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100",
        description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      JsonNode entries = address.api().audit(after, limit);
      Table table =
          new Table("NUMBER", "AT", "WHO", "BY", "FROM", "ACTION", "OUTCOME", "TARGET", "HASH");
      for (JsonNode entry : entries) {
        table.row(
            Cells.text(entry, "number"),
            Cells.text(entry, "at"),
            Cells.text(entry, "subject"),
            Cells.text(entry, "authentication"),
            Cells.text(entry, "remoteAddress"),
            Cells.text(entry, "action"),
            Cells.text(entry, "outcome"),
            Cells.text(entry, "target"),
            Cells.shortHash(entry, "hash"));
      }
      output.print(entries, table);
      return 0;
    }
  }

  @Command(
      name = "verify",
      description = {
        "Check that no line of the audit log was removed, altered or moved.",
        "Keep the head that it prints, outside of the coordinator, and give it the next time: only"
            + " that finds lines removed from the end. Exits with 1 if the log is not intact."
      })
  static final class Verify implements Callable<Integer> {

    private static final int NOT_INTACT = 1;

    @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
    @Mixin private final Output output = new Output();

    @Option(
        names = "--head",
        paramLabel = "HASH",
        description = "The head that an earlier check printed.")
    private @Nullable String head;

    @Override
    public Integer call() throws IOException, RefusedException, InterruptedException {
      JsonNode found = address.api().auditVerification(head);
      boolean intact = found.path("intact").asBoolean();
      output.print(
          found,
          intact
              ? "The audit log is intact: %s lines, head %s"
                  .formatted(Cells.text(found, "entries"), Cells.text(found, "head"))
              : "The audit log is NOT intact: %s".formatted(Cells.text(found, "reason")));
      return intact ? 0 : NOT_INTACT;
    }
  }
}
