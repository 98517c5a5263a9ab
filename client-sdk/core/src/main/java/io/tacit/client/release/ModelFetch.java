package io.tacit.client.release;

import io.tacit.client.connection.ArtifactFetcher;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.CurrentModel;
import io.tacit.client.recommend.InstallOutcome;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.release.ModelDownloadOutcome.Reason;
import io.tacit.client.trust.PlanObjection;
import io.tacit.client.trust.PlanTrust;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the files of one offered model, from this device where it has them, and installs them.
 * Used once.
 */
final class ModelFetch {

  /** How often one file is taken up again after its download broke off. */
  private static final int RESUMPTIONS_MAX = 32;

  private final ModelDownloadSettings settings;
  private final CoordinatorConnection connection;
  private final ModelStore models;
  private final PlanTrust trust;
  private final long endNanos;

  ModelFetch(
      ModelDownloadSettings settings,
      CoordinatorConnection connection,
      ModelStore models,
      PlanTrust trust) {
    this.settings = settings;
    this.connection = connection;
    this.models = models;
    this.trust = trust;
    this.endNanos = System.nanoTime() + settings.within().toNanos();
  }

  InstallOutcome install(CurrentModel offered)
      throws ConnectionException, IOException, RefusedException {
    byte[] planBytes = fetch("plan", offered.planHash(), WireLimits.PLAN_BYTES_MAX);
    PlanArtifact artifact = decode(planBytes);
    TrainingPlan plan = artifact.plan();
    requireAnnounced(plan, offered);
    requireTrusted(artifact);
    long modelBytes = ModelParameters.fileBytes(plan.parameters());
    if (modelBytes > settings.modelBytesMax()) {
      throw new RefusedException(
          Reason.TOO_LARGE,
          "the model of plan "
              + plan.id()
              + " has "
              + modelBytes
              + " bytes, this app takes at most "
              + settings.modelBytesMax());
    }
    byte @Nullable [] catalogue =
        plan.features() instanceof FeatureSchema.Items items
            ? fetch("catalogue", items.catalogueHash(), settings.catalogueBytesMax())
            : null;
    byte[] model = fetch("model", offered.modelHash(), (int) modelBytes);
    return models.install(planBytes, catalogue, model, offered.modelHash(), offered.modelVersion());
  }

  private void requireTrusted(PlanArtifact artifact) throws IOException, RefusedException {
    Optional<PlanObjection> objection = trust.objectionTo(artifact);
    if (objection.isPresent()) {
      Reason reason =
          switch (objection.get().reason()) {
            // A plan is for all devices.
            case UNSIGNED, FOREIGN_KEY, ALTERED, FOR_OTHERS -> Reason.PLAN_UNTRUSTED;
            case EXPIRED -> Reason.PLAN_EXPIRED;
            case OLDER_THAN_SEEN -> Reason.PLAN_OLDER;
          };
      throw new RefusedException(reason, objection.get().detail());
    }
  }

  private static PlanArtifact decode(byte[] plan) throws RefusedException {
    try {
      return PlanArtifact.fromBytes(plan);
    } catch (IllegalArgumentException e) {
      if (e instanceof InvalidPlanException invalid && invalid.isNewer()) {
        throw new RefusedException(Reason.PLAN_TOO_NEW, invalid.finding());
      }
      throw new RefusedException(Reason.UNUSABLE, "the plan is unusable: " + e.getMessage());
    }
  }

  private void requireAnnounced(TrainingPlan plan, CurrentModel offered) throws RefusedException {
    if (!plan.id().equals(offered.plan()) || plan.version() != offered.planVersion()) {
      throw new RefusedException(
          Reason.FOREIGN_PLAN,
          "plan is "
              + plan.id()
              + " version "
              + plan.version()
              + ", announced was "
              + offered.plan()
              + " version "
              + offered.planVersion());
    }
    if (!plan.population().equals(settings.population())) {
      throw new RefusedException(
          Reason.FOREIGN_PLAN,
          "plan "
              + plan.id()
              + " is for population "
              + plan.population()
              + ", this app is in "
              + settings.population());
    }
  }

  private byte[] fetch(String what, ContentHash hash, int bytesMax)
      throws ConnectionException, IOException, RefusedException {
    Optional<byte[]> file = models.artifact(hash);
    if (!file.isPresent()) {
      file = download(what, hash, bytesMax);
    }
    if (!file.isPresent()) {
      throw new RefusedException(
          Reason.MISSING, "the coordinator has no " + what + " " + hash + "; ask again later");
    }
    return file.get();
  }

  private Optional<byte[]> download(String what, ContentHash hash, int bytesMax)
      throws ConnectionException, RefusedException {
    try {
      return resuming(new ArtifactFetcher(connection, hash, bytesMax));
    } catch (ConnectionException e) {
      if (e.reason() == ConnectionException.Reason.WRONG_HASH) {
        throw new RefusedException(Reason.WRONG_HASH, what + ": " + e.getMessage());
      }
      if (e.reason() == ConnectionException.Reason.TOO_LARGE) {
        throw new RefusedException(Reason.TOO_LARGE, what + ": " + e.getMessage());
      }
      throw e;
    }
  }

  /**
   * Fetches, and goes on at once where a download broke off as long as each try brought something:
   * a coordinator that is away is not called in a loop, and a bad network gets through.
   */
  private Optional<byte[]> resuming(ArtifactFetcher fetcher) throws ConnectionException {
    for (int resumptions = 0; ; resumptions++) {
      int before = fetcher.bytesReceived();
      try {
        return fetcher.fetch(remaining());
      } catch (ConnectionException e) {
        boolean brokeOff =
            e.reason() == ConnectionException.Reason.UNAVAILABLE
                && fetcher.bytesReceived() > before;
        if (!brokeOff || resumptions == RESUMPTIONS_MAX) {
          throw e;
        }
      }
    }
  }

  private Duration remaining() {
    return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }
}
