package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tacit model propose}: a version for its owner to release. */
@Command(
    name = "propose",
    description = {
      "Propose a version for release; refused, with figures, if it is worse than the released one"
          + " by more than the bound, or may be.",
      "It gives nothing to devices: that is for its owner, with tacit model release."
    })
final class ModelPropose implements Callable<Integer> {

  @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
  @Mixin private final Output output = new Output();

  @Parameters(index = "0", paramLabel = "PLAN", description = "Id of the plan.")
  private String plan;

  @Parameters(index = "1", paramLabel = "VERSION", description = "Number of the version.")
  private int version;

  @Override
  public Integer call() throws IOException, RefusedException, InterruptedException {
    JsonNode proposed = address.api().propose(plan, version);
    output.print(
        proposed,
        String.format(
            Locale.ROOT,
            "Version %d of plan %s is proposed: %+.4f against the released version, standard error"
                + " %.4f, by %d devices. To release it: tacit model release %s %d --key KEY.",
            version,
            plan,
            proposed.path("difference").asDouble(),
            proposed.path("standardError").asDouble(),
            proposed.path("devices").asLong(),
            plan,
            version));
    return 0;
  }
}
