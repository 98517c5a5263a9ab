package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.protocol.plan.ReleaseShare;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit model rollback}: an older version for the devices, under a new number. */
@Command(
    name = "rollback",
    description = {
      "Give devices an older model version than they have: a release of its own, signed too, for",
      "all of them. So is what a share of the devices has taken back.",
      "Training goes on from the newest version all the same."
    })
final class ModelRollback implements Callable<Integer> {

  @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
  @Mixin private final Output output = new Output();
  @Mixin private final ReleaseOptions options = new ReleaseOptions();

  @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
  private String plan;

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description =
          "Number of the version. Without it, the one of the release for all that was before.")
  private @Nullable Integer version;

  @Override
  public Integer call() throws IOException, RefusedException, InterruptedException {
    CoordinatorApi api = address.api();
    JsonNode releases = api.releases(plan, CoordinatorApi.RELEASES_MAX);
    if (releases.isEmpty()) {
      throw new IOException(
          ("Nothing is released of plan %s, so there is nothing to go back from;"
                  + " see tacit model release.")
              .formatted(plan));
    }
    int newest = releases.path(0).path("number").asInt();
    int target = version == null ? versionBefore(releases) : version;
    int present = releases.path(0).path("modelVersion").asInt();
    if (target >= present) {
      throw new IOException(
          ("Version %d is not older than version %d, which release %d gives to devices;"
                  + " name an older one with --to, or use tacit model release.")
              .formatted(target, present, newest));
    }
    options.release(api, output, plan, target, ReleaseShare.ALL, newest);
    return 0;
  }

  /** What all had before the newest release, or have still where that is for a share of them. */
  private int versionBefore(JsonNode releases) throws IOException {
    for (int i = 1; i < releases.size(); i++) {
      if (releases.path(i).path("share").asDouble() == 1) {
        return releases.path(i).path("modelVersion").asInt();
      }
    }
    throw new IOException(
        "Release %d is the only one of plan %s; name an older version with --to."
            .formatted(releases.path(0).path("number").asInt(), plan));
  }
}
