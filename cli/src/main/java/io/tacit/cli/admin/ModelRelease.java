package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tacit model release}: a version for the devices. */
@Command(
    name = "release",
    description = "Give a model version to devices: sign it with the task key and put it in force.")
final class ModelRelease implements Callable<Integer> {

  @Mixin private final CoordinatorAddress address = new CoordinatorAddress();
  @Mixin private final Output output = new Output();
  @Mixin private final ReleaseOptions options = new ReleaseOptions();

  @Parameters(index = "0", paramLabel = "PLAN", description = "Id of the plan.")
  private String plan;

  @Parameters(
      index = "1",
      paramLabel = "VERSION",
      defaultValue = "latest",
      description = "Number of the version, or latest (the default).")
  private String version;

  @Override
  public Integer call() throws IOException, RefusedException, InterruptedException {
    CoordinatorApi api = address.api();
    JsonNode inForce = api.releases(plan, 1).path(0);
    int released = api.model(plan, version).path("version").asInt();
    if (released < inForce.path("modelVersion").asInt()) {
      throw new IOException(
          ("Version %d is older than version %d, which release %d gives to devices;"
                  + " to go back, use tacit model rollback --to %d.")
              .formatted(
                  released,
                  inForce.path("modelVersion").asInt(),
                  inForce.path("number").asInt(),
                  released));
    }
    options.release(api, output, plan, released, inForce.path("number").asInt());
    return 0;
  }
}
