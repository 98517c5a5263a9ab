package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.protocol.plan.ReleaseShare;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tacit model release}: a version for the devices, or a share of them. */
@Command(
    name = "release",
    description = {
      "Give a model version to devices: sign it with the task key and put it in force.",
      "To some of them first: with --share, and then again with a larger share or without."
    })
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

  @Option(
      names = "--share",
      paramLabel = "SHARE",
      defaultValue = "1",
      description = {
        "Share of the devices that get it, above 0 to 1 (the default) in steps of 0.0001. The",
        "others keep what was released for all; a larger share has the devices of a smaller one."
      })
  private BigDecimal share;

  @Override
  public Integer call() throws IOException, RefusedException, InterruptedException {
    ReleaseShare devices = devices();
    CoordinatorApi api = address.api();
    JsonNode newest = api.releases(plan, 1).path(0);
    int released = api.model(plan, version).path("version").asInt();
    if (released < newest.path("modelVersion").asInt()) {
      throw new IOException(
          ("Version %d is older than version %d, which release %d gives to devices;"
                  + " to go back, use tacit model rollback --to %d.")
              .formatted(
                  released,
                  newest.path("modelVersion").asInt(),
                  newest.path("number").asInt(),
                  released));
    }
    options.release(api, output, plan, released, devices, newest.path("number").asInt());
    return 0;
  }

  private ReleaseShare devices() throws IOException {
    BigDecimal parts = share.multiply(BigDecimal.valueOf(ReleaseShare.PARTS));
    boolean isStep = parts.stripTrailingZeros().scale() <= 0;
    if (!isStep
        || parts.signum() <= 0
        || parts.compareTo(BigDecimal.valueOf(ReleaseShare.PARTS)) > 0) {
      throw new IOException(
          "The share is %s, must be above 0 to 1 in steps of 0.0001; 1 gives it to all devices."
              .formatted(share));
    }
    return new ReleaseShare(parts.intValueExact());
  }
}
