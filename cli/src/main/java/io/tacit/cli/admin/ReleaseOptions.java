package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.cli.console.Output;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What a release and a rollback have in common. A picocli mixin. Which file a version has is found
 * out on the owner's machine: a coordinator that named the hash could have another model signed.
 */
final class ReleaseOptions {

  @Option(
      names = "--key",
      paramLabel = "KEY",
      required = true,
      description = "Task key to sign with (tacit key create).")
  private Path key;

  @Option(
      names = "--replaces",
      paramLabel = "NUMBER",
      description = {
        "Number of the release that this one replaces, 0 for none; refused if another one is in",
        "force by then. Without it, the one that is in force now."
      })
  private @Nullable Integer replaces;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = {
        "The model file that was examined (tacit model download); refused if the version has",
        "another. Without it, what the coordinator sends now is signed."
      })
  private @Nullable Path file;

  /** Signs, sends and prints the release of a version, in place of the newest. */
  void release(
      CoordinatorApi api, Output output, String plan, int version, ReleaseShare share, int newest)
      throws IOException, RefusedException, InterruptedException {
    TaskKeyPair pair = TaskKeyFile.read(key);
    int before = replaces == null ? newest : replaces;
    if (before < 0 || before == Integer.MAX_VALUE) {
      throw new IOException(
          "The release that is replaced has number %d, must be 0 to %d."
              .formatted(before, Integer.MAX_VALUE - 1));
    }
    if (version < 1) {
      throw new IOException(
          "Version %d is not released: released versions are those that rounds made, from 1."
              .formatted(version));
    }
    ContentHash model = file == null ? download(api, plan, version) : hash(file);
    Release release = Release.sign(new PlanId(plan), before + 1, version, model, share, pair);
    JsonNode taken = api.release(release.toBytes());
    output.print(
        taken,
        "Release %d of plan %s is in force%s: model version %d, hash %s%s."
            .formatted(
                release.number(),
                plan,
                share.isAll() ? "" : " for " + share + " of the devices",
                version,
                model,
                before == 0 ? "" : ", in place of release " + before));
  }

  private static ContentHash download(CoordinatorApi api, String plan, int version)
      throws IOException, RefusedException, InterruptedException {
    Path directory = Files.createTempDirectory("tacit-release");
    Path copy = directory.resolve("model.bin");
    try {
      return api.downloadModel(plan, String.valueOf(version), copy).hash();
    } finally {
      Files.deleteIfExists(copy);
      Files.deleteIfExists(directory);
    }
  }

  private static ContentHash hash(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "Model file " + file + " does not exist or is no file; check the path.");
    }
    return ContentHash.of(Files.readAllBytes(file));
  }
}
