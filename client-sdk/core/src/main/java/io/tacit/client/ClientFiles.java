package io.tacit.client;

import io.tacit.client.behaviour.Erasure;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.ledger.PrivacyLedger;
import io.tacit.client.recommend.InstallOutcome;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.recommend.Predictor;
import io.tacit.client.recommend.Recommender;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.trust.PlanObjection;
import io.tacit.client.trust.PlanTrust;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a client has on its device, open. For the thread of the device's files alone. */
final class ClientFiles implements Closeable {

  private static final String BEHAVIOUR = "behaviour";
  private static final String PAUSED = "paused";

  /** Whatever a coordinator offers is newer than what an app brings. */
  private static final int BUNDLED_VERSION = 0;

  /** What is not about the person: files whose names begin so stay when a client forgets. */
  private static final List<String> IMPERSONAL =
      List.of("current-", "installed-", "release-", "round-", PAUSED);

  private final DeviceStorage storage;
  private final FileBehaviourStore behaviour;
  private final ModelStore models;
  private PrivacyLedger ledger;
  private Recommender recommender;
  private Optional<String> bundleProblem = Optional.empty();

  private ClientFiles(
      DeviceStorage storage,
      FileBehaviourStore behaviour,
      ModelStore models,
      PrivacyLedger ledger) {
    this.storage = storage;
    this.behaviour = behaviour;
    this.models = models;
    this.ledger = ledger;
    this.recommender = newRecommender();
  }

  /**
   * Opens everything, or nothing.
   *
   * @param reading of the same directory, under way
   * @throws io.tacit.client.storage.InUseException if another client has the directory open
   * @throws IOException if the storage fails
   */
  static ClientFiles open(ClientSettings settings, StateReading reading) throws IOException {
    FileBehaviourStore behaviour =
        FileBehaviourStore.open(
            settings.directory().resolve(BEHAVIOUR), settings.retention(), settings.clock());
    boolean opened = false;
    try {
      StateReading.State state = reading.await();
      ClientFiles files =
          new ClientFiles(
              state.storage(), behaviour, state.models(), PrivacyLedger.open(state.storage()));
      files.installAtFirst(settings);
      opened = true;
      return files;
    } finally {
      if (!opened) {
        behaviour.close();
      }
    }
  }

  private void installAtFirst(ClientSettings settings) throws IOException {
    BundledModel bundle = settings.bundle();
    if (bundle == null || models.use().isPresent()) {
      return;
    }
    bundleProblem = objectionTo(bundle, settings);
    if (bundleProblem.isPresent()) {
      return;
    }
    InstallOutcome outcome =
        models.install(
            bundle.plan(), bundle.catalogue(), bundle.model(), bundle.hash(), BUNDLED_VERSION);
    if (outcome instanceof InstallOutcome.Refused refused) {
      throw new IllegalArgumentException("the bundled model is unusable: " + refused.detail());
    }
  }

  /** Why the plan of a bundle is not trusted; what is no plan at all is refused with the model. */
  private Optional<String> objectionTo(BundledModel bundle, ClientSettings settings)
      throws IOException {
    try {
      return trust(settings).objectionToBundled(bundle.plan()).map(PlanObjection::detail);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the bundled model is unusable: " + e.getMessage(), e);
    }
  }

  /** Which plans the app follows. */
  PlanTrust trust(ClientSettings settings) {
    return new PlanTrust(settings.policy(), new RoundLatch(storage, settings.clock()));
  }

  /** Why the model that the app brings is not used; empty if it is, or is not needed. */
  Optional<String> bundleProblem() {
    return bundleProblem;
  }

  private Recommender newRecommender() {
    return new Recommender(models, behaviour, new StoredUserVectors(storage));
  }

  DeviceStorage storage() {
    return storage;
  }

  FileBehaviourStore behaviour() {
    return behaviour;
  }

  ModelStore models() {
    return models;
  }

  PrivacyLedger ledger() {
    return ledger;
  }

  Recommender recommender() {
    return recommender;
  }

  Predictor predictor() {
    return new Predictor(models, behaviour);
  }

  boolean isPaused() {
    return storage.contains(PAUSED);
  }

  void pause(boolean paused) throws IOException {
    if (paused) {
      storage.write(PAUSED, new byte[0]);
    } else {
      storage.delete(PAUSED);
    }
  }

  /** Deletes all that is about the person, and looks what is left. */
  ForgetReport forget() throws IOException {
    Erasure erasure = behaviour.forget();
    List<String> deleted = new ArrayList<>();
    for (String name : storage.names()) {
      if (IMPERSONAL.stream().noneMatch(name::startsWith)) {
        storage.delete(name);
        deleted.add(name);
      }
    }
    ledger = PrivacyLedger.open(storage);
    // The one before remembers the person in memory.
    recommender = newRecommender();
    return ForgetReport.of(erasure, deleted, storage.names());
  }

  @Override
  public void close() throws IOException {
    behaviour.close();
  }
}
