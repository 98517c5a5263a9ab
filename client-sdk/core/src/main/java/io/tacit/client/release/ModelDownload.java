package io.tacit.client.release;

import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.CurrentModel;
import io.tacit.client.recommend.InstallOutcome;
import io.tacit.client.recommend.InstalledVersion;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.release.ModelDownloadOutcome.Reason;
import io.tacit.client.trust.PlanObjection;
import io.tacit.client.trust.PlanTrust;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.model.ModelSpecification;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings the model that the population recommends or predicts with now to this device, whether a
 * round has work for it or not.
 *
 * <p>Guarantee: nothing is installed but what its hashes, its plan and its population say it is,
 * and no older version of what is installed, unless a later release says so; nothing that is
 * released to a share of the devices without this one; where the app pins a task key, nothing but
 * what its holder released. Tells the coordinator the population and no more. Assumes, where no key
 * is pinned: the coordinator that announces the hashes is the app's own. Thread-safe; one thread
 * downloads at a time.
 */
public final class ModelDownload {

  /**
   * What the SDK recommends with and, where the population has nothing of that, predicts with: an
   * app that recommends does not lose its model to a plan over attributes that comes later.
   */
  private static final List<Set<String>> MODEL_KINDS =
      List.of(
          Set.of(ModelSpecification.NeuralCf.KIND, ModelSpecification.TwoTower.KIND),
          Set.of(ModelSpecification.Tabular.KIND));

  /**
   * The version with which a plan begins: its initial parameters. What an app brings is better than
   * that.
   */
  private static final int UNTRAINED = 0;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(20);

  private final ModelDownloadSettings settings;
  private final CoordinatorConnection connection;
  private final ModelStore models;
  private final PlanTrust trust;
  private final ClientId device;

  /**
   * @param settings which model, and how large
   * @param connection to the coordinator; stays open
   * @param models where it is installed
   * @param trust which plans the app follows
   * @param device which this is, as a release may be for some; not sent
   */
  public ModelDownload(
      ModelDownloadSettings settings,
      CoordinatorConnection connection,
      ModelStore models,
      PlanTrust trust,
      ClientId device) {
    this.settings = settings;
    this.connection = connection;
    this.models = models;
    this.trust = trust;
    this.device = device;
  }

  /**
   * Asks for the current model, and fetches and installs what of it is not here. Blocks while it
   * downloads; interrupt the thread to stop it.
   *
   * @throws IOException if the device's own storage fails
   */
  public synchronized ModelDownloadOutcome update() throws IOException {
    try {
      Optional<CurrentModel> offered = offered();
      return offered.isPresent()
          ? update(offered.get())
          : new ModelDownloadOutcome.NothingOffered();
    } catch (RefusedException e) {
      return e.toOutcome();
    } catch (ConnectionException e) {
      return new ModelDownloadOutcome.NoConnection(
          e.reason(), String.valueOf(e.getMessage()), e.retryAfter().orElse(RETRY_AFTER));
    }
  }

  private Optional<CurrentModel> offered() throws ConnectionException {
    for (Set<String> kinds : MODEL_KINDS) {
      for (CurrentModel model : connection.currentModels(settings.population(), kinds)) {
        if (model.plan().equals(settings.plan().orElse(model.plan()))) {
          return Optional.of(model);
        }
      }
    }
    return Optional.empty();
  }

  private ModelDownloadOutcome update(CurrentModel offered)
      throws ConnectionException, IOException, RefusedException {
    requireReleased(offered);
    Optional<InstalledVersion> installed = models.installed();
    if (installed.isPresent()) {
      if (installed.get().equals(versionOf(offered))) {
        return new ModelDownloadOutcome.UpToDate();
      }
      requireNewer(offered, installed.get());
    }
    InstallOutcome outcome = new ModelFetch(settings, connection, models, trust).install(offered);
    if (outcome instanceof InstallOutcome.Refused refused) {
      throw new RefusedException(Reason.UNUSABLE, refused.detail());
    }
    return new ModelDownloadOutcome.Installed(offered.modelHash());
  }

  private void requireReleased(CurrentModel offered) throws IOException, RefusedException {
    Optional<PlanObjection> objection =
        trust.objectionToModel(offered.plan(), offered.release(), device);
    if (objection.isPresent()) {
      Reason reason =
          switch (objection.get().reason()) {
            case UNSIGNED -> Reason.NOT_RELEASED;
            case FOREIGN_KEY, ALTERED -> Reason.RELEASE_UNTRUSTED;
            case EXPIRED, OLDER_THAN_SEEN -> Reason.RELEASE_OLDER;
            case FOR_OTHERS -> Reason.RELEASE_FOR_OTHERS;
          };
      throw new RefusedException(reason, objection.get().detail());
    }
  }

  private static InstalledVersion versionOf(CurrentModel offered) {
    return new InstalledVersion(
        offered.plan(),
        offered.planVersion(),
        offered.planHash(),
        offered.modelVersion(),
        offered.modelHash());
  }

  /** What is released is newer by the number of its release, whatever its version is. */
  private static void requireNewer(CurrentModel offered, InstalledVersion installed)
      throws RefusedException {
    if (offered.plan().equals(installed.plan())
        && (offered.modelVersion() == UNTRAINED
            || (!offered.release().isPresent() && offered.modelVersion() < installed.modelVersion())
            || offered.planVersion() < installed.planVersion())) {
      throw new RefusedException(
          Reason.OLDER_VERSION,
          "plan "
              + offered.plan()
              + " version "
              + offered.planVersion()
              + " is offered with model version "
              + offered.modelVersion()
              + ", this device has plan version "
              + installed.planVersion()
              + " with model version "
              + installed.modelVersion()
              + " and keeps it; ask again later, or recommend with another plan");
    }
  }
}
