package io.tacit.client;

import io.tacit.client.behaviour.Erasure;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.IntegrityReport;
import io.tacit.client.ledger.PrivacyLedger;
import io.tacit.client.recommend.InstallOutcome;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.recommend.Predictor;
import io.tacit.client.recommend.Recommender;
import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.storage.Vault;
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
  static final List<String> IMPERSONAL =
      List.of("current-", "installed-", "release-", "round-", PAUSED);

  private final Optional<Vault> vault;
  private final DeviceStorage storage;
  private final FileBehaviourStore behaviour;
  private final ModelStore models;
  private final List<String> findings;
  private PrivacyLedger ledger;
  private Recommender recommender;
  private Optional<String> bundleProblem = Optional.empty();

  private ClientFiles(Optional<Vault> vault, FileBehaviourStore behaviour, StateReading.State state)
      throws IOException {
    this.vault = vault;
    this.storage = state.storage();
    this.behaviour = behaviour;
    this.models = state.models().store();
    this.findings = findings(state.models(), behaviour.foundAtOpening());
    this.ledger = PrivacyLedger.open(storage);
    this.recommender = newRecommender();
  }

  /**
   * Opens everything, or nothing.
   *
   * @param reading of the same directory, under way
   * @throws io.tacit.client.storage.InUseException if another client has the directory open
   * @throws io.tacit.client.storage.CorruptFileException if keys and files do not belong together,
   *     or a file is not as it was left and can not be done without
   * @throws IOException if the storage fails
   */
  static ClientFiles open(ClientSettings settings, StateReading reading) throws IOException {
    Optional<Vault> vault = reading.vault();
    boolean opened = false;
    try {
      ClientFiles files = open(settings, vault, reading);
      opened = true;
      return files;
    } finally {
      if (!opened && vault.isPresent()) {
        vault.get().close();
      }
    }
  }

  private static ClientFiles open(
      ClientSettings settings, Optional<Vault> vault, StateReading reading) throws IOException {
    FileBehaviourStore behaviour = openBehaviour(settings, vault);
    boolean opened = false;
    try {
      if (vault.isPresent()) {
        // To decrypt them takes about as long as the model does, which is read meanwhile.
        behaviour.events();
      }
      ClientFiles files = new ClientFiles(vault, behaviour, reading.await());
      files.installAtFirst(settings);
      opened = true;
      return files;
    } finally {
      if (!opened) {
        behaviour.close();
      }
    }
  }

  private static FileBehaviourStore openBehaviour(ClientSettings settings, Optional<Vault> vault)
      throws IOException {
    return vault.isPresent()
        ? FileBehaviourStore.open(vault.get(), BEHAVIOUR, settings.retention(), settings.clock())
        : FileBehaviourStore.open(
            settings.directory().resolve(BEHAVIOUR), settings.retention(), settings.clock());
  }

  private static List<String> findings(ModelStore.Opened models, IntegrityReport behaviour) {
    List<String> findings = new ArrayList<>();
    if (models.modelDamage().isPresent()) {
      findings.add("The model was removed and is fetched again: " + models.modelDamage().get());
    }
    if (models.itemsDamage().isPresent()) {
      findings.add("The item file was removed, give it again: " + models.itemsDamage().get());
    }
    addTo(findings, behaviour);
    return findings;
  }

  private static void addTo(List<String> findings, IntegrityReport behaviour) {
    if (!behaviour.isIntact()) {
      findings.add("Some events can not be read, the others are used: " + behaviour);
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

  /** What was found wrong with the files until now, a sentence for each. */
  List<String> findings() {
    if (!behaviour.foundAtOpening().isIntact() || behaviour.foundInWindow().isIntact()) {
      return findings;
    }
    List<String> all = new ArrayList<>(findings);
    addTo(all, behaviour.foundInWindow());
    return all;
  }

  boolean isPaused() throws IOException {
    try {
      return storage.read(PAUSED, 0).isPresent();
    } catch (CorruptFileException e) {
      // Somebody paused it: that does not end by a damaged file.
      return true;
    }
  }

  void pause(boolean paused) throws IOException {
    if (paused) {
      storage.write(PAUSED, new byte[0]);
    } else {
      storage.delete(PAUSED);
    }
  }

  /** Destroys the person's key, deletes all that is about the person, and looks what is left. */
  ForgetReport forget() throws IOException {
    boolean unreadable = !vault.isPresent() || forgetKey(vault.get());
    Erasure erasure = behaviour.forget();
    List<String> deleted = new ArrayList<>();
    for (String name : storage.names()) {
      if (IMPERSONAL.stream().noneMatch(name::startsWith)) {
        storage.delete(name);
        deleted.add(name);
      }
    }
    if (!unreadable) {
      vault.get().forget();
    }
    ledger = PrivacyLedger.open(storage);
    // The one before remembers the person in memory.
    recommender = newRecommender();
    return ForgetReport.of(erasure, deleted, List.copyOf(storage.names()));
  }

  /** Whether there was room for the new key; if not, there will be when files are deleted. */
  private static boolean forgetKey(Vault vault) {
    try {
      vault.forget();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      behaviour.close();
    } finally {
      if (vault.isPresent()) {
        vault.get().close();
      }
    }
  }
}
